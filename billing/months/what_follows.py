"""What follows from approving other details of a claim: which lines go again by themselves, and for
which somebody has to do something. As `detail_settling` and the claims' own checks will have it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from billing.months.payer_has import has_of
from billing.months.records import ClaimForm, Status
from billing.months.standing import QUERIES
from billing.months.states import BILLED
from billing.months.views import Adjustment
from store.pool import Connection


class Way(StrEnum):
    """In the order in which they are told."""

    REPLACED = "replaced"
    """With the next 837P, as a replacement of the payer's claim."""
    NEW = "new"
    """With the next 837P, as a claim of its own."""
    REOPENED = "reopened"
    """By hand: the payer takes no replacements."""
    NUMBER = "number"
    """Not before somebody has entered the payer's claim number."""
    FORM = "form"
    """By hand: the payer takes no 837P."""
    HELD = "held"
    """Not before it is released and approved."""


ORDER: Final = list(Way)


class Follows(Struct, frozen=True, kw_only=True):
    """Of one payer's lines: how many go which way."""

    payer: str
    lines: dict[Way, int]


class Touched(Struct, frozen=True, kw_only=True):
    """A line of which its claim would say something else."""

    line_id: UUID
    code: str
    payer: str
    way: Way


async def touched_by(
    conn: Connection, organisation_id: UUID, found: Iterable[Adjustment]
) -> dict[UUID, Touched]:
    """Lines that those which wait are about."""
    waiting = [each for each in found if each.decision is None]
    lines = sorted({line for each in waiting for one in each.details for line in one.lines})
    if not lines:
        return {}
    has = await has_of(conn, organisation_id, lines)
    rows = await conn.fetch(QUERIES["what follows"], organisation_id, lines)
    return {
        row["id"]: Touched(
            line_id=row["id"],
            code=row["code"],
            payer=row["payer"] or "No payer",
            way=way_of(row, has.answer(row["id"])),
        )
        for row in rows
    }


def way_of(row: Any, answer: str | None) -> Way:
    """`answer`: what the payer has said last of it. Pure."""
    if Status(str(row["status"])) not in BILLED:
        return Way.HELD
    if row["claim_form"] != ClaimForm.PROFESSIONAL:
        return Way.FORM
    if not row["exported"] or (answer == Status.DENIED and row["number"] is None):
        return Way.NEW
    if row["corrects_by"] != "replacement":
        return Way.REOPENED
    return Way.NUMBER if row["number"] is None else Way.REPLACED


def follows_of(lines: Sequence[Touched]) -> list[Follows]:
    """By payer, the one with most lines first. Pure."""
    by_payer: dict[str, Counter[Way]] = {}
    for each in lines:
        by_payer.setdefault(each.payer, Counter())[each.way] += 1
    return [
        Follows(payer=payer, lines={way: ways[way] for way in ORDER if ways[way]})
        for payer, ways in sorted(
            by_payer.items(), key=lambda each: (-each[1].total(), each[0].casefold())
        )
    ]
