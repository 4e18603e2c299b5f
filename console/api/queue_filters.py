"""Which rows a nurse wants to see: read from the address, written back to it. Pure.

What is typed into the search field never gets here: a name in an address would be in histories,
logs and bookmarks.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from alerts.judging.numbers import name_of
from alerts.life.alert import State
from care.rules import Lane, Severity
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


class Waiting(Protocol):
    """As much of an alert as a filter asks about."""

    @property
    def severity(self) -> Severity: ...
    @property
    def state(self) -> State: ...
    @property
    def lane(self) -> Lane: ...
    @property
    def metric(self) -> str | None: ...
    @property
    def late(self) -> bool: ...
    @property
    def acknowledged_by(self) -> UUID | None: ...
    @property
    def acknowledge_by(self) -> dt.datetime | None: ...


class WaitingRow(Protocol):
    """As much of a row."""

    @property
    def alerts(self) -> Sequence[Waiting]: ...
    @property
    def looker(self) -> UUID | None: ...
    @property
    def of_my_team(self) -> bool: ...
    @property
    def in_programme(self) -> bool: ...


One = TypeVar("One", bound=Waiting)


def shows(wanted: Filter, row: WaitingRow, *, caller: UUID, now: dt.datetime) -> bool:
    """Whether the row, or any alert of it, is meant."""
    if not _whose(wanted.who, row, caller):
        return False
    if wanted.programme and not row.in_programme:
        return False
    return any(_meant(wanted, alert, now) for alert in row.alerts)


def meant(wanted: Filter, alerts: Iterable[One], *, now: dt.datetime) -> tuple[One, ...]:
    """The alerts of a row that a filter asks for: what is done to the row is done to these."""
    return tuple(alert for alert in alerts if _meant(wanted, alert, now))


def overdue(alert: Waiting, *, now: dt.datetime) -> bool:
    """Its time to be taken on is over."""
    by = alert.acknowledge_by
    return alert.state.unattended and by is not None and by < now


def _meant(wanted: Filter, alert: Waiting, now: dt.datetime) -> bool:
    return (
        (not wanted.severity or alert.severity in wanted.severity)
        and (not wanted.state or alert.state in wanted.state)
        and (not wanted.metric or alert.metric == wanted.metric)
        and (not wanted.kind or _is_of(wanted.kind, alert.lane))
        and (wanted.late != "late" or overdue(alert, now=now))
        and (wanted.late != "backlog" or alert.late)
    )


def _is_of(kind: str, lane: Lane) -> bool:
    match kind:
        case "no-data":
            return lane is Lane.COMPLIANCE
        case "technical":
            return lane is Lane.TECHNICAL
        case _:
            return lane not in {Lane.COMPLIANCE, Lane.TECHNICAL}


def _whose(who: str, row: WaitingRow, caller: UUID) -> bool:
    match who:
        case "mine":
            return row.looker == caller or any(
                alert.acknowledged_by == caller for alert in row.alerts
            )
        case "team":
            return row.of_my_team
        case "unclaimed":
            return row.looker is None and any(alert.state.unattended for alert in row.alerts)
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
