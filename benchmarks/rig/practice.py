"""A clinic as its nurses see it: people who are signed in, and a queue of patients."""

import asyncio
import datetime as dt
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from alerts.life import rows as kept_alerts
from alerts.life.actions import act
from alerts.life.alert import Alert
from alerts.life.events import Acknowledge, Reopen
from benchmarks.rig.stage import Stage
from care import users
from care.passwords import hash_password
from care.sessions import open_session
from console.web.cookies import PLAIN
from store.pool import Connection
from tests.browser.waiting import patients, raise_one

SETTLE: Final = ("DELETE FROM evaluation_queue", "VACUUM ANALYZE", "CHECKPOINT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nurse:
    id: UUID
    token: str

    @property
    def cookie(self) -> dict[str, str]:
        """As browsers send it."""
        return {"Cookie": f"{PLAIN}={self.token}"}


async def remember_commits(stage: Stage) -> None:
    """PostgreSQL notes when each transaction was committed; asked twice, it is done once."""
    async with stage.connect() as conn:
        if await conn.fetchval("SHOW track_commit_timestamp") == "on":
            return
        await conn.execute("ALTER SYSTEM SET track_commit_timestamp = on")
    stage.database.stop()
    stage.database.start()


async def organisation(conn: Connection, name: str) -> UUID:
    made: UUID = await conn.fetchval(
        "INSERT INTO organisations (name, time_zone) VALUES ($1, 'America/New_York') RETURNING id",
        name,
    )
    return made


async def nurses(conn: Connection, whose: UUID, many: int) -> list[Nurse]:
    """One hash for all of them: nobody signs in by a password here."""
    kept = await hash_password("a nurse of the benchmark")
    now = dt.datetime.now(dt.UTC)
    made = []
    for number in range(many):
        name = f"nurse-{number}@{whose}"
        user = await conn.fetchval(users.QUERIES["add"], whose, name, kept, "nurse", None)
        made.append(Nurse(id=user, token=await open_session(conn, user, now=now)))
    return made


async def queue(conn: Connection, whose: UUID, waiting: Sequence[UUID]) -> list[Alert]:
    """One row for each, of all kinds and severities, with twelve readings behind it."""
    now = dt.datetime.now(dt.UTC)
    made = [
        await raise_one(conn, whose, patient, number, now=now)
        for number, patient in enumerate(waiting)
    ]
    await settle(conn)
    return made


async def settle(conn: Connection) -> None:
    """What was put there is there: nothing waits to be judged, counted or written."""
    for each in SETTLE:
        await conn.execute(each)


async def furnished(
    stage: Stage, name: str, *, rows: int, people: int
) -> tuple[UUID, list[Nurse], list[Alert]]:
    """A clinic of its own."""
    async with stage.connect() as conn:
        whose = await organisation(conn, name)
        team = await nurses(conn, whose, people)
        waiting = await patients(conn, whose, rows)
        return whose, team, await queue(conn, whose, waiting)


async def now_of(conn: Connection, alerts: Sequence[Alert]) -> list[Alert]:
    """As they are after others changed them."""
    found = [await kept_alerts.find(conn, each.organisation_id, each.id) for each in alerts]
    return [each for each in found if each is not None]


async def keep_changing(
    conn: Connection, alerts: Sequence[Alert], nurse: Nurse, *, per_min: float, seconds: float
) -> int:
    """These alerts are taken on and given back, in turn, at an even pace; how many times."""
    kept, began, done = list(alerts), time.perf_counter(), 0
    while done < per_min * seconds / 60:
        await asyncio.sleep(max(began + done * 60 / per_min - time.perf_counter(), 0))
        alert = kept[done % len(kept)]
        event = Acknowledge(actor=nurse.id) if alert.state.unattended else Reopen(actor=nurse.id)
        kept[done % len(kept)] = await act(
            conn, alert.organisation_id, alert.id, event, version=alert.version,
            now=dt.datetime.now(dt.UTC),
        )  # fmt: skip
        done += 1
    return done
