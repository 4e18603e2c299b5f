"""Readings that may be wrong: which, and why. Nothing is dropped: they are shown as "needs check".

A row is judged by itself and by earlier rows within `lookback_us`, and it does not matter whether
those were doubted for the company they keep: so any row can be judged again from any point on.
"""

from dataclasses import replace
from enum import IntEnum
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from alerts.columns.series import DAY_US, MICROSECONDS, Bools, Floats, Ints, Series
from alerts.rules.band import SCALE
from alerts.rules.sliding import Evidence, blocks, evidence, medians, newest
from vitals.flags import NOT_A_PATIENT_VALUE, Flag
from vitals.kinds import Kind

Codes: TypeAlias = NDArray[np.int8]


class Doubt(IntEnum):
    """Why a reading is not evidence; the most decisive reason first."""

    NONE = 0
    NOT_THE_PATIENT = 1  # Control solution, a test, a demonstration: no value of a patient.
    SENSOR_FAULT = 2
    POOR_SIGNAL = 3
    BODY_MOVEMENT = 4
    CUFF_TOO_LOOSE = 5
    IMPROPER_POSITION = 6
    PULSE_OUT_OF_RANGE = 7
    FAHRENHEIT = 8  # A temperature in °F, logged as °C.
    UNIT_SWITCHED = 9  # Weight times or by 2.2046.
    SOMEBODY_ELSE = 10  # Weight far off that of the last days.
    PULSE_PRESSURE = 11  # Systolic and diastolic implausibly far apart, or close.
    SAME_ATTEMPT = 12  # The same values again within a minute: counted once, nothing to check.


SILENT: Final = (Doubt.NONE, Doubt.NOT_THE_PATIENT, Doubt.SAME_ATTEMPT)
"""Nobody has to check these: they say nothing, or nothing new."""
ALONE: Final = (Doubt.FAHRENHEIT, Doubt.UNIT_SWITCHED, Doubt.SOMEBODY_ELSE)
"""Somebody has to, whatever the limits: the number itself is the news."""

_FAULTS: Final[tuple[tuple[Doubt, frozenset[str]], ...]] = (
    (Doubt.NOT_THE_PATIENT, NOT_A_PATIENT_VALUE),
    (
        Doubt.SENSOR_FAULT,
        frozenset(
            {
                Flag.SENSOR_MALFUNCTION,
                Flag.SAMPLE_INSUFFICIENT,
                Flag.STRIP_ERROR,
                Flag.TEMPERATURE_TOO_HIGH,
                Flag.TEMPERATURE_TOO_LOW,
                Flag.READ_INTERRUPTED,
                Flag.DEVICE_FAULT,
            }
        ),
    ),
    (
        Doubt.POOR_SIGNAL,
        frozenset(
            {
                Flag.QUESTIONABLE,
                Flag.EARLY_ESTIMATE,
                Flag.MEASUREMENT_ONGOING,
                Flag.NO_SKIN_CONTACT,
            }
        ),
    ),
    (Doubt.BODY_MOVEMENT, frozenset({Flag.BODY_MOVEMENT})),
    (Doubt.CUFF_TOO_LOOSE, frozenset({Flag.CUFF_TOO_LOOSE})),
    (Doubt.IMPROPER_POSITION, frozenset({Flag.IMPROPER_POSITION})),
    (Doubt.PULSE_OUT_OF_RANGE, frozenset({Flag.PULSE_ABOVE_RANGE, Flag.PULSE_BELOW_RANGE})),
)
"""A meter's RESULT_TOO_HIGH and RESULT_TOO_LOW are no faults: they are HI and LO."""

SAME_ATTEMPT_US: Final = 60 * MICROSECONDS
"""A minute is what a protocol leaves between two readings: from there on it is a repeat."""
USUAL_DAYS: Final = 7
_LONGEST_US: Final[dict[Kind, int]] = {Kind.WEIGHT: 30 * DAY_US, Kind.BLOOD_PRESSURE: 7 * DAY_US}
_POUNDS: Final = 2.2046
_POUNDS_TOLERANCE: Final = 0.03
_ELSE_FRACTION: Final = 0.05
_ELSE_MADS: Final = 4.0
_ELSE_READINGS: Final = 3
_FAHRENHEIT: Final = (86.0, 113.0)
_WIDE_MMHG: Final = 100.0
_NARROW_MMHG: Final = 20.0
_ASKED_AGAIN_MMHG: Final = 180.0
"""From this systolic value on the protocol asks for a repeat in any case, and a wide pulse
pressure is what stiff arteries bring with it: it must not keep a crisis from the queue."""


