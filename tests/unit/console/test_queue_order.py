"""Which row comes first, and which are shown."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from alerts.life.alert import State
from care.rules import Lane, Severity
from console.api.queue_order import place
from console.queue.facts import Item, Looker, Row, grouped
from console.queue.filters import Filter, filter_of, shows
from console.queue.view import late_now
from tests.unit.alerts.factory import ANA, BEN, NOW, PATIENT, alert
from tests.unit.console.test_queue_words import person

SECOND = dt.timedelta(seconds=1)


def item(number: int, **changes: Any) -> Item:
    subject = UUID(int=number)
    made = alert(id=subject, patient_id=subject, subject=str(subject), **changes)
    return Item(alert=made, taken_by=None, put_off_by=None, reopen_at=None)


def rows_of(*items: Item) -> list[Row]:
    return grouped(items, people={}, lookers={}, points={})


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
    rows = rows_of(
        item(1, acknowledge_by=NOW - SECOND),
        item(2, severity=Severity.HIGH, state=State.ACKNOWLEDGED, acknowledged_by=ANA, late=True),
        item(3, severity=Severity.LOW, lane=Lane.COMPLIANCE, metric=None),
        item(4, severity=Severity.MEDIUM, lane=Lane.TECHNICAL, metric=None),
    )
    ours = Row(kind="patient", subject=rows[0].subject, items=rows[0].items, person=_mine())
    wanted = filter_of(dict(pair.split("=") for pair in query.split("&") if pair))
    late = late_now(rows, now=NOW)
    shown = [row for row in (ours, *rows[1:]) if shows(wanted, row, caller=ANA, now_late=late)]
    assert {row.first.alert.id.int for row in shown} == found


def _mine() -> Any:
    from dataclasses import replace  # noqa: PLC0415 - only here

    return replace(person(), id=PATIENT, programmes=("hypertension",), of_my_team=True)


@pytest.mark.parametrize("away", [-1, 0, 1])
def test_late_begins_after_the_last_second(away: int) -> None:
    rows = rows_of(item(1, acknowledge_by=NOW + away * SECOND))
    assert bool(late_now(rows, now=NOW)) == (away < 0)


def test_a_filter_is_written_as_it_is_read_and_holds_nothing_else() -> None:
    given = {"severity": "high,critical", "who": "mine", "q": "Castellano", "programme": "a/../b"}
    wanted = filter_of(given)
    assert wanted.query == "severity=critical,high&who=mine"
    assert wanted.words == "critical, high; mine"
    assert Filter().query == ""
