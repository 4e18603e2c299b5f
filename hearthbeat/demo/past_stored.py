"""Readings of the past go in as those of today: judged by ingest, committed by its committer."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, cast

from care.snapshot import Snapshot
from hearthbeat.demo.past_readings import Arrived
from hearthbeat.demo.roster import QUERIES
from ingest.admission import Admission
from ingest.batch import Batch
from ingest.committer import Committer
from ingest.owners import Owners
from store.pool import Connection, Pool

LATEST: Final = dt.timedelta(seconds=1)


class OneConnection:
    """A pool of one connection that is in a transaction: what is committed, is so with the rest."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    @asynccontextmanager
    async def acquire(self, **_: object) -> AsyncIterator[Connection]:
        yield self._conn


async def stored(
    conn: Connection,
    snapshot: Snapshot,
    hub: str,
    arriving: Sequence[Arrived],
    *,
    now: dt.datetime,
) -> None:
    """All of them at once, each with the moment at which it came; the same again is known."""
    batch = Batch(Admission(snapshot, now=now), received_at=now)
    owners = Owners(snapshot)
    for each in arriving:
        admission = Admission(snapshot, now=each.at, owners=owners)
        batch.rows += admission.admit([each.reading], gateway_id=hub, sent_at=each.at)
    # The committer trusts a database once it has proven safe: the worker has asked this one.
    committer = Committer(cast("Pool", OneConnection(conn)), allow_unsafe=True)
    landed = await committer.commit(batch)
    came = {each.reading.id: each for each in arriving if now - each.at > LATEST}
    fresh = [came[row.reading.id] for row in landed.stored if row.reading.id in came]
    if fresh:
        await conn.execute(
            QUERIES["arrived one by one"],
            [each.reading.measured_at for each in fresh],
            [each.reading.id for each in fresh],
            [each.at for each in fresh],
        )
