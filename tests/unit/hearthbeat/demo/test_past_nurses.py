"""What the demonstration's nurses do, and when."""

import datetime as dt
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from alerts.life.alert import UNTOUCHED, Alert, State
from alerts.life.events import Acknowledge, Claim, Escalate, Reopen, Resolve, Snooze
from care.rules import Lane, Severity
from hearthbeat.demo.past_nurses import Staff, handling, in_hours, left
from simulator.people_cast import Stands

ZONE = ZoneInfo("America/New_York")
STAFF = Staff(nurse=UUID(int=1), second=UUID(int=2), clinician=UUID(int=3), zone=ZONE)
NOON = dt.datetime(2026, 11, 18, 17, tzinfo=dt.UTC)  # A Wednesday, noon in New York.


def alert(number: int = 1, *, severity: Severity = Severity.MEDIUM, latch: bool = True) -> Alert:
    return Alert(
        id=uuid5(UUID(int=9), str(number)), organisation_id=UUID(int=4), patient_id=UUID(int=5),
        subject_kind="patient", subject="5", lane=Lane.MEDICAL, rule="bp-very-high",
        label="Very high", plan_version_id=None, kind="blood_pressure", metric="systolic",
        severity=severity, peak=severity, state=State.OPEN, onset_reading=None, onset_at=NOON,
        last_at=NOON, readings=2, value=186.0, worst=189.0, bound=None, reason={}, late=False,
        latch=latch, opened_at=NOON, updated_at=NOON, **UNTOUCHED,
    )  # fmt: skip


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        ("2026-11-18T07:59", "2026-11-18T08:00"),
        ("2026-11-18T08:00", "2026-11-18T08:00"),
        ("2026-11-18T17:59", "2026-11-18T17:59"),
        ("2026-11-18T18:00", "2026-11-19T08:00"),
        ("2026-11-20T18:00", "2026-11-23T08:00"),
        ("2026-11-21T11:00", "2026-11-23T08:00"),
    ],
)
def test_what_comes_outside_of_working_hours_waits_for_them(at: str, begins: str) -> None:
    assert in_hours(local(at), ZONE) == local(begins)


@pytest.mark.parametrize("severity", list(Severity))
def test_deeds_are_done_in_order_and_after_the_alert(severity: Severity) -> None:
    for number in range(200):
        deeds = handling(alert(number, severity=severity), STAFF, now=NOON)
        times = [deed.at for deed in deeds]
        assert times == sorted(times)
        assert all(at > NOON for at in times)


def test_the_same_alert_is_always_dealt_with_in_the_same_way() -> None:
    assert handling(alert(), STAFF, now=NOON) == handling(alert(), STAFF, now=NOON)


def test_a_critical_one_is_taken_on_within_the_hour_at_any_hour() -> None:
    night = NOON + dt.timedelta(hours=14)
    for number in range(100):
        deeds = handling(alert(number, severity=Severity.CRITICAL), STAFF, now=night)
        taken = next(deed.at for deed in deeds if isinstance(deed.event, Acknowledge))
        assert taken - night < dt.timedelta(hours=1)


def test_every_kind_of_ending_happens() -> None:
    done = {
        type(deed.event)
        for number in range(300)
        for severity in Severity
        for deed in handling(alert(number, severity=severity), STAFF, now=NOON)
    }
    assert done >= {Acknowledge, Claim, Escalate, Reopen, Resolve, Snooze}


def test_what_closes_by_itself_is_sometimes_left_to_do_so() -> None:
    low = [alert(number, severity=Severity.LOW, latch=False) for number in range(50)]
    handled = [bool(handling(each, STAFF, now=NOON)) for each in low]
    assert set(handled) == {True, False}


@pytest.mark.parametrize(
    ("stands", "done"),
    [
        (Stands.OPEN, []),
        (Stands.ACKNOWLEDGED, [Acknowledge]),
        (Stands.CLAIMED, [Claim]),
        (Stands.SNOOZED, [Snooze]),
    ],
)
def test_what_stands_at_the_anchor_is_left_so(stands: Stands, done: list[type]) -> None:
    anchor = NOON + dt.timedelta(hours=4)
    deeds = left(alert(), stands, STAFF, anchor=anchor)
    assert [type(deed.event) for deed in deeds] == done
    assert all(NOON < deed.at <= anchor for deed in deeds)


def test_an_alert_of_this_minute_is_not_acted_on_before_it_was_there() -> None:
    fresh = replace(alert(), opened_at=NOON)
    (deed,) = left(fresh, Stands.ACKNOWLEDGED, STAFF, anchor=NOON + dt.timedelta(minutes=3))
    assert deed.at == NOON + dt.timedelta(minutes=1)