def lookback_us(kind: Kind) -> int:
    return _LONGEST_US.get(kind, SAME_ATTEMPT_US)


def doubts(series: Series, kind: Kind) -> Codes:
    """A code of `Doubt` for each row."""
    codes = _flagged(series)
    series = replace(series, doubt=codes > 0)
    if kind is Kind.WEIGHT:
        _put(codes, _weights(series))
    elif kind is Kind.BLOOD_PRESSURE:
        _put(codes, np.where(_pulse_pressure(series), Doubt.PULSE_PRESSURE, 0))
    elif kind is Kind.TEMPERATURE:
        celsius = series.metric("temperature")
        hot = (celsius >= _FAHRENHEIT[0]) & (celsius <= _FAHRENHEIT[1])
        _put(codes, np.where(hot, Doubt.FAHRENHEIT, 0))
    again = _same_again(series)
    # What repeats a doubtful reading is as doubtful as that.
    again[1:] &= codes[:-1] == 0
    _put(codes, np.where(again, Doubt.SAME_ATTEMPT, 0))
    return codes


def _put(codes: Codes, found: Ints | Codes) -> None:
    """The reasons found first stay."""
    np.copyto(codes, found.astype(np.int8), where=(codes == 0) & (found > 0))


def _flagged(series: Series) -> Codes:
    codes = np.zeros(len(series), dtype=np.int8)
    for doubt, flags in _FAULTS:
        for flag in flags & series.flags.keys():
            _put(codes, np.where(series.flags[flag], doubt, 0))
    return codes


def _same_again(series: Series) -> Bools:
    """All numbers are those of the row before, less than a minute earlier."""
    same = np.zeros(len(series), dtype=np.bool_)
    same[1:] = (np.diff(series.segment) == 0) & (np.diff(series.at) < SAME_ATTEMPT_US)
    for numbers in series.values.values():
        here, before = numbers[1:], numbers[:-1]
        same[1:] &= (here == before) | (np.isnan(here) & np.isnan(before))
    return same


def _pulse_pressure(series: Series) -> Bools:
    pressure = series.metric("pulse_pressure")
    wide, narrow = pressure >= _WIDE_MMHG, pressure < _NARROW_MMHG
    unasked = series.metric("systolic") < _ASKED_AGAIN_MMHG
    found: Bools = (_unheard_of(series, wide) & unasked) | _unheard_of(series, narrow)
    return found


def _unheard_of(series: Series, marked: Bools) -> Bools:
    """Marked, and no other row of the last days was: measured again, it is no slip of the cuff."""
    row = np.flatnonzero(marked & ~series.doubt)
    key = series.key[row]
    earlier = np.searchsorted(key, key - SAME_ATTEMPT_US, side="right") - 1
    heard = (earlier >= 0) & (key - key[earlier] <= USUAL_DAYS * DAY_US) if len(row) else earlier
    found = np.zeros(len(series), dtype=np.bool_)
    found[row[heard == 0]] = True
    return found


def _weights(series: Series) -> Codes:
    known = evidence(series, "weight")
    month, _, _ = _usual(known, _LONGEST_US[Kind.WEIGHT])
    week, spread, count = _usual(known, USUAL_DAYS * DAY_US)
    with np.errstate(invalid="ignore"):
        ratio = known.number / month
        pounds = np.minimum(np.abs(ratio / _POUNDS - 1), np.abs(ratio * _POUNDS - 1))
        allowed = np.maximum(_ELSE_FRACTION * week, _ELSE_MADS * spread)
        other = (np.abs(known.number - week) > allowed) & (count >= _ELSE_READINGS)
    codes = np.zeros(len(series), dtype=np.int8)
    codes[known.row[other]] = Doubt.SOMEBODY_ELSE
    codes[known.row[pounds <= _POUNDS_TOLERANCE]] = Doubt.UNIT_SWITCHED
    return codes


def _usual(known: Evidence, span_us: int) -> tuple[Floats, Floats, Ints]:
    """Median, MAD (as an SD) and count of the readings before each, within the span."""
    end = np.arange(len(known))
    first = newest(known.since(span_us), end)
    middle, spread = np.full(len(known), np.nan), np.full(len(known), np.nan)
    for block in blocks(first, end):
        numbers = known.number[block.index]
        middle[block.part] = medians(numbers, block.inside)
        away = np.abs(numbers - middle[block.part, None])
        spread[block.part] = SCALE * medians(away, block.inside)
    return middle, spread, end - first
