"""The pages of this room. What is named by words stands before what is named by a month."""

from typing import Final

from console.billing import (
    adjust_page,
    close_page,
    line_page,
    measures_page,
    month_page,
    months_page,
    patient_page,
    pointers_page,
)
from console.billing.tabs import APPROVERS, LOOKERS, MEASURERS, RUNNERS, WORKERS
from console.routing import Door, Route

LINE: Final = "/billing/lines/{id}"
MONTH: Final = "/billing/{month}"
ADJUSTMENT: Final = f"{MONTH}/adjustments/{{adjustment}}"

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/billing", handler=months_page.page, about="Months to bill.",
          door=Door.PAGE, roles=LOOKERS),
    Route(method="GET", path=LINE, handler=line_page.page,
          about="A line of a claim, with its history.", door=Door.PAGE, roles=LOOKERS),
    Route(method="POST", path=f"{LINE}/{{doing}}", handler=line_page.act,
          about="Approve, hold, release or answer a line.", door=Door.PAGE, roles=APPROVERS),
    Route(method="GET", path=MONTH, handler=month_page.page, about="One month to bill.",
          door=Door.PAGE, roles=LOOKERS),
    Route(method="POST", path=f"{MONTH}/search", handler=month_page.search,
          about="Look for somebody in a month.", door=Door.PAGE, roles=LOOKERS),
    Route(method="POST", path=f"{MONTH}/approve", handler=month_page.approve_all,
          about="Approve lines of a month.", door=Door.PAGE, roles=APPROVERS),
    Route(method="GET", path=f"{MONTH}/pointers", handler=pointers_page.page,
          about="What auditors would point at.", door=Door.PAGE, roles=WORKERS),
    Route(method="GET", path=f"{MONTH}/patients/{{id}}", handler=patient_page.page,
          about="A patient's month, with what it rests on.", door=Door.PAGE, roles=LOOKERS),
    Route(method="GET", path=f"{MONTH}/close", handler=close_page.page, about="Close a month.",
          door=Door.PAGE, roles=RUNNERS),
    Route(method="POST", path=f"{MONTH}/close", handler=close_page.send, about="Close a month.",
          door=Door.PAGE, roles=RUNNERS),
    Route(method="GET", path=f"{MONTH}/adjustments", handler=adjust_page.page,
          about="Adjustments of a locked month.", door=Door.PAGE, roles=LOOKERS),
    Route(method="POST", path=ADJUSTMENT, handler=adjust_page.send,
          about="Decide about an adjustment.", door=Door.PAGE, roles=RUNNERS),
    Route(method="GET", path="/audit/measures", handler=measures_page.page,
          about="Measures that auditors compute.", door=Door.PAGE, roles=MEASURERS),
)  # fmt: skip
