"""Readings that claim a device, kind and instant which others have claimed: kept, and told apart.

Rare, so written to be read: the fast path only counts that some rows did not go in.
"""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct
from msgspec.structs import replace

from store.batch import Row
from store.columns import Claim, columns
from store.errors import ContestedInstantError
from store.pool import Connection
from store.queries import load
from store.schema.readings import METRIC_COLUMNS

QUERIES: Final = load("store", "readings.sql")

ATTEMPTS_MAX: Final = 5
"""Each is lost only to another worker that stored a claim on the same instant meanwhile."""

Instant: TypeAlias = tuple[dt.datetime, str, str]


class Claimant(Struct, frozen=True, kw_only=True):
    """A reading that stands at an instant: what can tell it from others there."""

    id: UUID
    variant: int
    sequence: int | None
    user: int | None
    said: tuple[dict[str, float], dict[str, str]]
    """Its values and special values."""
    disputed: bool = False
    """It conflicts with one that was there before: it is no witness against others."""


async def settle(
    conn: Connection, rows: Sequence[Row], received_at: dt.datetime
) -> dict[UUID, UUID]:
    """Store those of `rows` that are not stored yet; the ones that conflict, and with which."""
    verdicts: dict[UUID, UUID | None] = {}
    for _ in range(ATTEMPTS_MAX):
        standing = await _standing(conn, rows)
        there = {claimant.id for claimants in standing.values() for claimant in claimants}
        left = [row for row in rows if row.reading.id not in there]
        if not left:
            return {id_: rival for id_, rival in verdicts.items() if rival is not None}
        claims = judge(left, standing)
        verdicts |= {
            row.reading.id: claim.conflict_with for row, claim in zip(left, claims, strict=True)
        }
        marked = [_quarantined(row, claim) for row, claim in zip(left, claims, strict=True)]
        await conn.execute(QUERIES["insert_readings"], received_at, *columns(marked, claims))
    raise ContestedInstantError(f"readings lost {ATTEMPTS_MAX} races for their instant")


def judge(rows: Sequence[Row], standing: Mapping[Instant, Sequence[Claimant]]) -> list[Claim]:
    """The place of each row after those that stand at its instant and those before it in `rows`."""
    present = defaultdict(list, {instant: list(those) for instant, those in standing.items()})
    claims = []
    for row in rows:
        rivals = sorted(present[instant_of(row)], key=lambda rival: rival.variant)
        claimant = _claimant(row, variant=rivals[-1].variant + 1 if rivals else 0)
        rival = next((rival for rival in rivals if conflict(claimant, rival)), None)
        claims.append(Claim(claimant.variant, None if rival is None else rival.id))
        present[instant_of(row)].append(replace(claimant, disputed=rival is not None))
    return claims


def conflict(one: Claimant, other: Claimant) -> bool:
    """Whether both cannot be right: other values, and nothing that makes them two measurements.

    A device's own record numbers or user slots, where both have one and they differ, do: two
    people may well use a cuff whose clock shows minutes within one minute.
    """
    two_records = None not in (one.sequence, other.sequence) and one.sequence != other.sequence
    two_people = None not in (one.user, other.user) and one.user != other.user
    otherwise = one.said != other.said and not other.disputed
    return otherwise and not two_records and not two_people


def instant_of(row: Row) -> Instant:
    return (row.reading.measured_at, row.reading.device, row.reading.kind)


def _quarantined(row: Row, claim: Claim) -> Row:
    """A reading in doubt is nobody's until a person has looked; what was assigned then is kept."""
    if claim.conflict_with is None:
        return row
    standing = dataclasses.replace(
        row.standing, attribution="quarantined", reason="conflict", patient_id=None
    )
    return replace(row, standing=standing)


def _claimant(row: Row, *, variant: int) -> Claimant:
    reading = row.reading
    return Claimant(
        id=reading.id,
        variant=variant,
        sequence=reading.sequence,
        user=reading.user,
        said=(reading.values, {name: str(special) for name, special in reading.special.items()}),
    )


async def _standing(conn: Connection, rows: Sequence[Row]) -> dict[Instant, list[Claimant]]:
    instants = sorted({instant_of(row) for row in rows})
    standing: dict[Instant, list[Claimant]] = defaultdict(list)
    for record in await conn.fetch(QUERIES["claims"], *zip(*instants, strict=True)):
        instant = (record["measured_at"], record["device"], record["kind"])
        standing[instant].append(_stored_claimant(record))
    return standing


def _stored_claimant(record: asyncpg.Record) -> Claimant:
    values = {name: record[name] for name in METRIC_COLUMNS if record[name] is not None}
    return Claimant(
        id=record["id"],
        variant=record["variant"],
        sequence=record["sequence"],
        user=record["user_slot"],
        said=(values, msgspec.json.decode(record["special"]) if record["special"] else {}),
        disputed=record["conflict_with"] is not None,
    )
