"""Lines of several months as pointers and measures look at them, and what is wrong between them.
Pure.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.pointers.pointer import Kind, Pointer

SETUP: Final = "setup"
SUPPLY: Final = "supply"
MANAGEMENT: Final = "mgmt"
ALONE_MOST: Final = 2
"""Periods of supply in a row without care time; what goes on longer is pointed out."""


class Claimed(Struct, frozen=True, kw_only=True):
    """One line that was not voided."""

    line: UUID
    patient: UUID
    name: str
    """Of the patient: "Family, Given"."""
    month: str
    """YYYY-MM of the month that it is reviewed in."""
    service: str
    scope: str
    code: str
    first: dt.date
    last: dt.date
    """Of its window, both included."""
    episode: UUID | None = None
    practitioner: str = ""
    """NPI of who renders it, else their name; empty: nobody is named."""
    established: bool = False
    """A visit before it makes the patient an established one."""
    devices: int = 0
    """Whose days it rests on."""


def setup_twice(claimed: Iterable[Claimed]) -> list[Pointer]:
    """S-1."""
    found = []
    for rows in _grouped(each for each in claimed if each.scope == SETUP).values():
        if len(rows) > 1:
            codes = ", ".join(f"{each.code} with {each.last}" for each in rows)
            found.append(
                _of_patient(Kind.SETUP_TWICE, rows, f"{len(rows)} in one episode: {codes}.")
            )
    return found


def _grouped(claimed: Iterable[Claimed]) -> Mapping[tuple[UUID, str, UUID | None], list[Claimed]]:
    groups: dict[tuple[UUID, str, UUID | None], list[Claimed]] = {}
    for each in sorted(claimed, key=lambda one: (one.first, one.line.int)):
        groups.setdefault((each.patient, each.service, each.episode), []).append(each)
    return groups


def supply_alone(claimed: Sequence[Claimed]) -> list[Pointer]:
    """More than two periods of supply in a row that meet no line for care time."""
    managed = _managed(claimed)
    found = []
    for rows in _grouped(each for each in claimed if each.scope == SUPPLY).values():
        longest: list[Claimed] = []
        run: list[Claimed] = []
        for each in rows:
            met = any(each.first <= last and first <= each.last
                      for first, last in managed.get(each.patient, ()))  # fmt: skip
            run = [] if met else [*run, each]
            longest = max(longest, run, key=len)
        if len(longest) > ALONE_MOST:
            what = f"{len(longest)} periods in a row with {longest[0].code}, and no care time."
            found.append(_of_patient(Kind.SUPPLY_ALONE, longest, what))
    return found


def _managed(claimed: Iterable[Claimed]) -> dict[UUID, list[tuple[dt.date, dt.date]]]:
    found: dict[UUID, list[tuple[dt.date, dt.date]]] = {}
    for each in claimed:
        if each.scope == MANAGEMENT:
            found.setdefault(each.patient, []).append((each.first, each.last))
    return found


def _of_patient(kind: Kind, rows: Sequence[Claimed], what: str) -> Pointer:
    return Pointer(
        kind=kind, what=what, who=rows[0].name, patient=rows[0].patient, since=rows[0].first,
        until=rows[-1].last, lines=tuple(each.line for each in rows),
    )  # fmt: skip
