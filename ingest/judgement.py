"""Can this reading be what a living person's body showed, and when? Pure, and on the hot path."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from ingest.reasons import IMPLAUSIBLE, Reason
from vitals.flags import NOT_A_PATIENT_VALUE, Special
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

FUTURE_MAX: Final = dt.timedelta(minutes=5)
"""How far ahead of this server a home's clock may be and still be believed."""
LATE_AFTER: Final = dt.timedelta(hours=24)
"""Older than this on arrival, a reading still counts for trends but wakes nobody."""

BOUNDS: Final[dict[str, tuple[float, float]]] = {
    name: metric.plausible for name, metric in METRICS.items()
}
PRIMARY: Final[dict[Kind, frozenset[str]]] = {
    kind: frozenset(metric.name for metric in panel.primary) for kind, panel in PANELS.items()
}
CENSORED: Final = frozenset({Special.HI, Special.LO, Special.PLUS_INF, Special.MINUS_INF})
"""Special values that still tell something: beyond what the meter can show."""

ZERO_IF_UNMEASURED: Final = frozenset(
    {
        "mean",
        "height",
        "bmi",
        "muscle_percentage",
        "muscle_mass",
        "fat_free_mass",
        "soft_lean_mass",
        "body_water_mass",
        "impedance",
        "basal_metabolism",
    }
)
"""Cuffs without a mean and scales without a height send 0 for it, where the standard says NaN.

The pressure and the weight beside it are good, so this is no reason to hold them back. A pulse of
0 is: somebody must look, and a limit must never judge it.
"""

BLOOD_PRESSURE: Final = Kind.BLOOD_PRESSURE


class Judged(Protocol):
    """As much of a vitals.reading.Reading as is looked at."""

    @property
    def kind(self) -> Kind: ...
    @property
    def flags(self) -> Sequence[str]: ...
    @property
    def values(self) -> Mapping[str, float]: ...
    @property
    def special(self) -> Mapping[str, Special]: ...
    @property
    def measured_at(self) -> dt.datetime: ...


def doubt(reading: Judged, *, latest: dt.datetime) -> str | None:
    """The first reason not to take the reading at its word; None where there is none.

    `latest` is now plus FUTURE_MAX, computed once per batch.
    """
    flags = reading.flags
    if flags and not NOT_A_PATIENT_VALUE.isdisjoint(flags):
        return next(flag for flag in flags if flag in NOT_A_PATIENT_VALUE)
    values, kind = reading.values, reading.kind
    if PRIMARY[kind].isdisjoint(values) and not _is_censored(reading):
        return Reason.NO_VALUE.value
    for name, value in values.items():
        low, high = BOUNDS[name]
        if not low <= value <= high and (value or name not in ZERO_IF_UNMEASURED):
            return IMPLAUSIBLE[name]
    if kind is BLOOD_PRESSURE:
        # Systole is the higher one, and the mean lies between; an absent value proves nothing.
        systolic, diastolic = values.get("systolic"), values.get("diastolic")
        if systolic is not None and diastolic is not None:
            mean = values.get("mean") or diastolic
            if not (systolic > diastolic and diastolic <= mean <= systolic):
                return Reason.IMPOSSIBLE_PAIR.value
    if reading.measured_at > latest:
        return Reason.FROM_THE_FUTURE.value
    return None


def _is_censored(reading: Judged) -> bool:
    special = reading.special
    return any(special.get(name) in CENSORED for name in PRIMARY[reading.kind])
