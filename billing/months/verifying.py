"""Whether a locked month still says what it said: every hash is made again from what is stored, and
each line stands where its last event has left it.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
from asyncpg import Record
from msgspec import Struct

from billing.months.keeping import QUERIES
from billing.months.seal import digest_of_stored, month_digest
from store.pool import Connection

BATCH = 200


class Checked(Struct, frozen=True, kw_only=True):
    month: str
    version: int
    patients: int
    sha256: str
    good: bool
    faults: tuple[str, ...] = ()


async def verify(
    conn: Connection, organisation_id: UUID, month: str | None = None
) -> AsyncIterator[Checked]:
    """Each version of each locked month."""
    for row in await conn.fetch(QUERIES["sealed"], organisation_id, month):
        hashes, faults = await _again(conn, organisation_id, row)
        if month_digest(msgspec.json.decode(row["head"]), hashes) != row["sha256"]:
            faults.append("the hash over the month is another one")
        if len(hashes) != row["patients"]:
            faults.append(f"{len(hashes)} patients are stored, and {row['patients']} were locked")
        if row["month_version"] < row["version"]:
            faults.append(f"the month is said to be at version {row['month_version']}")
        if row["untold"]:
            faults.append(f"{row['untold']} lines stand where nothing is written of their coming")
        yield Checked(
            month=row["month"],
            version=row["version"],
            patients=len(hashes),
            sha256=row["sha256"],
            good=not faults,
            faults=tuple(faults),
        )


async def _again(
    conn: Connection, organisation_id: UUID, seal: Record
) -> tuple[list[tuple[UUID, str]], list[str]]:
    """Each patient's hash, made from what is stored; and where it is not the one that was kept."""
    faults: list[str] = []
    hashes: list[tuple[UUID, str]] = []
    after: str | None = None
    while True:
        bodies = await conn.fetch(
            QUERIES["bodies"], organisation_id, seal["month_id"], seal["version"], after, BATCH,
            None,
        )  # fmt: skip
        for body in bodies:
            found = digest_of_stored(body["body"])
            hashes.append((body["patient_id"], found))
            if found != body["sha256"]:
                faults.append(f"patient {body['patient_id']}: what is stored is not its hash")
        if len(bodies) < BATCH:
            return hashes, faults
        after = bodies[-1]["sorts_by"]
