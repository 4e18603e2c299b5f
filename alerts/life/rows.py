"""Alerts to and from their rows. Every write takes a list: a batch costs few statements."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from structlog import get_logger

from alerts.life.alert import Alert
from alerts.life.events import actor_of, facts, told
from alerts.life.lifecycle import Changed
from store.pool import Connection
from store.queries import load

log = get_logger()

QUERIES: Final = load("alerts", "rows.sql")
_JSON_COLUMNS: Final = ("bound", "reason")


def from_row(row: Mapping[str, Any]) -> Alert:
    columns = {name: row[name] for name in Alert.__struct_fields__}
    for name in _JSON_COLUMNS:
        if columns[name] is not None:
            columns[name] = msgspec.json.decode(columns[name])
    return msgspec.convert(columns, Alert, builtin_types=(UUID, dt.datetime))


async def find(conn: Connection, organisation_id: UUID, alert_id: UUID) -> Alert | None:
    row = await conn.fetchrow(QUERIES["find"], organisation_id, alert_id)
    return None if row is None else from_row(dict(row))


async def lock(conn: Connection, organisation_id: UUID, alert_id: UUID) -> Alert | None:
    """As `find`, and nobody else changes it until the transaction ends."""
    row = await conn.fetchrow(QUERIES["lock"], organisation_id, alert_id)
    return None if row is None else from_row(dict(row))


async def lock_idle(conn: Connection, organisation_id: UUID, alert_id: UUID) -> Alert | None:
    """As `lock`, but None at once where somebody else is at it."""
    row = await conn.fetchrow(QUERIES["lock_idle"], organisation_id, alert_id)
    return None if row is None else from_row(dict(row))


async def lock_many(conn: Connection, ids: Sequence[UUID]) -> list[Alert]:
    return [from_row(dict(row)) for row in await conn.fetch(QUERIES["lock_many"], list(ids))]


async def write(conn: Connection, alerts: Sequence[Alert]) -> None:
    """Insert or replace; no history: for facts that follow the readings by themselves. Whoever has
    them on a page is told that they have moved.
    """
    if alerts:
        kept = _json(alerts)
        await conn.execute(QUERIES["write"], kept)
        await conn.execute(QUERIES["told"], kept)


async def save(
    conn: Connection,
    changes: Sequence[Changed],
    *,
    now: dt.datetime,
    idempotency_key: str | None = None,
) -> None:
    """All that the changes bring, in the caller's transaction: rows, history, due times, hush.

    Several changes of one alert come in their order; the last one's row stands.
    """
    if not changes:
        return
    last = {change.alert.id: change.alert for change in changes}
    rows = _json(list(last.values()))
    await conn.execute(QUERIES["write"], rows)
    await conn.execute(
        QUERIES["log"], _json([_event(each, now, idempotency_key) for each in changes])
    )
    await _reschedule(conn, changes)
    hushed = [change.alert.id for change in changes if change.hush]
    if hushed:
        await conn.execute(QUERIES["hush"], hushed, now)
    await conn.execute(QUERIES["told"], rows)


async def _reschedule(conn: Connection, changes: Sequence[Changed]) -> None:
    """What all of them come to: a later change takes back what an earlier one set."""
    gone: set[tuple[UUID, str]] = set()
    due: dict[tuple[UUID, str, str], tuple[UUID, dt.datetime]] = {}
    for change in changes:
        alert = change.alert
        for what in change.not_due:
            gone.add((alert.id, what))
            for key in [key for key in due if key[:2] == (alert.id, what)]:
                del due[key]
        for each in change.due:
            due[alert.id, each.what, each.key] = (alert.organisation_id, each.at)
    if gone:
        await conn.execute(
            QUERIES["not_due"], [subject for subject, _ in gone], [what for _, what in gone]
        )
    if due:
        await conn.execute(
            QUERIES["due"],
            [organisation for organisation, _ in due.values()],
            [what for _, what, _ in due],
            [subject for subject, _, _ in due],
            [key for _, _, key in due],
            [at for _, at in due.values()],
        )


def _event(change: Changed, now: dt.datetime, idempotency_key: str | None) -> dict[str, Any]:
    alert = change.alert
    return {
        "organisation_id": alert.organisation_id,
        "alert_id": alert.id,
        "patient_id": alert.patient_id,
        "version": alert.version,
        "at": now,
        "event": change.event.name,
        "from_state": change.from_state,
        "to_state": alert.state,
        "actor": actor_of(change.event),
        "reason": told(change.event),
        "facts": facts(change.event),
        "idempotency_key": idempotency_key,
    }


def _json(rows: Any) -> str:
    return msgspec.json.encode(rows).decode()
