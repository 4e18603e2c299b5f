"""The life of one alert, step by step."""

import datetime as dt

import pytest
from msgspec.structs import replace

from alerts.life.alert import Alert, Outcome, State
from alerts.life.events import (
    Acknowledge,
    Cleared,
    ClearedLongAgo,
    Confirmed,
    Escalate,
    Event,
    Note,
    Reopen,
    Resolve,
    Snooze,
    SnoozeEnded,
    StepDue,
    TooLongAcknowledged,
    Withdrawn,
    Worse,
)
from alerts.life.lifecycle import Changed, Refused, opened, step
from care.programme import Step
from care.rules import Lane, Severity
from tests.unit.alerts.factory import ANA, LADDERS, NOW, POLICY, alert

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


def changed(before: Alert, event: Event, *, now: dt.datetime = NOW) -> Changed:
    answer = step(before, event, now=now, policy=POLICY)
    assert isinstance(answer, Changed), answer
    return answer


def refused(before: Alert, event: Event, *, now: dt.datetime = NOW) -> Refused:
    answer = step(before, event, now=now, policy=POLICY)
    assert isinstance(answer, Refused), answer
    return answer


def due(change: Changed) -> dict[tuple[str, str], dt.timedelta]:
    return {(each.what, each.key): each.at - NOW for each in change.due}


def test_an_alert_that_opens_has_every_step_of_its_ladder_due() -> None:
    change = opened(alert(), Confirmed(why=""), policy=POLICY)
    assert due(change) == {("escalate", "1/0"): 0 * MINUTE, ("escalate", "1/1"): 15 * MINUTE}
    assert change.alert.acknowledge_by == NOW + 15 * MINUTE


def test_an_alert_that_waits_for_a_repeat_tells_nobody_yet() -> None:
    change = opened(alert(state=State.AWAITING_REPEAT), Confirmed(why=""), policy=POLICY)
    assert change.due == ()


def test_a_confirmed_alert_starts_its_first_ladder() -> None:
    change = changed(alert(state=State.AWAITING_REPEAT), Confirmed(why="186 at 08:09"))
    assert change.alert.state is State.OPEN
    assert change.alert.generation == 1
    assert ("escalate", "1/0") in due(change)


@pytest.mark.parametrize("quiet", [{"late": True}, {"lane": Lane.REVIEW}])
def test_what_came_late_pages_nobody(quiet: dict[str, object]) -> None:
    change = opened(alert(**quiet), Confirmed(why=""), policy=POLICY)
    assert change.due == ()
    assert change.alert.acknowledge_by is None


def test_acknowledging_stops_the_ladder_and_hushes_what_has_not_left() -> None:
    change = changed(alert(), Acknowledge(actor=ANA))
    assert change.alert.state is State.ACKNOWLEDGED
    assert "escalate" in change.not_due
    assert change.hush
    assert due(change) == {("reopen", ""): 30 * MINUTE}


def test_an_acknowledgement_that_nothing_follows_opens_the_alert_again() -> None:
    change = changed(alert(state=State.ACKNOWLEDGED, acknowledged_by=ANA), TooLongAcknowledged())
    assert (change.alert.state, change.alert.generation) == (State.OPEN, 2)
    assert change.alert.acknowledged_by is None
    assert ("escalate", "2/0") in due(change)


def test_a_note_on_an_acknowledged_alert_is_work_and_puts_its_reopening_off() -> None:
    change = changed(alert(state=State.ACKNOWLEDGED), Note(actor=ANA, text="left a message"))
    assert change.not_due == ("reopen",)
    assert due(change) == {("reopen", ""): 30 * MINUTE}


