"""What must hold when all is quiet again: made == stored, once each, nothing named missing."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from ingest import progress
from ingest.gaps import missing
from store.pool import Connection
from tests.chaos import ledger
from tests.chaos.made_frames import number_of
from tests.chaos.workplace import Place, holdings
from tests.chaos.world import World

STORED: Final = "SELECT id, gateway_id, device_time, seq, attribution, reason FROM readings"


@dataclass(slots=True, kw_only=True)
class Verdict:
    """Counts, and in words whatever does not add up."""

    offered: int = 0
    kept: int = 0
    uncertain: int = 0
    """Killed while handing it over: in or out, both are right, but in once at most."""
    refused: int = 0
    """By a full disk, and said so."""
    stored: int = 0
    in_outbox: int = 0
    receipted: int = 0
    duplicates: int = 0
    dead_letters: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.wrong


async def judge(world: World) -> Verdict:
    """Compare the notes of the devices, the outboxes and the database."""
    verdict = Verdict()
    connection: Connection = await asyncpg.connect(world.database.dsn)
    try:
        rows = await connection.fetch(STORED)
        await _tables(connection, verdict, len(rows))
        await _gaps(connection, verdict)
    finally:
        await connection.close()
    ids = {str(row["id"]) for row in rows}
    by_gateway: dict[str, list[asyncpg.Record]] = {place.gateway: [] for place in world.places}
    for row in rows:
        by_gateway[row["gateway_id"]].append(row)
        if row["attribution"] != "assigned":
            verdict.wrong.append(f"a reading is {row['attribution']}: {row['reason']}")
    verdict.stored, verdict.duplicates = len(rows), len(rows) - len(ids)
    if verdict.duplicates:
        verdict.wrong.append(f"{verdict.duplicates} readings are stored twice")
    for place in world.places:
        _gateway(verdict, place, by_gateway[place.gateway], ids)
    return verdict


def _gateway(verdict: Verdict, place: Place, rows: list[asyncpg.Record], ids: set[str]) -> None:
    story, outbox = ledger.read(place.ledger), holdings(place)
    numbers = Counter(number_of(row["device_time"]) for row in rows)
    verdict.offered += len(story.offered)
    verdict.kept += len(story.kept)
    verdict.refused += len(story.refused)
    verdict.uncertain += len(story.uncertain)
    verdict.in_outbox += outbox.pending + outbox.frames
    verdict.receipted += len(outbox.receipted)
    wrong = {
        "kept by the hub, but not stored": story.kept - numbers.keys(),
        "stored, but never made": numbers.keys() - story.offered,
        "refused by the hub, and yet stored": story.refused & numbers.keys(),
        "stored more than once": {each for each, times in numbers.items() if times > 1},
        "receipted, but not stored": outbox.receipted - ids,
    }
    seqs = sorted(row["seq"] for row in rows)
    if seqs != list(range(1, outbox.last_seq + 1)):
        wrong["outbox numbers with gaps or repeats"] = {len(seqs), outbox.last_seq}
    if outbox.pending or outbox.frames or outbox.rejected:
        wrong["left in the outbox"] = {outbox.pending, outbox.frames, outbox.rejected}
    verdict.wrong += [
        f"{place.gateway}: {what}: {len(which)}, such as {sorted(which)[:5]}"  # type: ignore[type-var]
        for what, which in wrong.items()
        if which
    ]


async def _tables(connection: Connection, verdict: Verdict, readings: int) -> None:
    for table in ("reading_keys", "evaluation_queue"):
        count = await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 (ours)
        if count != readings:
            verdict.wrong.append(f"{table} has {count} rows for {readings} readings")
    verdict.dead_letters = await connection.fetchval("SELECT count(*) FROM dead_letters")
    if verdict.dead_letters:
        verdict.wrong.append(f"{verdict.dead_letters} dead letters")


async def _gaps(connection: Connection, verdict: Verdict) -> None:
    for known, _ in await progress.holes(connection, now=dt.datetime.now(dt.UTC)):
        if spans := missing(known):
            verdict.wrong.append(f"{known.gateway}: named as missing: {spans[:3]}")
