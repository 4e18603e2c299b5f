"""The alert that somebody opened, above the charts: why, on what, what was done, what can be."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from aiohttp import web

from alerts.life.alert import State
from care.rules import Lane
from console.api.alert_actions import TEMPLATES
from console.api.alert_answer import AlertAnswer
from console.api.alert_choices import MODES, OUTCOMES
from console.api.alert_over import Over, how_over
from console.api.alert_units import told
from console.api.alerts import QUERIES, alert_answer
from console.api.timeline_words import alert_event_words, alert_reason_words
from console.chart.alert_order import Neighbours, neighbours
from console.errors import NotFound
from console.parts import CALLER
from console.web.formats import Units, span
from store.pool import Connection

TECHNICAL: Final = frozenset({Lane.TECHNICAL, Lane.COMPLIANCE})
PROOF_SHOWN: Final = 12
NAPS: Final = (
    ("15", "15 minutes"),
    ("30", "30 minutes"),
    ("60", "1 hour"),
    ("240", "4 hours"),
    ("tomorrow", "Until tomorrow 08:00, the patient's time"),
)
STATES: Final = {
    State.AWAITING_REPEAT: "waiting for a repeat",
    State.OPEN: "open",
    State.ACKNOWLEDGED: "acknowledged",
    State.SNOOZED: "snoozed",
    State.ESCALATED: "escalated",
    State.RESOLVED: "resolved",
    State.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A reading that the alert rests on."""

    reading: UUID
    at: dt.datetime
    value: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One line of its history."""

    at: dt.datetime
    words: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    alert: AlertAnswer
    badge: str
    """The class and shape of its badge."""
    state: str
    standing: bool
    open_for: str
    late: bool
    over: Over | None
    """None: it goes on, or it was withdrawn and never was."""
    proof: tuple[Proof, ...]
    more_proof: int
    history: tuple[Done, ...]
    """The latest first."""
    near: Neighbours
    from_: str
    """The queue's filter, as it was handed over."""
    acts: bool
    """Whether this person may do something about it."""
    outcomes: tuple[tuple[str, str], ...] = (("", "Choose what came of it"), *OUTCOMES)
    modes: tuple[tuple[str, str], ...] = MODES
    naps: tuple[tuple[str, str], ...] = NAPS
    templates: tuple[tuple[str, str], ...] = (("", "None"), *TEMPLATES.items())


async def panel_of(
    request: web.Request,
    conn: Connection,
    patient_id: UUID,
    alert_id: UUID,
    *,
    now: dt.datetime,
    acts: bool,
    units: Units,
) -> Panel:
    """Raises NotFound for an alert that is another patient's."""
    caller = request[CALLER]
    alert = await alert_answer(
        request, conn, caller.organisation_id, alert_id, now=now, units=units
    )
    if alert.patient != patient_id:
        raise NotFound
    events = await conn.fetch(QUERIES["events"], caller.organisation_id, alert_id)
    proof = await conn.fetch(QUERIES["proof"], alert_id)
    from_ = request.query.get("from", "")[:500]
    return Panel(
        alert=alert,
        badge="technical" if alert.lane in TECHNICAL else str(alert.severity),
        state=STATES[alert.state],
        standing=alert.state.standing,
        open_for=span((alert.ended_at or now) - alert.onset_at),
        late=_late(alert, now),
        over=_over(alert),
        proof=tuple(_proof(alert, dict(row), units) for row in proof[:PROOF_SHOWN]),
        more_proof=max(len(proof) - PROOF_SHOWN, 0),
        history=tuple(_done(dict(row)) for row in reversed(events)),
        near=await neighbours(request, conn, patient_id, from_, now=now),
        from_=from_,
        acts=acts,
    )


def _late(alert: AlertAnswer, now: dt.datetime) -> bool:
    waiting = alert.state in {State.OPEN, State.ESCALATED}
    return waiting and alert.acknowledge_by is not None and now > alert.acknowledge_by


def _over(alert: AlertAnswer) -> Over | None:
    if alert.cleared_at is None or alert.state is State.WITHDRAWN:
        return None
    return how_over(alert.cleared_why)


def _proof(alert: AlertAnswer, row: dict[str, Any], units: Units) -> Proof:
    words = told(alert.metric, alert.reason, row["value"], units)
    return Proof(
        reading=row["reading_id"], at=row["measured_at"], value=words, severity=row["severity"]
    )


def _done(row: dict[str, Any]) -> Done:
    facts = msgspec.json.decode(row["facts"])
    return Done(
        at=row["at"],
        words=alert_event_words(row["event"], row["actor_name"], facts, reason=row["reason"]),
        reason=alert_reason_words(row["event"], row["reason"]),
    )