@pytest.mark.parametrize(
    ("away", "why"),
    [
        (-MINUTE, "must lie in the future"),
        (0 * MINUTE, "must lie in the future"),
        (MINUTE, None),
        (72 * HOUR - MINUTE, None),
        (72 * HOUR, None),
        (72 * HOUR + MINUTE, "may be at most 72 hours away"),
    ],
)
def test_a_snooze_ends_in_the_future_and_within_the_cap(
    away: dt.timedelta, why: str | None
) -> None:
    snooze = Snooze(actor=ANA, until=NOW + away)
    if why is not None:
        assert refused(alert(), snooze).why == why
        return
    change = changed(alert(), snooze)
    assert change.alert.snoozed_until == NOW + away
    assert due(change) == {("wake", ""): away}


def test_a_snooze_that_ends_starts_the_ladder_anew() -> None:
    change = changed(alert(state=State.SNOOZED), SnoozeEnded())
    assert (change.alert.state, change.alert.snoozed_until) == (State.OPEN, None)
    assert ("escalate", "2/0") in due(change)


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.SNOOZED])
def test_a_worse_reading_brings_it_back(state: State) -> None:
    mild = alert(state=state, severity=Severity.HIGH, peak=Severity.HIGH)
    change = changed(mild, Worse(severity=Severity.CRITICAL, value=191.0))
    assert change.alert.state is State.OPEN
    assert change.alert.peak is Severity.CRITICAL
    assert change.alert.snoozed_until is None
    assert ("escalate", "2/0") in due(change)
    assert "wake" in change.not_due


def test_an_open_alert_that_gets_graver_starts_the_graver_ladder() -> None:
    mild = alert(severity=Severity.HIGH, peak=Severity.HIGH)
    change = changed(mild, Worse(severity=Severity.CRITICAL))
    assert change.alert.generation == 2
    assert due(change)[("escalate", "2/1")] == 15 * MINUTE


def test_an_open_alert_that_is_only_worse_by_number_keeps_its_ladder() -> None:
    change = changed(alert(), Worse(severity=Severity.CRITICAL, value=190.0))
    assert (change.alert.generation, change.due, change.not_due) == (1, (), ())


def test_a_step_of_an_earlier_opening_is_not_taken() -> None:
    assert refused(alert(generation=2), StepDue(generation=1, step=1)).field == "generation"


def test_steps_make_an_escalated_alert() -> None:
    change = changed(alert(), StepDue(generation=1, step=0))
    assert (change.alert.state, change.alert.escalation_level) == (State.ESCALATED, 1)


def test_a_step_that_is_due_after_somebody_took_it_on_is_nothing() -> None:
    refused(alert(state=State.ACKNOWLEDGED), StepDue(generation=1, step=1))


def test_a_person_who_escalates_has_the_next_step_taken_at_once() -> None:
    change = changed(alert(), Escalate(actor=ANA, reason="needs a doctor"))
    assert change.alert.state is State.ESCALATED
    assert due(change) == {("escalate", "1/1/by-hand-2"): 0 * MINUTE}
    assert "escalate" not in change.not_due


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.SNOOZED, State.AWAITING_REPEAT])
def test_handing_up_what_had_been_put_aside_starts_what_is_left_of_the_ladder(state: State) -> None:
    third = Step(after_min=45, to="clinician", hours="always")
    ladders = (replace(LADDERS[0], steps=(*LADDERS[0].steps, third)),)
    answer = step(
        alert(state=state), Escalate(actor=ANA), now=NOW, policy=replace(POLICY, ladders=ladders)
    )
    assert isinstance(answer, Changed)
    assert due(answer) == {
        ("escalate", "2/1/by-hand-2"): 0 * MINUTE,
        ("escalate", "2/2"): 45 * MINUTE,
    }
    assert answer.alert.acknowledge_by == NOW + 15 * MINUTE


@pytest.mark.parametrize(("note", "fine"), [("ok", False), ("fin", True), ("fine", True)])
def test_resolving_needs_a_note_of_three_characters(note: str, *, fine: bool) -> None:
    done = Resolve(actor=ANA, outcome=Outcome.WATCH, note=note)
    assert isinstance(step(alert(), done, now=NOW, policy=POLICY), Changed) is fine


