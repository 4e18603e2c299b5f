"""Which row comes first, and which are shown."""

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from alerts.life.alert import State
from care.rules import Lane, Severity
from console.api.queue_filters import Filter, filter_of, overdue, shows
from console.api.queue_order import place
from console.api.queue_standing import Line, Listing, Standing, lines
from console.queue.facts import Item, Looker, Row, grouped
from console.queue.tally import tally
from console.queue.view import row_view
from tests.unit.alerts.factory import ANA, BEN, NOW, alert

SECOND = dt.timedelta(seconds=1)
NEW_YORK = ZoneInfo("America/New_York")


def item(number: int, **changes: Any) -> Item:
    subject = UUID(int=number)
    made = alert(id=subject, patient_id=subject, subject=str(subject), **changes)
    return Item(alert=made, taken_by=None, put_off_by=None, reopen_at=None)


def rows_of(*items: Item) -> list[Row]:
    return grouped(items, people={}, lookers={}, points={})


def standing(item: Item) -> Standing:
    """As much of it as the whole queue is read by."""
    fields = {
        name: getattr(item.alert, name)
        for name in Standing.__struct_fields__
        if name not in {"place", "cleared"}
    }
    return Standing(**fields, place=item.place, cleared=item.alert.cleared_at is not None)


def lines_of(*items: Item) -> list[Line]:
    return lines(map(standing, items), lookers={})


def order(*items: Item) -> list[int]:
    return [row.first.alert.id.int for row in rows_of(*items)]


def test_severity_comes_before_the_time_left_and_that_before_age() -> None:
    soon, later = NOW + SECOND, NOW + 2 * SECOND
    low = item(1, severity=Severity.LOW, acknowledge_by=NOW - SECOND)
    urgent = item(2, acknowledge_by=soon, onset_at=NOW)
    calm = item(3, acknowledge_by=later, onset_at=NOW - 60 * SECOND)
    untimed = item(4, acknowledge_by=None, onset_at=NOW - 90 * SECOND)
    older = item(5, acknowledge_by=None, onset_at=NOW - 91 * SECOND)
    assert order(low, untimed, calm, older, urgent) == [2, 3, 5, 4, 1]


def test_what_is_taken_on_stands_behind_what_is_not() -> None:
    taken = item(1, state=State.ACKNOWLEDGED, acknowledge_by=NOW - SECOND)
    asleep = item(2, state=State.SNOOZED, snoozed_until=NOW + SECOND)
    waiting = item(3, state=State.AWAITING_REPEAT)
    escalated = item(4, state=State.ESCALATED, acknowledge_by=NOW + SECOND)
    assert order(asleep, taken, waiting, escalated) == [4, 3, 1, 2]


def of_one(number: int, **changes: Any) -> Item:
    """An alert of one and the same patient."""
    made = alert(
        id=UUID(int=number), subject=f"rule {number}", reason={"code": "earlier"}, **changes
    )
    return Item(alert=made, taken_by=None, put_off_by=None, reopen_at=None)


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_what_is_good_again_never_leads_before_what_is_still_bad(away: int) -> None:
    over = of_one(1, cleared_at=NOW, cleared_why="good_again", acknowledge_by=NOW + away * SECOND)
    bad = of_one(2, acknowledge_by=NOW)
    (row,) = rows_of(over, bad)
    (line,) = lines_of(over, bad)
    assert (row.first, line.first.id) == (bad, bad.alert.id)
    assert (row.soonest is over) == (away < 0)
    shown = row_view(row, zone=NEW_YORK, now=NOW)
    assert shown.first.over is None
    assert shown.of_another == (away < 0)
    assert shown.others == "1 more: 1 critical open (good again)"


def test_a_row_does_not_sink_for_what_leads_it() -> None:
    late = of_one(1, cleared_at=NOW, acknowledge_by=NOW - 2 * SECOND)
    bad = of_one(2, acknowledge_by=NOW + SECOND)
    other = item(9, acknowledge_by=NOW - SECOND)
    rows, found = rows_of(other, bad, late), lines_of(other, bad, late)
    assert [row.first for row in rows] == [bad, other]
    assert [line.first.id.int for line in found] == [2, 9]
    assert [row.place for row in rows] == [line.place for line in found]
    assert rows[0].place == late.place


@pytest.mark.parametrize(
    "graver",
    [{"severity": Severity.CRITICAL}, {"severity": Severity.HIGH, "state": State.ESCALATED}],
)
def test_what_is_graver_or_waits_for_somebody_leads_though_it_is_good_again(
    graver: dict[str, Any],
) -> None:
    first = of_one(1, cleared_at=NOW, **graver)
    bad = of_one(2, severity=Severity.HIGH, state=State.ACKNOWLEDGED)
    (row,) = rows_of(bad, first)
    assert (row.first, row.place) == (first, first.place)


