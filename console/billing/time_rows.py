"""Minutes of a month as a biller looks at them: by service, what counted and why not. Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from billing.months.records import TimeRow


class Spent(Struct, frozen=True, kw_only=True):
    """One service's entries."""

    service: str
    rows: tuple[TimeRow, ...]
    logged: int
    counted: int
    live: int
    """Entries with somebody at the other end, that count."""

    @property
    def lost(self) -> int:
        return self.logged - self.counted


def by_service(rows: Iterable[TimeRow]) -> list[Spent]:
    """The service with most of it first."""
    groups: dict[str, list[TimeRow]] = {}
    for each in rows:
        groups.setdefault(each.service.lower(), []).append(each)
    found = [_spent(service, those) for service, those in groups.items()]
    return sorted(found, key=lambda each: (-each.counted, -each.logged, each.service))


def _spent(service: str, rows: Sequence[TimeRow]) -> Spent:
    return Spent(
        service=service,
        rows=tuple(sorted(rows, key=lambda each: (each.started_at, each.entry_id.int))),
        logged=sum(each.seconds_logged for each in rows),
        counted=sum(each.seconds_counted for each in rows),
        live=sum(each.live_contact and each.seconds_counted > 0 for each in rows),
    )
