"""The sweep: every so often all of a clinic is looked at for what is missing, and why.

One replica at a time sweeps a clinic; nothing is remembered between two sweeps, so that any may.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from structlog import get_logger

from alerts.life import rows
from alerts.life.alert import Alert
from alerts.life.lifecycle import Changed, Policy
from alerts.life.policies import WITHOUT_PLAN, PolicyBook
from alerts.technical.items import RULES, Judged, Key
from alerts.technical.judging import judge
from alerts.technical.keeping import Kept, keep
from alerts.technical.line import Line
from alerts.technical.reading import QUERIES, read_line, read_scene
from care.plan_shelf import PlanShelf
from store.pool import Connection, Pool
from store.schema import UNCLAIMED

log = get_logger()

AT_ONCE: Final = 500
"""Changes in one statement: after a great outage there are thousands."""


class Swept(Struct, frozen=True, kw_only=True):
    """What one sweep did."""

    clinics: int = 0
    """Those that nobody else was sweeping."""
    opened: int = 0
    changed: int = 0
    standing: Mapping[str, int] = {}
    """Causes that stand, by rule."""
    silent_since: dt.datetime | None = None
    """No hub at all has been heard since: the line is down, or we are."""


@dataclass(slots=True)
class Sweeper:
    """What a process knows from sweep to sweep; it may be lost at any time."""

    pool: Pool
    shelf: PlanShelf = field(default_factory=PlanShelf)
    policies: PolicyBook = field(default_factory=PolicyBook)
    """Its own: it is asked beside the event loop."""

    async def sweep(self, *, now: dt.datetime) -> Swept:
        """Every clinic. Raises what asyncpg raises; what was written till then is whole."""
        async with self.pool.acquire() as conn:
            clinics = await conn.fetch(QUERIES["organisations"], UNCLAIMED)
            line = await read_line(conn, now=now)
        done = Swept(silent_since=line.silent_since)
        for clinic in clinics:
            zone = ZoneInfo(clinic["time_zone"])
            done = _both(done, await self.clinic(clinic["id"], zone=zone, line=line, now=now))
        return done

    async def clinic(
        self, organisation_id: UUID, *, zone: ZoneInfo, line: Line, now: dt.datetime
    ) -> Swept:
        async with self.pool.acquire() as conn, conn.transaction():
            if not await conn.fetchval(QUERIES["lead"], organisation_id):
                return Swept()
            scene = await read_scene(conn, organisation_id, line=line, shelf=self.shelf, now=now)
            kept = await _kept(conn, organisation_id)
            judged = await asyncio.to_thread(judge, scene, kept, now=now)
            kept |= await _latest(conn, organisation_id, judged, kept)
            await self._read_policies(conn, judged, kept)
            found = await asyncio.to_thread(
                keep,
                judged,
                kept,
                organisation_id=organisation_id,
                now=now,
                policy_of=self._policies(zone),
            )
            changes = await _write(conn, found, kept, now=now)
        return Swept(
            clinics=1,
            opened=sum(change.from_state is None for change in changes),
            changed=len(changes),
            standing=Counter(key.rule for key in judged.wanted),
        )

    async def _read_policies(
        self, conn: Connection, judged: Judged, kept: Mapping[Key, Alert]
    ) -> None:
        versions = {item.plan_version for item in judged.wanted.values()}
        versions |= {alert.plan_version_id for alert in kept.values()}
        await self.policies.read(conn, versions)

    def _policies(self, zone: ZoneInfo) -> Callable[[UUID | None], Policy]:
        """A plan's, or the clinic's own, by the clinic's clock."""
        without = Policy(ladders=WITHOUT_PLAN, zone=zone)
        return lambda version: without if version is None else self.policies.of(version)


async def _kept(conn: Connection, organisation_id: UUID) -> dict[Key, Alert]:
    """What is not over. Of two with one key the later one counts."""
    found = await conn.fetch(QUERIES["kept"], organisation_id, list(RULES))
    alerts = sorted((rows.from_row(dict(row)) for row in found), key=lambda each: each.onset_at)
    return {_key(alert): alert for alert in alerts}


async def _latest(
    conn: Connection, organisation_id: UUID, judged: Judged, kept: Mapping[Key, Alert]
) -> dict[Key, Alert]:
    """Of what begins: the one before it, over or not."""
    missing = [key for key in judged.wanted if key not in kept]
    if not missing:
        return {}
    found = await conn.fetch(
        QUERIES["latest"],
        organisation_id,
        [key.subject_kind for key in missing],
        [key.subject for key in missing],
        [key.rule for key in missing],
    )
    return {_key(alert): alert for alert in (rows.from_row(dict(row)) for row in found)}


async def _write(
    conn: Connection, found: Kept, kept: Mapping[Key, Alert], *, now: dt.datetime
) -> Sequence[Changed]:
    """What somebody has touched since it was read is left for the next sweep."""
    read = {alert.id: alert for alert in kept.values()}
    touched = [change.alert.id for change in found.changes if change.alert.id in read]
    touched += [alert.id for alert in found.facts]
    current = {alert.id: alert for alert in await rows.lock_many(conn, touched)}
    free = {each for each, alert in current.items() if alert.version == read[each].version}
    changes = [each for each in found.changes if each.from_state is None or each.alert.id in free]
    await rows.write(conn, [alert for alert in found.facts if alert.id in free])
    for first in range(0, len(changes), AT_ONCE):
        await rows.save(conn, changes[first : first + AT_ONCE], now=now)
    return changes


def _key(alert: Alert) -> Key:
    return Key(alert.subject_kind, alert.subject, alert.rule)


def _both(one: Swept, other: Swept) -> Swept:
    return Swept(
        clinics=one.clinics + other.clinics,
        opened=one.opened + other.opened,
        changed=one.changed + other.changed,
        standing=Counter(one.standing) + Counter(other.standing),
        silent_since=one.silent_since,
    )
