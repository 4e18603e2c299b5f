"""The table of states: from where, by what, to where. docs/alert-states.md is made from it."""

from typing import Final

from alerts.life.alert import State
from alerts.life.events import (
    Acknowledge,
    Claim,
    Cleared,
    ClearedLongAgo,
    Confirmed,
    Escalate,
    Event,
    Note,
    Opened,
    Recurred,
    Reinstated,
    Release,
    Reopen,
    Resolve,
    Snooze,
    SnoozeEnded,
    StepDue,
    TooLongAcknowledged,
    Withdrawn,
    Worse,
)

_AWAITING, _OPEN, _ACK = State.AWAITING_REPEAT, State.OPEN, State.ACKNOWLEDGED
_SNOOZED, _ESCALATED, _RESOLVED = State.SNOOZED, State.ESCALATED, State.RESOLVED
_STANDING: Final = tuple(state for state in State if state.standing)


def _to(target: State, *sources: State) -> dict[State, State]:
    return dict.fromkeys(sources, target)


def _stays(*states: State) -> dict[State, State]:
    return {state: state for state in states}


TABLE: Final[dict[type[Event], dict[State, State]]] = {
    # Only how an alert begins: alerts.life.lifecycle.opened.
    Opened: {},
    Confirmed: _to(_OPEN, _AWAITING) | _stays(_OPEN, _ACK, _SNOOZED, _ESCALATED),
    # Somebody who took it on, or put it off, did so for a milder value.
    Worse: _stays(_AWAITING) | _to(_OPEN, _OPEN, _ESCALATED, _ACK, _SNOOZED),
    Cleared: _stays(*_STANDING),
    # Resolved: by Hearthbeat only. What a person resolved stays so.
    Recurred: _stays(*_STANDING) | _to(_OPEN, _RESOLVED),
    Withdrawn: _to(State.WITHDRAWN, *_STANDING, _RESOLVED),
    Reinstated: _to(_OPEN, State.WITHDRAWN),
    StepDue: _to(_ESCALATED, _OPEN, _ESCALATED),
    TooLongAcknowledged: _to(_OPEN, _ACK),
    SnoozeEnded: _to(_OPEN, _SNOOZED),
    ClearedLongAgo: _to(_RESOLVED, *_STANDING),
    Claim: _stays(*_STANDING),
    Release: _stays(*State),
    Acknowledge: _to(_ACK, _AWAITING, _OPEN, _ESCALATED, _SNOOZED),
    Snooze: _to(_SNOOZED, _OPEN, _ESCALATED, _ACK, _SNOOZED),
    Escalate: _to(_ESCALATED, _AWAITING, _OPEN, _ESCALATED, _ACK, _SNOOZED),
    Resolve: _to(_RESOLVED, *_STANDING),
    Reopen: _to(_OPEN, _ACK, _SNOOZED, _RESOLVED),
    Note: _stays(*State),
}
"""Pairs that are not here are refused: by people with words, by clock and rules without effect."""


def next_state(state: State, event: Event) -> State | None:
    """None where the event means nothing in this state."""
    return TABLE[type(event)].get(state)
