"""What a payer has of lines that have gone out: the claim, and perhaps the money for it.

It follows from what was ever said of a line, and not from where it stands by now: one that is held
may be paid already.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from billing.months.records import Status
from billing.months.standing import QUERIES
from billing.months.views import Adjustment, StillWith
from store.pool import Connection


class Has(Struct, frozen=True, kw_only=True):
    answers: Mapping[UUID, str]
    """What was said last of each that has gone out to whoever is to pay for it now."""
    paid: frozenset[UUID]
    """What was paid, and not taken back since. That a correction was denied takes nothing back."""

    def answer(self, line_id: UUID) -> str | None:
        return Status.PAID.value if line_id in self.paid else self.answers.get(line_id)

    def might_pay(self, row: Any) -> bool:
        return bool(row["exported"]) and self.answer(row["id"]) != Status.DENIED


async def has_of(conn: Connection, organisation_id: UUID, lines: Iterable[UUID]) -> Has:
    wanted = (organisation_id, list(lines))
    answers = await conn.fetch(QUERIES["answers"], *wanted)
    paid = await conn.fetch(QUERIES["paid"], *wanted)
    return Has(
        answers={row["line_id"]: row["status"] for row in answers},
        paid=frozenset(row["line_id"] for row in paid),
    )


def way_back(row: Any) -> str:
    """What is said at a line that a payer has taken back, wherever it stands. Pure."""
    if row["status"] == Status.DENIED:
        return "say at the line that it is paid, and then that it is denied"
    return "say at the line that it is denied"


async def with_first_payer(
    conn: Connection, organisation_id: UUID, found: Sequence[Adjustment]
) -> list[Adjustment]:
    """Those that wait and are of another payer, with what the first one has of their lines."""
    moving = [each for each in found if each.decision is None and each.payers is not None]
    lines = [line for each in moving for one in each.details for line in one.lines]
    if not lines:
        return list(found)
    has = await has_of(conn, organisation_id, lines)
    there = [
        row
        for row in await conn.fetch(QUERIES["where they stand"], organisation_id, lines)
        if has.might_pay(row)
    ]
    those = {each.id for each in moving}
    return [_with(each, there) if each.id in those else each for each in found]


def _with(adjustment: Adjustment, rows: Sequence[Any]) -> Adjustment:
    lines = {line for one in adjustment.details for line in one.lines}
    still = tuple(
        StillWith(
            line_id=row["id"], code=row["code"], claim_number=row["number"], way=way_back(row)
        )
        for row in rows
        if row["id"] in lines
    )
    return replace(adjustment, first_payer_has=still)


def stood_before(row: Any, rows: Sequence[Any], has: Has) -> str | None:
    """The code that was sent for the same days or time before, and that the payer was never told to
    be billed no more. Pure.
    """
    return next(
        (
            str(each["code"])
            for each in rows
            if each["id"] != row["id"]
            and each["status"] == Status.CORRECTED
            and (each["service"], each["scope"]) == (row["service"], row["scope"])
            and each["window_from"] <= row["window_to"]
            and row["window_from"] <= each["window_to"]
            and has.might_pay(each)
        ),
        None,
    )


def paid_for(row: Any, rows: Mapping[UUID, Any], paid: frozenset[UUID]) -> bool:
    """It, or what it stands in the place of. Pure."""
    seen: set[UUID] = set()
    each = row
    while each is not None and each["id"] not in seen:
        if each["id"] in paid:
            return True
        seen.add(each["id"])
        each = None if each["replaces"] is None else rows.get(each["replaces"])
    return False
