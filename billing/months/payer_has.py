"""What a payer has of lines that have gone out: the claim, and perhaps the money for it.

It follows from what was ever said of a line, and not from where it stands by now: one that is held
may be paid already.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from billing.months.records import Status
from billing.months.standing import QUERIES
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
