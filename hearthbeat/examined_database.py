"""Goes and looks, for `doctor`, at the database of a clinic."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import asyncpg

from alerts.auditor import audit
from alerts.settings import AlertSettings
from alerts.telling import oncall
from alerts.telling.contacts import unreachable
from care.registry import list_gateways, list_organisations, with_own_words
from hearthbeat import checks
from hearthbeat.checks import Check, good, note, trouble
from hearthbeat.errors import HearthbeatError, NotRunning
from hearthbeat.examined_rows import examine_rows
from hearthbeat.feed import totals
from hearthbeat.finding import database_url
from hearthbeat.settings import Settings
from hearthbeat.watch_view import age
from ingest import progress
from ingest.gaps import judge
from store import durability
from store.errors import SchemaBehindError, StoreError
from store.migrate import require_current
from store.pool import Connection, connect
from store.schema import UNCLAIMED
from store.timeseries import engine


async def examine_database(
    settings: Settings, *, data: Path | None, now: dt.datetime
) -> list[Check]:
    """Reached, migrated, durable, and what waits or is missing in it."""
    try:
        url = database_url(settings, data=data)
        conn = await connect(url, application_name="hearthbeat doctor")
    except NotRunning as error:
        return [note("database", str(error), "`hearthbeat up`, or name one")]
    except (HearthbeatError, StoreError, asyncpg.PostgresError, OSError) as error:
        return [trouble("database", str(error), "start it, or correct its address")]
    try:
        found = [await _reached(conn)]
        try:
            await require_current(url)
        except SchemaBehindError as error:
            return [*found, trouble("migrations", str(error), "hearthbeat migrate")]
        found.append(good("migrations", f"current; time series are kept by {await engine(conn)}"))
        return found + await _contents(conn, now)
    finally:
        await conn.close()


async def _reached(conn: Connection) -> Check:
    version = str(await conn.fetchval("select current_setting('server_version')"))
    return good("database", f"PostgreSQL {version} answers")


async def _contents(conn: Connection, now: dt.datetime) -> list[Check]:
    counted = await totals(conn, now=now)
    found = checks.durable(await durability.check(conn))
    found.append(await examine_rows(conn))
    found.append(checks.clock(dt.datetime.now(dt.UTC), await conn.fetchval("select now()")))
    found.append(checks.queue(counted.to_evaluate, counted.on_gateways))
    audited = await audit(conn, now=now, late_s=AlertSettings().late_s)
    found += checks.alerts(audited.troubles(late_s=AlertSettings().late_s))
    if counted.dead_letters:
        found.append(
            note(
                "dead letters",
                "1 message could not be read"
                if counted.dead_letters == 1
                else f"{counted.dead_letters:,} messages could not be read",
                "`hearthbeat dead-letters` lists them with their errors",
            )
        )
    found += await _reachable(conn, now)
    found += await _on_call(conn, now)
    found += await _hubs(conn, now)
    judged = [judge(known, now=now) for known, _ in await progress.holes(conn, now=now)]
    seen = [gap for gap in judged if gap is not None and gap.visible(now)]
    return found + checks.gaps([(gap.gateway, gap.count, age(now - gap.since)) for gap in seen])


async def _hubs(conn: Connection, now: dt.datetime) -> list[Check]:
    """What home hubs say keeps them from their work."""
    known = []
    for clinic in await list_organisations(conn):
        known += await list_gateways(conn, clinic.id)
    said = await with_own_words(conn, [each for each in known if not each.revoked_at], now=now)
    return checks.hubs([(each.id, each.trouble) for each in said if each.trouble is not None])


async def _reachable(conn: Connection, now: dt.datetime) -> list[Check]:
    """Whether an alert would reach anybody."""
    return [
        note(
            "contacts",
            f"{clinic}: patients have limits, and nobody would be told of an alert",
            "`hearthbeat contact add` says how a colleague is reached",
        )
        for clinic in await unreachable(conn, now=now)
    ]


async def _on_call(conn: Connection, now: dt.datetime) -> list[Check]:
    uncovered = []
    for clinic in await conn.fetch(oncall.QUERIES["zones"], UNCLAIMED):
        found = await oncall.schedule(conn, clinic["id"], now=now)
        if found.gaps:
            first = found.gaps[0].starts_at.astimezone(ZoneInfo(clinic["time_zone"]))
            uncovered.append((clinic["name"], len(found.gaps), f"{first:%a %Y-%m-%d %H:%M}"))
    wanted: bool = await conn.fetchval(oncall.QUERIES["wanted"], now)
    return checks.on_call(uncovered, wanted=wanted)
