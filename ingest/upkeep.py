"""What an ingest worker does beside readings, by the clock. All of it may run twice, or late."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from structlog import get_logger

from care.directory import Directory
from care.snapshot import Snapshot
from ingest import letter_upkeep, progress
from ingest.commands import Announcer, Questions, Requests, commands_for
from ingest.committer import Committer
from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.gap_watch import GapWatch
from ingest.instruments import Instruments
from ingest.trouble import RAISED_BY_DATABASE
from observe.redaction import described
from store import partitions
from store.pool import Connection, Pool
from store.queries import load
from wire.messages import Commands, KnownDevice, Presence, Status

log = get_logger()

LEADER_QUERY: Final = load("ingest", "upkeep.sql")["lead"]
UPKEEP_LOCK: Final = 0x4845_4152_4954  # Any number that no other program would choose.

WATCH_EVERY_S: Final = 5.0
PROVE_EVERY_S: Final = 60.0
PARTITIONS_EVERY_S: Final = 3600.0
LETTERS_EVERY_S: Final = 3600.0


class Upkeep:
    """Its public methods are jobs: they never raise for a database that is away."""

    def __init__(
        self,
        *,
        pool: Pool,
        directory: Directory,
        announcer: Announcer,
        committer: Committer,
        instruments: Instruments,
        clock: Callable[[], dt.datetime],
        handled_letters_kept: dt.timedelta = dt.timedelta(days=30),
    ) -> None:
        self._pool = pool
        self._directory = directory
        self._announcer = announcer
        self._committer = committer
        self._instruments = instruments
        self._clock = clock
        self._handled_letters_kept = handled_letters_kept
        self._gaps = GapWatch()

    def heard(self, gateway: str, status: Status) -> None:
        """A gateway that left finds its commands anew when it is back."""
        if status.state is Presence.OFFLINE:
            self._announcer.forget(gateway)

    async def watch(self) -> None:
        """Look for gaps and tell gateways what they should know. One worker at a time does."""
        try:
            async with self._pool.acquire() as conn:
                async with conn.transaction():
                    if not await conn.fetchval(LEADER_QUERY, UPKEEP_LOCK):
                        return
                    questions = await self._look(conn)
                    requests = await progress.open_requests(conn, now=self._clock())
                await self._thin_out(conn)
        except RAISED_BY_DATABASE as error:
            log.warning("gaps not looked for", why=described(error))
            return
        self._announcer.announce(wanted(self._directory.snapshot, questions, requests))

    async def prove(self) -> None:
        """Somebody may have made the database unsafe since the start."""
        try:
            await self._committer.check()
        except UnsafeDatabase as error:
            log.error("no receipts: the database is not crash-safe", problems=list(error.problems))  # noqa: TRY400
        except DatabaseAway as error:
            log.warning("the database is away", why=str(error))

    async def partitions(self) -> None:
        """Make next months' partitions long before they are needed."""
        try:
            async with self._pool.acquire() as conn:
                await partitions.ensure(conn, self._clock())
        except RAISED_BY_DATABASE as error:
            log.warning("partitions not made", why=described(error))

    async def letters(self) -> None:
        """Forget dead letters that were handled long ago."""
        try:
            async with self._pool.acquire() as conn:
                before = self._clock() - self._handled_letters_kept
                gone = await letter_upkeep.forget_handled(conn, before=before)
        except RAISED_BY_DATABASE as error:
            log.warning("dead letters not gone through", why=described(error))
            return
        if gone:
            log.info("handled dead letters forgotten", count=gone)

    async def _look(self, conn: Connection) -> Questions:
        gaps = await self._gaps.look(conn, now=self._clock())
        self._instruments.gaps.set(len(gaps))
        self._instruments.missing.set(sum(gap.count for gap in gaps))
        self._instruments.letters_wait(await letter_upkeep.totals(conn))
        return await progress.open_questions(conn)

    async def _thin_out(self, conn: Connection) -> None:
        for gateway, holes in (await progress.thin_out(conn)).items():
            self._instruments.holes_given_up.inc(holes)
            log.warning(
                "a gateway leaves too many holes in its numbers: the lowest are no longer followed",
                gateway=gateway,
                holes_given_up=holes,
            )


def wanted(snapshot: Snapshot, questions: Questions, requests: Requests) -> Mapping[str, Commands]:
    """Every gateway's commands, from what the directory knows now."""
    devices: dict[str, list[KnownDevice]] = {
        gateway.id: []
        for gateway in snapshot.gateways.values()
        if gateway.transport == "mqtt" and gateway.revoked_at is None
    }
    for device in snapshot.devices.values():
        if device.gateway_id in devices:
            devices[device.gateway_id].append(
                KnownDevice(device=device.address, profile=device.profile, passkey=device.passkey)
            )
    return {
        gateway: commands_for(
            gateway,
            devices=theirs,
            time_zone=snapshot.gateways[gateway].time_zone,
            questions=questions,
            requests=requests,
        )
        for gateway, theirs in devices.items()
    }
