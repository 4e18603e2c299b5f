"""What people do to alerts: one action, one transaction, one row of history."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import msgspec

from alerts.life import rows
from alerts.life.alert import Alert
from alerts.life.errors import ClaimHeld, NoSuchAlert, NotAllowed, StaleAlert
from alerts.life.events import ByPerson, Claim, Release, facts, told
from alerts.life.lifecycle import Refused, step
from alerts.life.policies import policy_of
from store.pool import Connection


async def act(
    conn: Connection,
    organisation_id: UUID,
    alert_id: UUID,
    event: ByPerson,
    *,
    version: int | None,
    now: dt.datetime,
    idempotency_key: str | None = None,
    take_over: bool = False,
) -> Alert:
    """The alert after it. The same idempotency key again changes nothing and answers the same.

    `version` is what the person looked at; None only where that cannot matter (a note).
    Raises NoSuchAlert, StaleAlert, ClaimHeld, NotAllowed.
    """
    async with conn.transaction():
        alert = await rows.lock(conn, organisation_id, alert_id)
        if alert is None:
            raise NoSuchAlert(alert_id)
        if idempotency_key is not None and await _done(conn, alert_id, event, idempotency_key):
            return alert
        if version is not None and version != alert.version:
            raise await _stale(conn, alert)
        policy = await policy_of(conn, organisation_id, alert.plan_version_id)
        answer = step(alert, event, now=now, policy=policy)
        if isinstance(answer, Refused):
            raise NotAllowed(answer.field, answer.why)
        if isinstance(event, Claim):
            lease = dt.timedelta(minutes=policy.silence.claim_min)
            await _claim(conn, alert, event, now=now, lease=lease, take_over=take_over)
        elif isinstance(event, Release):
            await _release(conn, alert, event)
        await rows.save(conn, [answer], now=now, idempotency_key=idempotency_key)
        return answer.alert


async def _done(conn: Connection, alert_id: UUID, event: ByPerson, key: str) -> bool:
    """Raises NotAllowed where the key stands for something else: that would be answered as done,
    and was not.
    """
    before = await conn.fetchrow(rows.QUERIES["same_request"], alert_id, key)
    if before is None:
        return False
    then = {**msgspec.json.decode(before["facts"]), **_UNTIL}
    same = (before["event"], before["reason"]) == (event.name, told(event))
    if not same or then != {**msgspec.to_builtins(facts(event)), **_UNTIL}:
        raise NotAllowed("Idempotency-Key", "this key stands for another request")
    return True


_UNTIL: Final[dict[str, Any]] = {"until": None}
"""Not compared: "an hour from now" is another instant when it is said again."""


async def _stale(conn: Connection, alert: Alert) -> StaleAlert:
    last = await conn.fetchrow(rows.QUERIES["last_event"], alert.id)
    if last is None:
        return StaleAlert(alert, event="opened", at=alert.opened_at, actor=None, name=None)
    return StaleAlert(
        alert,
        event=last["event"],
        at=last["at"],
        actor=last["actor"],
        name=last["actor_name"],
    )


async def _claim(
    conn: Connection,
    alert: Alert,
    event: Claim,
    *,
    now: dt.datetime,
    lease: dt.timedelta,
    take_over: bool,
) -> None:
    """The whole row of the queue: the other alerts of the same patient are looked at with it."""
    where = (alert.organisation_id, alert.subject_kind, alert.subject)
    taken = await conn.fetchval(
        rows.QUERIES["claim"], *where, event.actor, now, now + lease, take_over
    )
    if taken is None:
        holder = await conn.fetchrow(rows.QUERIES["claimed_by"], *where, now)
        if holder is None:
            raise NotAllowed("claim", "could not be taken; try again")
        raise ClaimHeld(holder["username"], holder["expires_at"])


async def _release(conn: Connection, alert: Alert, event: Release) -> None:
    await conn.execute(
        rows.QUERIES["release"],
        alert.organisation_id,
        alert.subject_kind,
        alert.subject,
        event.actor,
    )
