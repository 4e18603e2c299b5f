"""The pages of this room. What is named by words stands before what is named by a month."""

from typing import Final

from console.billing import measures_page, pointers_page
from console.billing.tabs import MEASURERS, WORKERS
from console.routing import Door, Route

MONTH: Final = "/billing/{month}"

PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path="/audit/measures", handler=measures_page.page,
          about="Measures that auditors compute.", door=Door.PAGE, roles=MEASURERS),
    Route(method="GET", path=f"{MONTH}/pointers", handler=pointers_page.page,
          about="What auditors would point at.", door=Door.PAGE, roles=WORKERS),
)  # fmt: skip
