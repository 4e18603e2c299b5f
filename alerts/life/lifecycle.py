"""What an event does to an alert. Pure: the same alert, event, policy and `now`, the same answer.

The answer carries everything that belongs in one transaction: the alert as it is then, the row of
its history, what is due later, and what is not due any more.
"""

import datetime as dt
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from alerts.life.alert import Alert, Outcome, State
from alerts.life.events import (
    Acknowledge,
    Cleared,
    ClearedLongAgo,
    Escalate,
    Event,
    Note,
    Recurred,
    Reinstated,
    Reopen,
    Resolve,
    Snooze,
    StepDue,
    Withdrawn,
    Worse,
    actor_of,
    told,
)
from alerts.life.ladder import Rung, rungs, target
from alerts.life.states import next_state
from care.programme import Ladder, Silence, WorkingHours
from care.rules import RANK, Lane

NOTE_LEAST: Final = 3
NOTE_MOST: Final = 2000
MINUTES_MOST: Final = 480
PAGING: Final = frozenset({Lane.MEDICAL, Lane.NEEDS_CHECK, Lane.TECHNICAL, Lane.COMPLIANCE})

_NOT_CLEARED: Final = {"cleared_at": None, "cleared_why": None}
_NOT_ENDED: Final = {"ended_at": None, "ended_by": None, "outcome": None}


class Policy(Struct, frozen=True, kw_only=True):
    """What the plan says of an alert of this severity."""

    silence: Silence = Silence()
    ladders: tuple[Ladder, ...] = ()
    hours: WorkingHours = WorkingHours()
    zone: ZoneInfo = ZoneInfo("UTC")
    """The clinic's."""

    def ladder(self, alert: Alert) -> Ladder | None:
        """None for what pages nobody: a backlog is read, not answered."""
        if alert.late or alert.lane not in PAGING:
            return None
        return next((each for each in self.ladders if each.severity == alert.severity), None)


class Due(Struct, frozen=True, kw_only=True):
    """Something that happens by the clock unless it is taken back."""

    what: str
    key: str
    at: dt.datetime


class Changed(Struct, frozen=True, kw_only=True):
    """One version of the alert, and what goes with it."""

    alert: Alert
    event: Event
    from_state: State | None
    due: tuple[Due, ...] = ()
    not_due: tuple[str, ...] = ()
    """Kinds of due rows that fall away, before `due` is set."""
    hush: bool = False
    """Messages that have not left yet are not sent."""


class Refused(Struct, frozen=True, kw_only=True):
    """Nothing changes."""

    field: str
    why: str


def opened(alert: Alert, event: Event, *, policy: Policy) -> Changed:
    """A new alert enters the queue; `alert.opened_at` is when."""
    started, due = _ladder_started(alert, policy, now=alert.opened_at)
    if alert.state is State.AWAITING_REPEAT:
        return Changed(alert=alert, event=event, from_state=None)
    return Changed(alert=started, event=event, from_state=None, due=due)


def step(alert: Alert, event: Event, *, now: dt.datetime, policy: Policy) -> Changed | Refused:
    """The alert after the event, or why it cannot be."""
    state = next_state(alert.state, event)
    if state is None:
        return Refused(field="state", why=_cannot(alert, event))
    refused = _refusal(alert, event, now=now, policy=policy)
    if refused is not None:
        return refused
    after = replace(
        alert,
        state=state,
        version=alert.version + 1,
        updated_at=now,
        snoozed_until=_snoozed_until(alert, event, state),
        **_said(alert, event, state, now=now),
    )
    if _begins_anew(alert, event, state):
        return _anew(alert, after, event, policy, now=now)
    return _carried_on(alert, after, event, policy, now=now)


def _snoozed_until(alert: Alert, event: Event, state: State) -> dt.datetime | None:
    """What leaves it snoozed leaves it so until the same instant."""
    if isinstance(event, Snooze):
        return event.until
    return alert.snoozed_until if state is State.SNOOZED else None


