"""What the types of a Reading can't say: the last rules before a reading counts as read."""

from typing import Final, NamedTuple

from vitals.kinds import PANELS
from vitals.reading import Reading
from wire.messages import EARLIEST_YEAR, LATEST_YEAR

MOST_CONTEXT: Final = 32
METRICS_OF: Final = {
    kind: frozenset(metric.name for metric in panel.metrics) for kind, panel in PANELS.items()
}

fromhex: Final = bytes.fromhex


class Fault(NamedTuple):
    """Where in the message, and what, in plain words without the values."""

    pointer: str
    error: str


def fault(reading: Reading) -> Fault | None:  # noqa: PLR0911 (a list of rules, on the hot path)
    """The first rule that the reading breaks, its pointer relative to the reading."""
    allowed, values = METRICS_OF[reading.kind], reading.values
    if not allowed.issuperset(values):
        return _foreign("/values", reading, sorted(set(values) - allowed))
    if reading.special and not allowed.issuperset(reading.special):
        return _foreign("/special", reading, sorted(set(reading.special) - allowed))
    if not EARLIEST_YEAR <= reading.measured_at.year <= LATEST_YEAR:
        return Fault("/measured_at", _YEARS)
    told = reading.device_time
    if told is not None and not EARLIEST_YEAR <= told.year <= LATEST_YEAR:
        return Fault("/device_time", _YEARS)
    frame = reading.frame
    try:
        # Two digits for each byte, and no blanks, which `fromhex` passes over.
        whole = len(fromhex(frame)) * 2 == len(frame)
    except ValueError:
        whole = False
    if not whole:
        return Fault("/frame", "not whole bytes in hexadecimal")
    if not reading.device.isascii():
        return Fault("/device", "a device address is plain ASCII")
    if len(reading.context) > MOST_CONTEXT:
        return Fault("/context", f"more than {MOST_CONTEXT} entries")
    return None


_YEARS: Final = f"a year outside {EARLIEST_YEAR} to {LATEST_YEAR}"


def escaped(key: str) -> str:
    """One step of a JSON pointer, cut to a readable length."""
    shown = key if key.isprintable() else ascii(key)[1:-1]
    return shown[:64].replace("~", "~0").replace("/", "~1")


def _foreign(place: str, reading: Reading, names: list[str]) -> Fault:
    return Fault(f"{place}/{escaped(names[0])}", f"no metric of {reading.kind}")