def test_the_order_among_texts_is_the_order_among_places() -> None:
    places = [
        place(severity=severity, state=state, acknowledge_by=by, onset_at=NOW, subject="p")
        for severity in Severity
        for state in State
        for by in (None, NOW, NOW + SECOND)
    ]
    assert sorted(places) == sorted(places, key=lambda each: each.text)


def test_what_is_wrong_with_a_patients_device_stands_in_the_patients_row() -> None:
    value = item(7)
    device = Item(
        alert=alert(id=UUID(int=8), patient_id=UUID(int=7), subject_kind="device", subject="d",
                    lane=Lane.TECHNICAL, severity=Severity.MEDIUM),
        taken_by=None, put_off_by=None, reopen_at=None,
    )  # fmt: skip
    (row,) = grouped(
        [device, value],
        people={},
        points={},
        lookers={("device", "d"): Looker(user=BEN, name="Ben")},
    )
    assert (row.kind, row.name) == ("patient", f"patient:{UUID(int=7)}")
    assert row.looker is not None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {1, 2, 3, 4}),
        ("severity=critical,high", {1, 2}),
        ("severity=nonsense", {1, 2, 3, 4}),
        ("state=acknowledged", {2}),
        ("who=mine", {2}),
        ("who=team", {1}),
        ("who=unclaimed", {1, 3, 4}),
        ("kind=no-data", {3}),
        ("kind=technical", {4}),
        ("kind=values", {1, 2}),
        ("metric=systolic", {1, 2}),
        ("late=late", {1}),
        ("late=backlog", {2}),
        ("programme=hypertension", {1}),
        ("severity=critical&state=acknowledged", set()),
    ],
)
def test_a_filter_shows_what_it_says(query: str, found: set[int]) -> None:
    rows = lines_of(
        item(1, acknowledge_by=NOW - SECOND),
        item(2, severity=Severity.HIGH, state=State.ACKNOWLEDGED, acknowledged_by=ANA, late=True),
        item(3, severity=Severity.LOW, lane=Lane.COMPLIANCE, metric=None),
        item(4, severity=Severity.MEDIUM, lane=Lane.TECHNICAL, metric=None),
    )
    ours = structs.replace(rows[0], of_my_team=True, in_programme=True)
    wanted = filter_of(dict(pair.split("=") for pair in query.split("&") if pair))
    shown = [row for row in (ours, *rows[1:]) if shows(wanted, row, caller=ANA, now=NOW)]
    assert {row.first.id.int for row in shown} == found


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_late_begins_after_the_last_second(away: int) -> None:
    waiting = item(1, acknowledge_by=NOW + away * SECOND).alert
    assert overdue(waiting, now=NOW) == (away < 0)


def test_a_filter_is_written_as_it_is_read_and_holds_nothing_else() -> None:
    given = {"severity": "high,critical", "who": "mine", "q": "Castellano", "programme": "a/../b"}
    wanted = filter_of(given)
    assert wanted.query == "severity=critical,high&who=mine"
    assert wanted.words == "critical, high; mine"
    assert Filter().query == ""


def test_the_whole_queue_in_brief_has_the_order_and_the_names_of_its_rows() -> None:
    items = [
        item(number, severity=severity, state=state, acknowledge_by=by)
        for number, (severity, state, by) in enumerate(
            (severity, state, by)
            for severity in Severity
            for state in State
            for by in (None, NOW, NOW + SECOND)
        )
    ]
    rows, brief = rows_of(*items), lines_of(*reversed(items))
    assert [(row.kind, row.subject) for row in rows] == [line.name for line in brief]
    assert [row.place for row in rows] == [line.place for line in brief]


@pytest.mark.parametrize(
    ("waiting", "listed", "more", "words"),
    [
        (2, 2, 0, ""),
        (3, 3, 0, ""),
        (4, 3, 1, "3 of 4 rows are listed, the worst first. Not listed: 1 row (1 low)."),
    ],
)
def test_what_is_not_listed_is_counted_from_the_first_row_too_many(
    waiting: int, listed: int, more: int, words: str
) -> None:
    severities = (Severity.LOW, Severity.CRITICAL, Severity.LOW, Severity.HIGH)
    found = lines_of(*(item(n, severity=severities[n]) for n in range(waiting)))
    told = tally(Listing(every=found, meant=found, most=3), now=NOW)
    assert (told.listed, told.more, told.more_words) == (listed, more, words)
    assert told.cut == (found[2].place.text if more else "")
    assert told.urgent == 1
    assert told.hidden == 0


def test_what_a_filter_hides_is_not_among_what_is_too_much() -> None:
    found = lines_of(*(item(n) for n in range(5)))
    told = tally(Listing(every=found, meant=found[:4], most=3), now=NOW)
    assert (told.hidden, told.hidden_words, told.more) == (1, "1 row hidden", 1)
    assert told.summary == "5 rows: 5 critical"
