"""Codes that are only ever billed with another one (T-7): approved with or after it, held with it,
and in no claim without it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from billing.eligibility.rule_set import AddOn, Base, RuleBook
from billing.months.records import LineOf, Status
from billing.months.standing import QUERIES
from billing.months.states import BILLED
from billing.stated_rules import book_of_practice
from care.errors import InvalidError
from store.pool import Connection

RPM: Final = "RPM"
HOLDABLE: Final = frozenset({Status.DRAFT, Status.READY, Status.APPROVED})
GONE_OUT: Final = frozenset({Status.EXPORTED, Status.ACCEPTED, Status.PAID})

STANDS: Final = BILLED - {Status.DENIED}
"""Beside a base that is denied an add-on is not paid."""


@lru_cache(maxsize=16)
def bases_of(book: RuleBook) -> Mapping[str, frozenset[str]]:
    """By add-on, the codes of which it needs one. Of all rule sets."""
    found: dict[str, frozenset[str]] = {}

    def needs(addon: AddOn | None, bases: Iterable[Base]) -> None:
        if addon is not None:
            those = {addon.requires} if addon.requires else {each.code for each in bases}
            found[addon.code] = found.get(addon.code, frozenset()) | those

    for rules in book.sets():
        for each in (rules.monitoring(RPM), *rules.rtm.values()):
            if each is not None:
                needs(each.mgmt_addon, each.mgmt_base)
        for care in rules.besides:
            for family in care.families:
                needs(family.addon, (family.base,))
    return found


def lone(
    lines: Iterable[LineOf], going: Iterable[LineOf], bases: Mapping[str, frozenset[str]]
) -> list[LineOf]:
    """Of those that go, add-ons of which the base neither goes nor has gone. Pure."""
    those = tuple(going)
    with_base = [*those, *(each for each in lines if each.status in GONE_OUT)]
    return [
        each
        for each in those
        if each.code in bases
        and not any(
            one.code in bases[each.code] and _window(one) == _window(each) for one in with_base
        )
    ]


def _window(line: LineOf) -> tuple[Any, ...]:
    return line.service, line.scope, line.window_from


async def check_bases(conn: Connection, organisation_id: UUID, rows: Iterable[Record]) -> None:
    """Raises InvalidError for an add-on that would be approved without what it goes with."""
    wanted = {row["id"]: row for row in rows}
    bases = bases_of(await book_of_practice(conn, organisation_id))
    asked = [row["id"] for row in wanted.values() if row["code"] in bases]
    if not asked:
        return
    beside = await conn.fetch(QUERIES["beside"], organisation_id, asked)
    for line_id in asked:
        code = wanted[line_id]["code"]
        stands = any(
            row["code"] in bases[code] and (row["id"] in wanted or Status(row["status"]) in STANDS)
            for row in beside
            if row["of_line"] == line_id
        )
        if not stands:
            base = " or ".join(sorted(bases[code]))
            raise InvalidError(
                "lines", f"{code} is billed only with {base}: approve that with it, or first"
            )


async def held_with(
    conn: Connection, organisation_id: UUID, rows: Iterable[Record], *, held: bool
) -> dict[str, list[UUID]]:
    """Add-ons of these lines, by the code that they go with: those that may be held, or those that
    were held with it (`held`).
    """
    wanted = {row["id"]: row for row in rows}
    bases = bases_of(await book_of_practice(conn, organisation_id))
    found: dict[str, list[UUID]] = {}
    for row in await conn.fetch(QUERIES["beside"], organisation_id, list(wanted)):
        base = wanted[row["of_line"]]["code"]
        if row["id"] in wanted or base not in bases.get(row["code"], frozenset()):
            continue
        if held:
            fits = (row["held_because"] or "").startswith(with_base(base, ""))
        else:
            fits = Status(row["status"]) in HOLDABLE
        if fits:
            found.setdefault(base, []).append(row["id"])
    return found


def with_base(code: str, why: str) -> str:
    return f"with {code}: {why}"
