"""Lines of several months, from the database, for measures and pointers."""

from typing import Final
from uuid import UUID

from billing.pointers.claimed import Claimed, setup_twice, supply_alone
from billing.pointers.pointer import Pointer, in_order
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "pointers.sql")


async def claimed_of(
    conn: Connection, organisation_id: UUID, first: str, last: str
) -> list[Claimed]:
    """Of months YYYY-MM, both included; void and replaced lines are not."""
    rows = await conn.fetch(QUERIES["claimed"], organisation_id, first, last)
    return [Claimed(**dict(row)) for row in rows]


def pointers_of_lines(claimed: list[Claimed]) -> list[Pointer]:
    return in_order([*setup_twice(claimed), *supply_alone(claimed)])
