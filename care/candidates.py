"""Whose a held reading could be: who has the device or lives in that home, the likeliest first."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from care.usual import USUAL_DAYS, usual
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "reassignment.sql")


class Candidate(Struct, frozen=True, kw_only=True):
    """One who may have measured."""

    patient: UUID
    mrn: str
    given_name: str
    family_name: str
    user_slot: int | None
    """Theirs on the device."""
    has_device: bool
    """False: they have another one of that home."""
    was_theirs: bool
    """It was taken to be theirs before."""
    metric: str | None
    """Which number is compared."""
    usual: float | None
    """Median of the week before, in the metric's unit; None where there are too few readings."""
    off: float | None
    """The reading's number less the usual one."""
    far: bool | None
    """Outside of what is usual for them."""


async def candidates(
    conn: Connection, organisation_id: UUID, readings: Sequence[UUID]
) -> dict[UUID, list[Candidate]]:
    """By reading; those with nobody are left out."""
    found: dict[UUID, list[Candidate]] = defaultdict(list)
    for row in await conn.fetch(QUERIES["candidates"], organisation_id, list(readings), USUAL_DAYS):
        known, number = usual(row["before"]), row["number"]
        compared = known is not None and number is not None
        found[row["reading_id"]].append(
            Candidate(
                patient=row["patient_id"],
                mrn=row["mrn"],
                given_name=row["given_name"],
                family_name=row["family_name"],
                user_slot=row["user_slot"],
                has_device=row["has_device"],
                was_theirs=row["was_theirs"],
                metric=row["metric"],
                usual=None if known is None else round(known.middle, 2),
                off=round(number - known.middle, 2) if known and compared else None,
                far=known.is_far(number) if known and compared else None,
            )
        )
    return {reading: sorted(those, key=_unlikely) for reading, those in found.items()}


def _unlikely(each: Candidate) -> tuple[bool, float, bool, str]:
    """Near what is usual for them first, then who has the device."""
    return (
        each.off is None,
        0.0 if each.off is None else abs(each.off),
        not each.has_device,
        each.family_name,
    )
