"""The picture of a month: every mark within it, shapes that say what colours say."""

import datetime as dt
import math
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from care.programme import WEEK, WorkingHours
from console.my.chart import BOTTOM, LEFT, RIGHT, TOP, Point, chart
from console.my.guide import weekdays
from console.my.looks import SHOWN, told
from console.my.people import picture_of
from console.my.verdict import Side
from console.my.words import catalogue

EN, ES = catalogue("en"), catalogue("es")

points = st.builds(
    Point,
    day=st.floats(1, 31.999),
    value=st.one_of(st.floats(20, 600), st.sampled_from([math.inf, -math.inf])),
    side=st.sampled_from(Side),
)
edge = st.one_of(st.none(), st.floats(20, 600))


@given(st.lists(points, max_size=50), st.lists(st.tuples(edge, edge), max_size=2))
def test_every_mark_and_band_lies_within_the_picture(
    given_points: list[Point], ranges: list[tuple[float | None, float | None]]
) -> None:
    made = chart(given_points, ranges, days=31)
    if made is None:
        assert not any(math.isfinite(each.value) for each in given_points)
        return
    assert len(made.marks) == len(given_points)
    for mark in made.marks:
        assert LEFT <= mark.x <= RIGHT
        assert TOP <= mark.y <= BOTTOM
    for band in made.bands:
        assert band.height >= 1
    heights = [label.at for label in made.values]
    assert heights == sorted(heights, reverse=True)
    assert 2 <= len(heights) <= 6


def test_high_low_and_in_range_have_three_shapes() -> None:
    made = chart([Point(day=1, value=100, side=side) for side in Side], [(90, 130)], days=30)
    assert made is not None
    assert len({mark.path for mark in made.marks}) == 3
    assert {mark.kind for mark in made.marks} == {"up", "down", "neither"}


def test_nothing_measured_is_no_picture() -> None:
    assert chart([], [(90, 130)], days=30) is None


def test_the_days_of_staffed_hours_are_said_in_the_language() -> None:
    assert weekdays(WorkingHours(), EN) == "Monday - Friday"
    assert weekdays(WorkingHours(), ES) == "lunes - viernes"
    assert weekdays(WorkingHours(days=("mon", "thu")), EN) == "Monday, Thursday"
    assert weekdays(WorkingHours(days=WEEK), EN) == "Monday - Sunday"


def test_a_code_for_telephones_has_room_around_it() -> None:
    made = picture_of("https://clinic.example/invitation/K7QD-2M4A-7YQX-33BF")
    assert made["size"] > 2 * 4 + 21
    assert made["path"].startswith("M4 4h1v1h-1z")


ANA = UUID(int=1)
AT = dt.datetime(2026, 11, 22, 18, 0, tzinfo=dt.UTC)


def row(**changes: Any) -> dict[str, Any]:
    return {
        "at": AT, "actor": ANA, "actor_name": "Ana", "actor_role": "nurse",
        "route": "GET /patients/{id}", **changes,
    }  # fmt: skip


def test_what_a_page_asks_for_over_and_over_is_one_look_a_day() -> None:
    zone = ZoneInfo("America/New_York")
    rows = [row(at=AT - dt.timedelta(hours=n)) for n in range(30)]
    found = told(rows, zone=zone)
    assert [each.at for each in found] == [AT, AT - dt.timedelta(hours=14)]
    assert all(not each.changed and each.role == "nurse" for each in found)


def test_a_change_is_told_apart_from_a_look_and_strangers_have_no_role() -> None:
    rows = [row(route="POST /patients/{id}/limits"), row(), row(actor_role="system", actor=None)]
    found = told(rows, zone=ZoneInfo("UTC"))
    assert [(each.changed, each.role) for each in found] == [
        (True, "nurse"), (False, "nurse"), (False, None),
    ]  # fmt: skip


def test_only_the_last_looks_are_listed() -> None:
    rows = [row(at=AT - dt.timedelta(days=n)) for n in range(SHOWN + 5)]
    assert len(told(rows, zone=ZoneInfo("UTC"))) == SHOWN
