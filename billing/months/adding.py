"""Where a line stands that an adjustment adds: approved with it, by the same checks as any other
approval; but what stands in the place of a held line, or goes with one, is held too. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct

from billing.months.add_ons import STANDS, with_base
from billing.months.records import LineOf, PatientMonth, Status
from billing.months.states import LACKS_WORDS, UNDECIDED, first_status, lacks_of
from care.errors import InvalidError


class Adding(Struct, frozen=True, kw_only=True):
    line: LineOf
    body: PatientMonth
    was: Any
    """Its row, where there is one."""
    replaced: Any
    """Of what it stands in the place of."""
    rows: Sequence[Any]
    """Of the patient's lines of the month, with `held_because`."""
    held_before: Mapping[UUID, str]
    """Why lines were held before what is gone was taken away."""
    bases: Mapping[str, frozenset[str]]


class Place(Struct, frozen=True, kw_only=True):
    status: Status
    lacks: tuple[str, ...] = ()
    hold_because: str = ""
    """To be written down; empty: it is not held, or is already."""


def place_of(adding: Adding) -> Place:
    """Raises InvalidError for what nobody could approve."""
    lacks = lacks_of(adding.line, adding.body)
    earlier = adding.was
    if earlier is None or Status(earlier["status"]) in {Status.VOID, Status.CORRECTED}:
        earlier = adding.replaced
    leader, said = earlier, ""
    if leader is None or not _waits(leader):
        leader = _base(adding)
        said = "" if leader is None else with_base(leader["code"], "")
    if leader is not None and _waits(leader):
        if Status(leader["status"]) in UNDECIDED:
            return Place(status=first_status(lacks), lacks=lacks)
        return Place(status=Status.HELD, lacks=lacks, hold_because=_because(adding, leader, said))
    if lacks:
        told = "; ".join(LACKS_WORDS[each] for each in lacks)
        raise InvalidError("adjustment", f"{adding.line.code} cannot be approved with this: {told}")
    return Place(status=Status.APPROVED)


def _waits(row: Any) -> bool:
    return Status(row["status"]) in UNDECIDED | {Status.HELD}


def _base(adding: Adding) -> Any:
    """What it is billed only with; None where it needs nothing, or that stands. Raises InvalidError
    where nothing of it does.
    """
    line, wanted = adding.line, adding.bases.get(adding.line.code, frozenset())
    if not wanted:
        return None
    beside = [
        row
        for row in adding.rows
        if row["code"] in wanted
        and (row["service"], row["scope"], row["window_from"])
        == (line.service, line.scope, line.window_from)
    ]
    if any(Status(row["status"]) in STANDS for row in beside):
        return None
    found = next((row for row in beside if _waits(row)), None)
    if found is None:
        base = " or ".join(sorted(wanted))
        raise InvalidError(
            "adjustment", f"{line.code} is billed only with {base}, which does not stand"
        )
    return found


def _because(adding: Adding, leader: Any, said: str) -> str:
    """Of what is held already nothing more is written down."""
    since = {row["id"]: row["held_because"] for row in adding.rows if row["held_because"]}
    held = {**adding.held_before, **since}
    if held.get(adding.line.line_id):
        return ""
    return f"{said}{held.get(leader['id'], '')}" or "what it stands for is held"