def _said(alert: Alert, event: Event, state: State, *, now: dt.datetime) -> dict[str, Any]:
    """The columns that this event sets, beside state and version."""
    columns: dict[str, Any] = {}
    match event:
        case Worse():
            peak = max(alert.peak, event.severity, key=RANK.__getitem__)
            columns = _NOT_CLEARED | {"severity": event.severity, "peak": peak}
        case Cleared():
            columns = {"cleared_at": event.at, "cleared_why": event.why}
        case Recurred():
            columns = _NOT_CLEARED | _NOT_ENDED
        case Acknowledge():
            columns = {"acknowledged_at": now, "acknowledged_by": event.actor}
        case StepDue() | Escalate():
            columns = {"escalation_level": alert.escalation_level + 1}
        case Resolve():
            columns = {"ended_at": now, "ended_by": event.actor, "outcome": event.outcome}
        case ClearedLongAgo():
            columns = {"ended_at": now, "outcome": Outcome.AUTO_CLEARED}
        case Reopen() | Reinstated():
            columns = _NOT_ENDED
        case _ if state is State.WITHDRAWN:
            columns = {"ended_at": now, "outcome": None}
    return columns


def _begins_anew(alert: Alert, event: Event, state: State) -> bool:
    """Whether the ladder starts from its first step: the alert is open again, or graver."""
    if isinstance(event, Worse) and alert.state.unattended:
        return RANK[event.severity] > RANK[alert.severity]
    return state is State.OPEN and alert.state is not State.OPEN


def _anew(alert: Alert, after: Alert, event: Event, policy: Policy, *, now: dt.datetime) -> Changed:
    first = alert.state is State.AWAITING_REPEAT
    again = replace(
        after,
        generation=alert.generation if first else alert.generation + 1,
        escalation_level=0,
        acknowledged_at=None,
        acknowledged_by=None,
    )
    started, due = _ladder_started(again, policy, now=now)
    return Changed(
        alert=started,
        event=event,
        from_state=alert.state,
        not_due=("escalate", "reopen", "wake"),
        due=(*due, *_closing(started, policy)),
    )


def _carried_on(
    alert: Alert, after: Alert, event: Event, policy: Policy, *, now: dt.datetime
) -> Changed:
    """Everything but a new beginning."""
    due: tuple[Due, ...] = ()
    not_due: tuple[str, ...] = ()
    hush = False
    match event:
        case Acknowledge():
            not_due, hush = ("escalate", "wake", "reopen"), True
            due = _reopening(after, policy, now=now)
        case Note() if alert.state is State.ACKNOWLEDGED:
            not_due, due = ("reopen",), _reopening(after, policy, now=now)
        case Snooze():
            not_due, hush = ("escalate", "wake", "reopen"), True
            due = (Due(what="wake", key="", at=event.until),)
        case Escalate():
            return _handed_on(alert, after, event, policy, now=now)
        case Cleared() | Recurred():
            not_due, due = ("auto_close",), _closing(after, policy)
    if not after.state.standing and alert.state.standing:
        not_due, hush = ("escalate", "wake", "reopen", "auto_close"), True
    return Changed(
        alert=after, event=event, from_state=alert.state, due=due, not_due=not_due, hush=hush
    )


def _refusal(alert: Alert, event: Event, *, now: dt.datetime, policy: Policy) -> Refused | None:
    if actor_of(event) is not None and len(told(event)) > NOTE_MOST:
        field = "reason" if hasattr(event, "reason") else "note"
        return Refused(field=field, why=f"may have at most {NOTE_MOST} characters")
    match event:
        case Snooze():
            return _snooze_refused(event, now=now, silence=policy.silence)
        case Resolve():
            return _resolve_refused(event)
        case Note():
            return _text_refused("note", event.text)
        case Escalate():
            return _escalation_refused(alert, policy)
    return _meaningless(alert, event)


def _meaningless(alert: Alert, event: Event) -> Refused | None:
    """What rules and clock say of an alert that it is not meant for."""
    match event:
        case StepDue() if event.generation != alert.generation:
            return Refused(field="generation", why="a step of an earlier opening")
        case Recurred() | Withdrawn() if _dealt_with(alert):
            return Refused(field="state", why="somebody has dealt with it")
        case ClearedLongAgo() if alert.latch or alert.cleared_at is None:
            return Refused(field="state", why="it latches, or has not cleared")
    return None


def _dealt_with(alert: Alert) -> bool:
    return alert.state is State.RESOLVED and alert.outcome is not Outcome.AUTO_CLEARED


def _escalation_refused(alert: Alert, policy: Policy) -> Refused | None:
    """Once more than there are steps reaches the last of them again; then it is noise."""
    ladder = policy.ladder(alert)
    steps = 1 if ladder is None else max(len(ladder.steps), 1)
    if alert.escalation_level <= steps:
        return None
    return Refused(field="state", why="everybody on its ladder has been told; call them")


