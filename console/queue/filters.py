"""Which rows a nurse wants to see: read from the address, written back to it. Pure.

What is typed into the search field never gets here: a name in an address would be in histories,
logs and bookmarks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from alerts.judging.numbers import name_of
from alerts.life.alert import State
from care.rules import Severity
from console.queue.facts import Item, Row
from console.web.formats import counted
from vitals.metrics import METRICS

WHOSE: Final = {
    "mine": "mine",
    "team": "my patients",
    "unclaimed": "nobody's yet",
}
KINDS: Final = {
    "values": "values",
    "no-data": "no data",
    "technical": "technical",
}
STATES: Final = {
    State.OPEN: "open",
    State.ESCALATED: "escalated",
    State.ACKNOWLEDGED: "acknowledged",
    State.SNOOZED: "snoozed",
    State.AWAITING_REPEAT: "waiting for a repeat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Empty: everything. Several words of one kind: any of them."""

    severity: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    who: str = ""
    programme: str = ""
    metric: str = ""
    kind: str = ""
    late: str = ""
    """`late`: the time to take it on is over. `backlog`: readings that arrived late."""

    @property
    def query(self) -> str:
        """As the address has it; empty for everything."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return urlencode(
            {
                name: ",".join(value) if isinstance(value, tuple) else value
                for name, value in given.items()
                if value
            },
            safe=",",
        )

    @property
    def words(self) -> str:
        """What is shown, for a banner and for paper; empty for everything."""
        parts = [
            ", ".join(self.severity),
            ", ".join(STATES[State(each)] for each in self.state),
            WHOSE.get(self.who, ""),
            self.programme.replace("-", " "),
            name_of(self.metric).lower() if self.metric else "",
            KINDS.get(self.kind, ""),
            {"late": "late", "backlog": "arrived late"}.get(self.late, ""),
        ]
        return "; ".join(part for part in parts if part)


def filter_of(query: Mapping[str, str]) -> Filter:
    """What the address says and we know; the rest of it is passed over."""
    return Filter(
        severity=_several(query.get("severity"), tuple(reversed(Severity))),
        state=_several(query.get("state"), tuple(STATES)),
        who=_one(query.get("who"), tuple(WHOSE)),
        programme=_slug(query.get("programme", "")),
        metric=_one(query.get("metric"), tuple(METRICS)),
        kind=_one(query.get("kind"), tuple(KINDS)),
        late=_one(query.get("late"), ("late", "backlog")),
    )


def shows(wanted: Filter, row: Row, *, caller: UUID, now_late: frozenset[UUID]) -> bool:
    """Whether the row, or any alert of it, is meant. `now_late`: alerts whose time is over."""
    if not _whose(wanted.who, row, caller):
        return False
    if wanted.programme and wanted.programme not in (row.person.programmes if row.person else ()):
        return False
    return any(_meant(wanted, item, now_late) for item in row.items)


def meant(wanted: Filter, row: Row, *, now_late: frozenset[UUID]) -> tuple[Item, ...]:
    """The alerts of a row that a filter asks for: what is done to the row is done to these."""
    return tuple(item for item in row.items if _meant(wanted, item, now_late))


def _meant(wanted: Filter, item: Item, now_late: frozenset[UUID]) -> bool:
    alert = item.alert
    late = {"late": alert.id in now_late, "backlog": alert.late}
    kinds = {"values": not item.no_value, "no-data": alert.lane == "compliance",
             "technical": alert.lane == "technical"}  # fmt: skip
    return (
        (not wanted.severity or alert.severity in wanted.severity)
        and (not wanted.state or alert.state in wanted.state)
        and (not wanted.metric or alert.metric == wanted.metric)
        and (not wanted.kind or kinds[wanted.kind])
        and (not wanted.late or late[wanted.late])
    )


def _whose(who: str, row: Row, caller: UUID) -> bool:
    taken = [item.alert.acknowledged_by for item in row.items]
    match who:
        case "mine":
            return caller in taken or (row.looker is not None and row.looker.user == caller)
        case "team":
            return row.person is not None and row.person.of_my_team
        case "unclaimed":
            unattended = any(item.alert.state.unattended for item in row.items)
            return unattended and row.looker is None
        case _:
            return True


def hidden_in_words(hidden: int) -> str:
    return f"{counted(hidden, 'row')} hidden"


def _several(given: str | None, known: Sequence[str]) -> tuple[str, ...]:
    words = set((given or "").split(","))
    return tuple(str(each) for each in known if each in words)


def _one(given: str | None, known: Sequence[str]) -> str:
    return given if given is not None and given in known else ""


def _slug(given: str) -> str:
    plain = given.replace("-", "")
    return given if plain.isascii() and plain.isalnum() and len(given) <= 64 else ""  # noqa: PLR2004
