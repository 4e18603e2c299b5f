"""The routes of what leaves the house: exports of a month, and the evidence for a line."""

from typing import Final

from billing.exports.evidence import Evidence
from billing.exports.ledger import Exported
from console.api import billing_exports
from console.billing_access import EXPORT_READERS, LOOKERS, RUNNERS
from console.evaluating import Evaluating, all_in_time, as_json
from console.purposes import PURPOSE
from console.routing import API, Route

MONTH: Final = f"{API}/billing/months/{{month}}/exports"

_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=MONTH, handler=billing_exports.list_all,
          about="Exports of a month, the latest first.", roles=EXPORT_READERS,
          answer=billing_exports.ExportList),
    Route(method="POST", path=MONTH, handler=billing_exports.add,
          about="Make an export; answered when it is made.", roles=RUNNERS,
          body=billing_exports.NewExport, answer=Exported, status=201, by_itself=True),
    Route(method="GET", path=f"{MONTH}/{{id}}", handler=billing_exports.get_one,
          about="One export with its manifest.", roles=EXPORT_READERS, answer=Exported),
    Route(method="GET", path=f"{MONTH}/{{id}}/file", handler=billing_exports.get_file,
          about="The file itself: a workbook, or a ZIP.", roles=EXPORT_READERS),
    Route(method="GET", path=f"{API}/billing/lines/{{id}}/evidence",
          handler=billing_exports.get_evidence, about="Why one line stands.",
          roles=LOOKERS, parameters=(PURPOSE,), answer=Evidence, later=Evaluating),
)  # fmt: skip
BILLING_EXPORT_ROUTES: Final = all_in_time(_ROUTES, as_json)