@pytest.mark.parametrize(("minutes", "fine"), [(-1, False), (0, True), (480, True), (481, False)])
def test_minutes_are_from_none_to_eight_hours(minutes: int, *, fine: bool) -> None:
    done = Resolve(actor=ANA, outcome=Outcome.WATCH, note="called", minutes=minutes)
    assert isinstance(step(alert(), done, now=NOW, policy=POLICY), Changed) is fine


def test_a_resolved_alert_has_nothing_due() -> None:
    change = changed(alert(), Resolve(actor=ANA, outcome=Outcome.CALLED_PATIENT, note="spoke"))
    assert change.due == ()
    assert set(change.not_due) == {"escalate", "wake", "reopen", "auto_close"}
    assert change.alert.ended_by == ANA


def test_nobody_resolves_as_hearthbeat() -> None:
    done = Resolve(actor=ANA, outcome=Outcome.AUTO_CLEARED, note="gone")
    assert refused(alert(), done).field == "outcome"


def test_a_latching_alert_that_clears_stays_and_says_so() -> None:
    change = changed(alert(), Cleared(at=NOW, why="142 at 09:00"))
    assert (change.alert.state, change.alert.cleared_at) == (State.OPEN, NOW)
    assert change.due == ()


def test_an_alert_that_does_not_latch_leaves_the_queue_long_after_it_cleared() -> None:
    change = changed(alert(latch=False), Cleared(at=NOW, why="back in range"))
    assert due(change) == {("auto_close", ""): 72 * HOUR}
    gone = changed(change.alert, ClearedLongAgo(), now=NOW + 72 * HOUR)
    assert gone.alert.outcome is Outcome.AUTO_CLEARED


@pytest.mark.parametrize(
    "kept", [{"latch": True, "cleared_at": NOW}, {"latch": False, "cleared_at": None}]
)
def test_nothing_else_closes_by_itself(kept: dict[str, object]) -> None:
    refused(alert(**kept), ClearedLongAgo())


def test_an_undone_snooze_is_open_at_once() -> None:
    change = changed(alert(state=State.SNOOZED), Reopen(actor=ANA, reason="pressed by mistake"))
    assert change.alert.state is State.OPEN
    assert "wake" in change.not_due


def test_what_was_withdrawn_stays_withdrawn() -> None:
    gone = changed(alert(), Withdrawn(why="the reading is somebody else's")).alert
    assert gone.ended_at == NOW
    assert "withdrawn" in refused(gone, Reopen(actor=ANA)).why


def test_every_change_is_one_version() -> None:
    before = alert(version=4)
    for event in (Acknowledge(actor=ANA), Note(actor=ANA, text="hello"), Cleared(at=NOW, why="")):
        assert changed(before, event).alert.version == 5


def test_high_waits_for_working_hours() -> None:
    evening = NOW.replace(hour=20)
    mild = alert(severity=Severity.HIGH, opened_at=evening)
    change = opened(mild, Confirmed(why=""), policy=POLICY)
    assert [each.at for each in change.due] == [
        dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC),
    ]


def test_a_severity_without_a_ladder_has_nothing_due() -> None:
    change = opened(alert(severity=Severity.LOW), Confirmed(why=""), policy=POLICY)
    assert change.due == ()


def test_ladders_are_those_of_the_policy() -> None:
    bare = replace(POLICY, ladders=LADDERS[1:])
    assert opened(alert(), Confirmed(why=""), policy=bare).due == ()


@pytest.mark.parametrize(("level", "fine"), [(1, True), (2, True), (3, False)])
def test_an_alert_is_handed_up_until_everybody_on_its_ladder_has_been_told(
    level: int, *, fine: bool
) -> None:
    answer = step(
        alert(state=State.ESCALATED, escalation_level=level),
        Escalate(actor=ANA),
        now=NOW,
        policy=POLICY,
    )
    assert isinstance(answer, Changed) is fine
