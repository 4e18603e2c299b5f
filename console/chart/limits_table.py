"""The pages of a patient's limits."""

from typing import Final

from console.access import READERS, REGISTRARS
from console.chart import limits_page
from console.routing import Door, Route

LIMITS: Final = "/patients/{id}/limits"

LIMITS_PAGES: Final[tuple[Route, ...]] = (
    Route(method="GET", path=LIMITS, handler=limits_page.limits, about="A patient's limits.",
          door=Door.PAGE, roles=READERS),
    Route(method="POST", path=f"{LIMITS}/try", handler=limits_page.try_out,
          about="Try limits on the patient's past.", door=Door.PAGE, roles=REGISTRARS,
          by_itself=True),
    Route(method="POST", path=LIMITS, handler=limits_page.save, about="Save limits.",
          door=Door.PAGE, roles=REGISTRARS),
    Route(method="POST", path=f"{LIMITS}/withdraw", handler=limits_page.withdraw,
          about="Withdraw limits that have not begun.", door=Door.PAGE, roles=REGISTRARS),
)  # fmt: skip
