"""What befalls the people of a clinic, told in data: who has which story, and when."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Tale(StrEnum):
    """What happens; `Story.size` is in the unit that is named."""

    MEDICATION = "medication"  # From the day on, pressure falls by size mmHg over ten days.
    UNCONTROLLED = "uncontrolled"  # Pressure is higher by size mmHg for the length.
    SODIUM = "sodium"  # A weekend of salt: size mmHg more, and half a kilogram.
    WATER = "water"  # Heart failure: size kg of water gained in the length, then treated.
    CRISIS = "crisis"  # A pressure of size mmHg, and again two minutes later.
    STARTLED = "startled"  # A pressure of size mmHg once; good when measured again.
    FAINT = "faint"  # A pressure of size mmHg, too low, twice.
    IRREGULAR = "irregular"  # The cuff flags an irregular pulse for the length.
    LOW_NIGHT = "low_night"  # Glucose of size mg/dL at three in the morning, and again after juice.
    HIGH_SUGAR = "high_sugar"  # Glucose is higher by size mg/dL for the length.
    HI = "hi"  # The meter says HI.
    LO = "lo"  # The meter says LO, and a number after juice.
    CONTROL = "control"  # Control solution, as every month.
    DIP = "dip"  # Saturation is lower by size points for the length.
    FEVER = "fever"  # Size degrees more for the length.
    TRAVEL = "travel"  # Nothing is measured for the length.
    STOPPED = "stopped"  # Nothing is measured from the day on.
    STRANGER = "stranger"  # Somebody else of size kg stands on the scale.
    CLOCK = "clock"  # The cuff's clock is wrong by size seconds for the length.
    BATTERY = "battery"  # A device's battery falls to size per cent.
    HUB_BATTERY = "hub_battery"  # The hub runs on its own battery.
    HUB_OFFLINE = "hub_offline"  # The hub is silent from the day on.
    NEIGHBOUR = "neighbour"  # The hub hears a cuff that nobody has entered.
    MOVED = "moved"  # The arm moved, and the number cannot be.
    GARBLED = "garbled"  # A message of the hub that cannot be read.


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Something that happens to somebody."""

    tale: Tale
    day: int
    """From the anchor; negative before it."""
    length: int = 1
    size: float = 0.0
    minutes: int | None = None
    """So many minutes before the anchor itself: on day 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a place in the cast brings with it; what is left out is chosen by the seed."""

    programme: str
    stories: tuple[Story, ...] = ()
    adherence: str = ""
    since: int = 0
    """Days before the anchor of the first measurement."""
    stands: str = "handled"
    lately: int = 0
    sex: str = ""
    age: int = 0


def _s(
    tale: Tale, day: int, length: int = 1, size: float = 0.0, minutes: int | None = None
) -> Story:
    return Story(tale=tale, day=day, length=length, size=size, minutes=minutes)


_HT, _HF, _DM = "hypertension-us", "heart-failure", "diabetes-type-2"
_COPD, _PREG, _HOME = "copd", "pregnancy", "post-discharge-30"

