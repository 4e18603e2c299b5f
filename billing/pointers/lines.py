"""Lines of several months, from the database, for measures and pointers."""

import datetime as dt
from typing import Final
from uuid import UUID

from billing.eligibility.rule_set import RuleSet
from billing.pointers.claimed import Claimed, setup_twice, supply_alone
from billing.pointers.how_long import Total, at_threshold
from billing.pointers.pointer import Pointer, in_order
from billing.rule_files import shipped
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("billing", "pointers.sql")
AUTHORITY: Final = "medicare"
FURTHER: Final = 4
"""Units beyond the first whose thresholds are looked at."""


async def claimed_of(
    conn: Connection, organisation_id: UUID, first: str, last: str
) -> list[Claimed]:
    """Of months YYYY-MM, both included; void and replaced lines are not."""
    rows = await conn.fetch(QUERIES["claimed"], organisation_id, first, last)
    return [Claimed(**dict(row)) for row in rows]


def pointers_of_lines(claimed: list[Claimed]) -> list[Pointer]:
    return in_order([*setup_twice(claimed), *supply_alone(claimed)])


async def pointers_of_totals(
    conn: Connection, organisation_id: UUID, *, since: dt.datetime, until: dt.datetime
) -> list[Pointer]:
    """Months of care time that end just over a threshold, in [since, until)."""
    rows = await conn.fetch(QUERIES["totals"], organisation_id, since, until)
    totals = [Total(**{**dict(row), "entries": tuple(row["entries"])}) for row in rows]
    rules = shipped().of(AUTHORITY, since.date())
    return [] if rules is None else at_threshold(totals, thresholds_of(rules))


def thresholds_of(rules: RuleSet) -> list[int]:
    """Seconds of each first code, and of further units."""
    bases = sorted(each.min_seconds for each in rules.mgmt_base)
    each = rules.mgmt_addon.each_seconds
    return [*bases, *(bases[-1] + number * each for number in range(1, FURTHER + 1))]
