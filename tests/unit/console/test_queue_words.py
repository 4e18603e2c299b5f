"""What a row of the queue says: times left and over, trends, limits, in the patient's units."""

import datetime as dt
import math
import re
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts.life.alert import State
from alerts.life.priority import priority
from care.rules import Lane, Severity
from console.api.alert_units import in_units
from console.queue import words
from console.queue.facts import Item, Person, Point, Row
from console.queue.pressure import Pressure, whole
from console.queue.sparkline import sparkline
from console.queue.view import item_view
from console.web.formats import Units
from tests.unit.alerts.factory import ANA, NOW, alert

ZONE = ZoneInfo("America/New_York")
MINUTE, SECOND = dt.timedelta(minutes=1), dt.timedelta(seconds=1)


def item(**changes: Any) -> Item:
    beside: dict[str, Any] = {"taken_by": "Ana", "put_off_by": None, "reopen_at": None}
    beside |= {name: changes.pop(name) for name in list(changes) if name in beside}
    return Item(alert=alert(**changes), **beside)


def person(**units: str) -> Person:
    return Person(
        id=UUID(int=2), name="Able, Ada", mrn="0", born=None, zone=ZONE, units=Units(**units),
        programmes=(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("away", "text", "late"),
    [
        (dt.timedelta(minutes=12, seconds=59), "12 min left", False),
        (MINUTE, "1 min left", False),
        (MINUTE - SECOND, "under 1 min left", False),
        (SECOND, "under 1 min left", False),
        (SECOND * 0, "under 1 min left", False),
        (-SECOND, "late under 1 min", True),
        (-MINUTE + SECOND, "late under 1 min", True),
        (-MINUTE, "late 1 min", True),
        (-MINUTE * 65, "late 1 h 05 min", True),
    ],
)
def test_the_time_left_to_take_it_on_turns_to_late_by_the_second(
    away: dt.timedelta,
    text: str,
    late: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    found = words.deadline(item(acknowledge_by=NOW + away), now=NOW)
    assert found is not None
    assert (found.text, found.late, found.kind) == (text, late, "left")


def test_what_is_taken_on_is_not_late_and_says_when_it_opens_again() -> None:
    taken = item(
        state=State.ACKNOWLEDGED, acknowledged_at=NOW, acknowledged_by=ANA,
        acknowledge_by=NOW - MINUTE, reopen_at=NOW + 18 * MINUTE,
    )  # fmt: skip
    found = words.deadline(taken, now=NOW)
    assert found is not None
    assert (found.text, found.late) == ("open again in 18 min", False)


def test_a_snooze_says_until_when_by_whom_and_counts_down() -> None:
    asleep = item(state=State.SNOOZED, snoozed_until=NOW + 59 * MINUTE, put_off_by="Ben")
    assert words.state(asleep, zone=ZONE, now=NOW) == "Snoozed until 10:59 by Ben"
    found = words.deadline(asleep, now=NOW)
    assert found is not None
    assert found.text == "wakes in 59 min"


def test_a_moment_of_another_day_says_which() -> None:
    assert words.moment(NOW, ZONE, now=NOW) == "10:00"
    assert words.moment(NOW + dt.timedelta(days=1), ZONE, now=NOW) == "24 Nov 10:00"


@pytest.mark.parametrize(
    ("values", "icon", "text"),
    [
        ((184.0, 172.0), "up", "up 12 from 172, 3 h before"),
        ((172.0, 184.0), "down", "down 12 from 184, 3 h before"),
        ((172.2, 171.8), "flat", "the same as 3 h before"),
    ],
)
def test_the_trend_is_against_the_reading_before(
    values: tuple[float, float], icon: str, text: str
) -> None:
    points = tuple(
        Point(at=NOW - dt.timedelta(hours=3 * back), value=value)
        for back, value in enumerate(values)
    )
    found = words.trend(points, "systolic", person())
    assert found is not None
    assert (found.icon, found.text) == (icon, text)
    assert words.trend(points[:1], "systolic", person()) is None


GAIN = {
    "metric": "weight", "value": 2.0, "op": ">=", "limit": 1.4, "at": NOW.isoformat(),
    "reading": 82.0, "days": 3, "compared_with": "lowest", "percent": False, "readings": 4,
}  # fmt: skip


def test_a_move_is_the_difference_of_the_two_numbers_that_are_read() -> None:
    points = (Point(at=NOW, value=38.28), Point(at=NOW - 60 * MINUTE, value=38.2))
    found = words.trend(points, "temperature", person(temperature="F"))
    assert found is not None
    assert found.text == "up 0.1 from 100.8, 1 h before"


def test_everything_about_a_weight_is_in_the_patients_pounds() -> None:
    gained = item(
        metric="weight", value=2.0, worst=2.0, kind="weight",
        bound={"metric": "weight", "op": ">=", "value": 1.4, "clear": None},
        reason={"code": "change", "facts": GAIN},
    )  # fmt: skip
    pounds = person(weight="lb")
    told = in_units(gained.alert, pounds.units)
    points = (Point(at=NOW, value=82.0),)
    assert words.measured(gained.alert, told, pounds, points) == "180.8 lb"
    assert words.bound(gained.alert, told) == "limit a rise of 3.1 lb in 3 days"
    view = item_view(gained, pounds, zone=ZONE, now=NOW)
    assert "180.8 lb" in view.why
    assert "up 4.4 lb" in view.why
    assert "kg" not in view.why
    kilograms = item_view(gained, person(weight="kg"), zone=ZONE, now=NOW)
    assert "up 2.0 kg" in kilograms.why


def test_glucose_is_in_the_patients_millimoles() -> None:
    low = alert(
        metric="glucose", value=52.0, worst=52.0,
        bound={"metric": "glucose", "op": "<", "value": 54.0, "clear": None},
        reason={"code": "limit", "facts": {"metric": "glucose", "value": 52.0, "op": "<",
                                           "limit": 54.0, "at": NOW.isoformat()}},
    )  # fmt: skip
    told = in_units(low, Units(glucose="mmol/L"))
    assert words.number(told) == "2.9 mmol/L"
    assert words.bound(low, told) == "limit below 3"
    assert in_units(low, Units()) is low


@pytest.mark.parametrize(
    ("value", "text"), [(math.inf, "HI"), (-math.inf, "LO"), (math.nan, ""), (None, "")]
)
def test_what_the_device_gave_no_number_for_is_said_as_it_said_it(
    value: float | None, text: str
) -> None:
    assert words.number(alert(value=value)) == text


@pytest.mark.parametrize(
    ("seen", "text", "of"),
    [
        ("hi", "HI", "Glucose, above what the device can show"),
        ("lo", "LO", "Glucose, below what the device can show"),
    ],
)
def test_a_meter_that_showed_no_number_is_not_told_by_the_number_before(
    seen: str, text: str, of: str
) -> None:
    past = item(
        metric="glucose", kind="glucose", value=None, worst=None,
        bound={"metric": "glucose", "op": ">=", "value": 300.0, "clear": None},
        reason={"code": "limit", "facts": {"metric": "glucose", "value": seen, "op": ">=",
                                           "limit": 300.0, "at": NOW.isoformat()}},
    )  # fmt: skip
    assert (words.number(past.alert), words.quantity(past.alert)) == (text, of)


def test_beside_a_mean_the_last_reading_is_named() -> None:
    points = (
        Point(at=NOW, value=153.0),
        Point(at=NOW - dt.timedelta(seconds=59), value=169.0),
    )
    beside = words.trend(points, "systolic", person(), beside="165 mmHg")
    assert beside is not None
    assert beside.text == "last reading 153, down 16 from 169, under a minute before"
    same = words.trend(points, "systolic", person(), beside="153 mmHg")
    assert same is not None
    assert same.text == "down 16 from 169, under a minute before"


def test_missing_data_and_hubs_have_signs_of_their_own_and_no_value() -> None:
    missed = item(lane=Lane.COMPLIANCE, rule="missed-measurements", metric=None, value=None)
    assert (words.icon(missed), missed.no_value) == ("gap", True)
    offline = item(lane=Lane.TECHNICAL, rule="gateway-offline", patient_id=None)
    assert words.icon(offline) == "hub"
    assert words.icon(item()) is None
    assert words.measured(missed.alert, missed.alert, None, ()) == ""


def test_what_else_waits_is_counted_the_gravest_first() -> None:
    first = item()
    high = item(severity=Severity.HIGH)
    low = item(severity=Severity.LOW, state=State.ACKNOWLEDGED)
    assert words.others((first, low, high, high)) == "3 more: 2 high open, 1 low"
    assert words.others((first,)) == ""
    over = item(severity=Severity.HIGH, cleared_at=NOW, cleared_why="good_again")
    assert words.others((first, over, high)) == "2 more: 1 high open, 1 high open (good again)"


@pytest.mark.parametrize(
    ("why", "said", "good"),
    [
        ("good_again", "Good again", True),
        ("measured again", "Measured again", True),
        ("plan_changed", "Limits changed", False),
        ("followed by another alert", "Another followed", False),
        ("the hub is heard again", "Over", False),
        (None, "Over", False),
    ],
)
def test_only_a_good_reading_makes_an_alert_good_again(
    why: str | None, said: str, *, good: bool
) -> None:
    ended = item(cleared_at=NOW, cleared_why=why, reason={"code": "earlier"})
    over = item_view(ended, None, zone=ZONE, now=NOW).over
    assert over is not None
    assert (over.words, over.good) == (said, good)
    assert f"({said.lower()})" in words.others((item(), ended))
    standing = item(reason={"code": "earlier"})
    assert item_view(standing, None, zone=ZONE, now=NOW).over is None
    points = [part.why for part in priority(ended.alert, now=NOW).parts]
    assert ("values are good again" in points, "it is over" in points) == (
        why == "good_again", why != "good_again",
    )  # fmt: skip


def test_a_line_of_readings_stays_in_its_box_and_ends_in_the_latest() -> None:
    points = [Point(at=NOW - dt.timedelta(hours=at), value=100 + at) for at in range(12)]
    drawn = str(sparkline(points, 500.0))
    assert 'cx="69"' in drawn
    assert drawn.count("polyline") == 1
    assert sparkline(points[:1], None) == ""
    flat = str(sparkline([Point(at=NOW, value=5.0)] * 3, 5.0))
    assert "nan" not in flat


PRESSURE = Pressure(186.0, 113.0, 88.0)
BP = {"code": "limit", "facts": {"metric": "systolic", "value": 186.0, "op": ">=", "limit": 180.0,
                                "at": NOW.isoformat()}}  # fmt: skip


@pytest.mark.parametrize(
    ("measured", "hit", "told"),
    [
        (PRESSURE, "systolic", "<b>186</b>/113 mmHg, pulse 88"),
        (PRESSURE, "diastolic", "186/<b>113</b> mmHg, pulse 88"),
        (PRESSURE, "pulse", "186/113 mmHg, pulse <b>88</b>"),
        (PRESSURE, None, "186/113 mmHg, pulse 88"),
        (Pressure(186.0, 113.0, None), "systolic", "<b>186</b>/113 mmHg"),
        (Pressure(186.0, None, None), "systolic", "<b>186</b> mmHg"),
        (Pressure(None, 113.0, 88.0), "pulse", "113 mmHg, pulse <b>88</b>"),
        (Pressure(None, None, None), "systolic", ""),
    ],
)
def test_a_pressure_is_told_whole_as_far_as_it_is_known(
    measured: Pressure, hit: str | None, told: str
) -> None:
    assert re.sub("</?span[^>]*>", "", whole(measured, hit)) == told


@pytest.mark.parametrize(
    ("changes", "told", "last"),
    [
        ({"value": 186.0, "reason": BP}, "186/113 mmHg, pulse 88", ""),
        ({"value": 113.0, "metric": "diastolic", "reason": BP}, "186/113 mmHg, pulse 88", ""),
        # A mean is no measurement: the last one stands beside it, and nothing is mixed.
        ({"value": 171.0, "reason": BP}, "171 mmHg", "186/113 mmHg, pulse 88"),
        ({"value": 186.0, "reason": BP, "last_at": NOW - MINUTE}, "186 mmHg",
         "186/113 mmHg, pulse 88"),
        ({"value": 72.0, "kind": "weight", "metric": "weight", "reason": BP}, "72.0 kg", ""),
    ],
)  # fmt: skip
def test_beside_what_triggered_stands_what_was_measured_with_it_and_nothing_else(
    changes: dict[str, Any], told: str, last: str
) -> None:
    about = item(bound=None, **changes)
    row = Row(
        kind="patient", subject="p", items=(about,), person=person(),
        points=(Point(at=NOW, value=186.0),), pressures={(person().id, NOW): PRESSURE},
    )  # fmt: skip
    view = item_view(about, person(), zone=ZONE, now=NOW, row=row)
    assert view.reading.striptags() == told
    assert view.last.striptags() == last


def test_a_number_close_to_its_limit_keeps_its_decimals_beside_the_others() -> None:
    assert "<b>179.6</b>/113 mmHg" in whole(Pressure(179.6, 113.0, None), "systolic", "179.6")