def _snooze_refused(event: Snooze, *, now: dt.datetime, silence: Silence) -> Refused | None:
    if event.until <= now:
        return Refused(field="until", why="must lie in the future")
    if event.until > now + dt.timedelta(hours=silence.snooze_max_hours):
        return Refused(field="until", why=f"may be at most {silence.snooze_max_hours} hours away")
    return None


def _resolve_refused(event: Resolve) -> Refused | None:
    if event.outcome is Outcome.AUTO_CLEARED:
        return Refused(field="outcome", why="is for Hearthbeat itself; choose what you did")
    if event.minutes is not None and not 0 <= event.minutes <= MINUTES_MOST:
        return Refused(field="minutes", why=f"must be from 0 to {MINUTES_MOST}")
    return _text_refused("note", event.note)


def _text_refused(field: str, text: str) -> Refused | None:
    if len(text.strip()) < NOTE_LEAST:
        return Refused(field=field, why=f"needs at least {NOTE_LEAST} characters")
    if len(text) > NOTE_MOST:
        return Refused(field=field, why=f"may have at most {NOTE_MOST} characters")
    return None


def _cannot(alert: Alert, event: Event) -> str:
    """In words for who pressed the button."""
    if isinstance(event, Reopen) and alert.state.unattended:
        return "it is open already"
    if isinstance(event, Acknowledge) and alert.state is State.ACKNOWLEDGED:
        return "somebody has taken it on already"
    if alert.state is State.WITHDRAWN:
        return "it was withdrawn: what is known now does not bear it"
    if alert.state is State.RESOLVED:
        return "it is resolved; reopen it first"
    return f"an alert that is {alert.state.replace('_', ' ')} cannot be {event.name}"


def _ladder_started(
    alert: Alert, policy: Policy, *, now: dt.datetime
) -> tuple[Alert, tuple[Due, ...]]:
    ladder = policy.ladder(alert)
    if ladder is None:
        return replace(alert, acknowledge_by=None), ()
    due = tuple(
        _rung_due(alert, rung)
        for rung in rungs(ladder, since=now, hours=policy.hours, zone=policy.zone)
    )
    aim = target(ladder, since=now, hours=policy.hours, zone=policy.zone)
    return replace(alert, acknowledge_by=aim), due


def _rung_due(alert: Alert, rung: Rung) -> Due:
    return Due(what="escalate", key=f"{alert.generation}/{rung.step}", at=rung.at)


def _handed_on(
    alert: Alert, after: Alert, event: Escalate, policy: Policy, *, now: dt.datetime
) -> Changed:
    """A person escalates: the next step is due now, whatever the hour.

    Where the ladder had stopped, because somebody had taken the alert on or put it off, what is
    left of it runs again: an alert that is handed up must not end with whoever does not answer.
    """
    ladder = policy.ladder(alert)
    steps = () if ladder is None else ladder.steps
    rung = min(after.escalation_level, len(steps) - 1)
    running = alert.state.unattended
    if ladder is None or not steps:
        return Changed(alert=after, event=event, from_state=alert.state, not_due=("wake", "reopen"))
    if not running:
        after = replace(
            after,
            generation=alert.generation + 1,
            acknowledged_at=None,
            acknowledged_by=None,
            acknowledge_by=target(ladder, since=now, hours=policy.hours, zone=policy.zone),
        )
    key = f"{after.generation}/{rung}/by-hand-{after.version}"
    due: tuple[Due, ...] = (Due(what="escalate", key=key, at=now),)
    if not running:
        left = rungs(ladder, since=now, hours=policy.hours, zone=policy.zone)[rung + 1 :]
        due += tuple(_rung_due(after, each) for each in left)
    return Changed(
        alert=after, event=event, from_state=alert.state, due=due, not_due=("wake", "reopen")
    )


def _reopening(alert: Alert, policy: Policy, *, now: dt.datetime) -> tuple[Due, ...]:
    ladder = policy.ladder(alert)
    if ladder is None or ladder.reopen_after_min is None:
        return ()
    at = target(
        ladder, since=now, hours=policy.hours, zone=policy.zone, minutes=ladder.reopen_after_min
    )
    return () if at is None else (Due(what="reopen", key="", at=at),)


def _closing(alert: Alert, policy: Policy) -> tuple[Due, ...]:
    if alert.latch or alert.cleared_at is None:
        return ()
    wait = dt.timedelta(hours=policy.silence.auto_close_after_hours)
    return (Due(what="auto_close", key="", at=alert.cleared_at + wait),)
