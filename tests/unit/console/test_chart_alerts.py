"""Alerts on the chart: what its forms ask of the API, and who comes next."""

import datetime as dt
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.life.alert import State
from care.rules import Lane, Severity
from console.api.queue_order import NEVER, Place
from console.api.queue_standing import Line, Standing
from console.chart.alert_forms import body_of
from console.chart.alert_order import around
from console.web.forms import Form

NEW_YORK = ZoneInfo("America/New_York")
NOW = dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC)


def row(number: int | None) -> Line:
    """Of a patient, or of a hub."""
    whose = None if number is None else UUID(int=number)
    made = Standing(
        id=UUID(int=(number or 0) + 100), patient_id=whose,
        subject_kind="gateway" if whose is None else "patient", subject=str(whose or "hub"),
        severity=Severity.HIGH, state=State.OPEN, lane=Lane.MEDICAL, metric="systolic", late=False,
        acknowledged_by=None, acknowledge_by=None, cleared=False,
        place=Place(severity=1, stage=0, due=NEVER, since=NOW, subject=str(number)),
    )  # fmt: skip
    return Line(name=made.row, alerts=(made,), place=made.place)


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


def test_rows_of_hubs_count_as_in_the_list_and_are_gone_past() -> None:
    rows = [row(1), row(None), row(2), row(None)]
    first, last = around(rows, UUID(int=1)), around(rows, UUID(int=2))
    assert (first.number, first.of) == (1, 4)
    assert (last.number, last.of, last.after) == (3, 4, None)
    assert first.after is not None
    assert last.before is not None
    assert (first.after.patient.int, last.before.patient.int) == (2, 1)


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