FEATURED: Final = (
    Role(
        programme=_HT, adherence="steady", stands="open", lately=1, age=67, sex="female",
        stories=(
            _s(Tale.UNCONTROLLED, -205, 62, 19), _s(Tale.MEDICATION, -142, 10, 2),
            _s(Tale.SODIUM, -75, 2, 9), _s(Tale.CRISIS, 0, 1, 189, minutes=8),
        ),
    ),
    Role(
        programme=_HF, adherence="steady", stands="open", lately=4, age=78, sex="male",
        stories=(
            _s(Tale.WATER, -49, 7, 3.2), _s(Tale.SODIUM, -103, 2, 7), _s(Tale.WATER, -6, 6, 3.4),
        ),
    ),
    Role(
        programme=_DM, adherence="most", stands="open", lately=1, age=59,
        stories=(
            _s(Tale.LOW_NIGHT, -96, 1, 61), _s(Tale.LOW_NIGHT, -31, 1, 50),
            _s(Tale.CONTROL, -62), _s(Tale.CONTROL, -32), _s(Tale.CONTROL, -2),
            _s(Tale.HIGH_SUGAR, -2, 3, 70), _s(Tale.HI, 0, 1, 0, minutes=260),
        ),
    ),
    Role(
        programme=_COPD, adherence="steady", stands="acknowledged", lately=1, age=73, sex="male",
        stories=(
            _s(Tale.DIP, -120, 3, 7), _s(Tale.FEVER, -120, 3, 1.7), _s(Tale.DIP, -38, 2, 7),
            _s(Tale.DIP, 0, 1, 10, minutes=34),
        ),
    ),
    Role(
        programme=_PREG, adherence="steady", since=96, stands="claimed", lately=1,
        stories=(_s(Tale.UNCONTROLLED, -9, 20, 17), _s(Tale.CRISIS, 0, 1, 147, minutes=48)),
    ),
    Role(
        programme=_HT, adherence="most", stands="snoozed", lately=16, age=71,
        stories=(
            _s(Tale.UNCONTROLLED, -230, 60, 16), _s(Tale.MEDICATION, -169, 10, 1),
            _s(Tale.TRAVEL, -92, 9), _s(Tale.UNCONTROLLED, -15, 30, 16),
        ),
    ),
    Role(
        programme=_HF, adherence="most", stands="open", lately=5, age=84, sex="female",
        stories=(
            _s(Tale.IRREGULAR, -130, 3), _s(Tale.FAINT, -58, 1, 86), _s(Tale.IRREGULAR, -3, 6),
        ),
    ),
    Role(
        programme=_HOME, adherence="steady", since=12, stands="open", lately=2, age=66,
        stories=(_s(Tale.FEVER, -1, 3, 1.8),),
    ),
    Role(
        programme=_DM, adherence="steady", age=52,
        stories=(
            _s(Tale.HIGH_SUGAR, -160, 20, 45), _s(Tale.LO, -71), _s(Tale.CONTROL, -45),
            _s(Tale.BATTERY, -30, 30, 12),
        ),
    ),
    Role(
        programme=_HF, adherence="steady", age=76, sex="female",
        stories=(
            _s(Tale.STRANGER, -66, 1, 93.4), _s(Tale.STRANGER, -1, 1, 94.1),
            _s(Tale.WATER, -150, 6, 2.9),
        ),
    ),
    Role(
        programme=_HT, adherence="most", age=69,
        stories=(_s(Tale.CRISIS, -84, 1, 186), _s(Tale.HUB_OFFLINE, -3)),
    ),
    Role(
        programme=_HT, adherence="steady", age=58,
        stories=(_s(Tale.SODIUM, -110, 2, 10), _s(Tale.STOPPED, -9)),
    ),
    Role(
        programme=_HT, adherence="steady", age=81,
        stories=(
            _s(Tale.STARTLED, -140, 1, 185), _s(Tale.FAINT, -23, 1, 84),
            _s(Tale.CLOCK, -11, 40, -5 * 365.25 * 86_400),
        ),
    ),
    Role(
        programme=_HT, adherence="thirteen", age=63,
        stories=(_s(Tale.UNCONTROLLED, -64, 30, 21), _s(Tale.MEDICATION, -33, 10, 6)),
    ),
    Role(
        programme=_COPD, adherence="most", age=79, sex="female",
        stories=(
            _s(Tale.DIP, -88, 2, 6), _s(Tale.HUB_BATTERY, 0, 30), _s(Tale.FEVER, -52, 2, 1.5),
        ),
    ),
    Role(
        programme=_DM, adherence="thirteen", age=61,
        stories=(_s(Tale.HIGH_SUGAR, -90, 45, 60), _s(Tale.LOW_NIGHT, -12, 1, 64)),
    ),
    Role(
        programme=_HT, adherence="steady", age=55,
        stories=(
            _s(Tale.NEIGHBOUR, -2), _s(Tale.MOVED, -1), _s(Tale.SODIUM, -40, 2, 8),
            _s(Tale.GARBLED, -1),
        ),
    ),
    Role(
        programme=_HF, adherence="thirteen", age=88,
        stories=(_s(Tale.WATER, -96, 7, 3.0), _s(Tale.TRAVEL, -30, 6)),
    ),
)  # fmt: skip
"""The order is that of interest: a clinic of few has the first of them."""

ORDINARY: Final = (
    Role(programme=_HT, stories=(_s(Tale.STARTLED, -71, 1, 183), _s(Tale.SODIUM, -19, 2, 9))),
    Role(programme=_DM, stories=(_s(Tale.LOW_NIGHT, -47, 1, 58), _s(Tale.CONTROL, -20))),
    Role(
        programme=_HT,
        stories=(_s(Tale.UNCONTROLLED, -120, 40, 18), _s(Tale.MEDICATION, -81, 10, 3)),
    ),
    Role(programme=_HF, stories=(_s(Tale.WATER, -77, 6, 2.8),)),
    Role(programme=_COPD, stories=(_s(Tale.DIP, -64, 2, 6),)),
    Role(programme=_HT, adherence="thirteen", stories=(_s(Tale.TRAVEL, -55, 12),)),
    Role(programme=_DM, stories=(_s(Tale.HIGH_SUGAR, -58, 9, 95), _s(Tale.TRAVEL, -101, 7))),
    Role(programme=_HT, stories=(_s(Tale.IRREGULAR, -34, 3), _s(Tale.SODIUM, -145, 2, 8))),
    Role(programme=_PREG, since=74, stories=(_s(Tale.STARTLED, -16, 1, 144),)),
    Role(
        programme=_HF, adherence="most",
        stories=(_s(Tale.FAINT, -29, 1, 87), _s(Tale.STRANGER, -52, 1, 61.2)),
    ),
    Role(programme=_HT, stories=(_s(Tale.CRISIS, -27, 1, 184),)),
)  # fmt: skip
"""Those after them, in turns."""
