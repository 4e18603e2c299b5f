"""The routes of the queue that several alerts, or a whole row, are meant by."""

from typing import Final

from console.access import REGISTRARS
from console.api import alert_bulk, looking
from console.routing import API, Route

QUEUE_ROUTES: Final[tuple[Route, ...]] = (
    Route(method="POST", path=f"{API}/alerts/bulk", handler=alert_bulk.bulk,
          about="Do the same to several alerts; each is answered by itself.", roles=REGISTRARS,
          body=alert_bulk.BulkBody, body_bytes_max=alert_bulk.BYTES_MAX,
          answer=alert_bulk.BulkAnswer),
    Route(method="POST", path=f"{API}/queue/looking", handler=looking.look,
          about="Say that you look at a row of the queue, or left it; it ends by itself.",
          roles=REGISTRARS, body=looking.LookingBody, answer=looking.LookingAnswer, polled=True),
)  # fmt: skip
