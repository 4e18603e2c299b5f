"""Alerts on the chart: what its forms ask of the API, and who comes next."""

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from care.rules import Lane, Severity
from console.api.alerts import QueueRow
from console.chart.alert_forms import body_of
from console.chart.alert_order import around, filtered
from console.web.forms import Form

NEW_YORK = ZoneInfo("America/New_York")
NOW = dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC)


class Standing:
    """As much of an alert as its place in the queue needs."""

    def __init__(self, number: int, **changes: Any) -> None:
        fields = {
            "id": UUID(int=number + 100), "severity": Severity.HIGH, "state": "open",
            "lane": Lane.MEDICAL, "metric": "systolic",
        } | changes  # fmt: skip
        for name, value in fields.items():
            setattr(self, name, value)


def row(number: int | None, **changes: Any) -> QueueRow:
    alert: Any = Standing(number or 0, **changes)
    return QueueRow(
        patient=None if number is None else UUID(int=number),
        subject_kind="patient",
        subject=str(number),
        severity=alert.severity,
        score=0,
        claim=None,
        alerts=[alert],
    )


def test_next_and_previous_keep_the_order_of_the_queue() -> None:
    rows = [row(1), row(2), row(3)]
    found = around(rows, UUID(int=2))
    assert found.before is not None
    assert found.after is not None
    assert (found.before.patient.int, found.after.patient.int) == (1, 3)
    assert (found.number, found.of) == (2, 3)
    assert found.after.alert == UUID(int=103)


def test_at_the_ends_there_is_nobody_before_or_after() -> None:
    rows = [row(1), row(2)]
    assert around(rows, UUID(int=1)).before is None
    assert around(rows, UUID(int=2)).after is None


def test_who_is_not_in_the_queue_any_more_is_followed_by_its_first() -> None:
    found = around([row(1), row(2)], UUID(int=9))
    assert found.after is not None
    assert (found.before, found.after.patient.int, found.number) == (None, 1, None)
    assert around([], UUID(int=9)).after is None


@pytest.mark.parametrize(
    ("from_", "kept"),
    [
        ("", [1, 2, 3]),
        ("severity=critical", [2]),
        ("severity=critical,high", [1, 2, 3]),
        ("kind=technical", [3]),
        ("kind=values&metric=systolic", [1]),
        ("state=snoozed", []),
        ("made=up", [1, 2, 3]),
    ],
)
def test_the_filter_of_the_queue_goes_along(from_: str, kept: list[int]) -> None:
    rows = [
        row(1),
        row(2, severity=Severity.CRITICAL, metric="diastolic"),
        row(3, lane=Lane.TECHNICAL, metric=None),
        row(None),
    ]
    found = [each.patient.int for each in filtered(rows, from_) if each.patient]
    assert found == kept


def test_what_the_forms_ask() -> None:
    def asked(action: str, **fields: str) -> dict[str, Any]:
        form = Form(tuple({"version": "3", **fields}.items()))
        return body_of(action, form, zone=NEW_YORK, now=NOW)

    assert asked("claim") == {"version": 3, "take_over": False}
    assert asked("acknowledge", note="on it") == {"version": 3, "note": "on it"}
    assert asked("snooze", **{"for": "60"}) == {"version": 3, "reason": "", "minutes": 60}
    assert asked("snooze", **{"for": "tomorrow"})["until"].startswith("2026-11-23T")
    assert asked("resolve", outcome="watch", minutes="6")["minutes"] == 6
    assert asked("resolve", minutes="six")["minutes"] == -1
    assert asked("resolve")["minutes"] is None
    assert asked("note", text="x") == {"version": 3, "text": "x"}
    assert asked("note", text="x", version="; DROP")["version"] == 0
