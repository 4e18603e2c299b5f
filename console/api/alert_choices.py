"""What somebody who resolves an alert chooses from, as value and words."""

from typing import Final

from alerts.life.alert import Outcome
from billing.words import Mode

OUTCOMES: Final = tuple(
    (str(each), str(each).replace("_", " ").capitalize())
    for each in Outcome
    if each is not Outcome.AUTO_CLEARED
)
MODES: Final = (
    (str(Mode.NONE), "No live contact"),
    (str(Mode.LIVE_PHONE), "By phone"),
    (str(Mode.LIVE_VIDEO), "By video"),
    (str(Mode.IN_PERSON), "In person"),
)
