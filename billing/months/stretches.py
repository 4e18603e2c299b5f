"""Of which services, and from when to when: what the evaluator is asked about. Pure.

A service that somebody has enrolled the patient in is one stretch. Where nobody has, the patient's
episodes are one of remote monitoring: it gives no line, and says what is missing.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from asyncpg import Record
from msgspec import Struct

from billing.eligibility.facts import Pause
from billing.months.calendar import Month
from billing.months.gathered import Patient

MONITORING: Final = ("rpm", "rtm")
WRITTEN: Final = frozenset({"written", "electronic"})


class Held(Struct, frozen=True, kw_only=True):
    """Consent or order, as they hold without a gap up to a month's end."""

    since: dt.datetime
    until: dt.datetime | None
    rows: tuple[Any, ...]
    """The latest one last."""

    @property
    def last(self) -> Any:
        return self.rows[-1]


class Stretch(Struct, frozen=True, kw_only=True):
    id: UUID
    service: str
    first: dt.date
    last: dt.date | None
    end_reason: str | None
    enrolment: Record | None
    episode: Record | None
    pauses: tuple[Pause, ...] = ()

    def touches(self, month: Month) -> bool:
        return self.first <= month.last and (self.last is None or self.last >= month.first)


def stretches_of(patient: Patient, month: Month) -> list[Stretch]:
    """Those that touch the month, as they begin."""
    zone = ZoneInfo(patient.row["time_zone"])
    episodes = {row["id"]: row for row in patient.of("episodes")}
    found = [_enrolled(row, episodes, zone) for row in patient.of("enrolments")]
    if not any(each.service in MONITORING for each in found):
        found += _of_episodes(patient.of("episodes"), zone)
    return sorted(
        (each for each in found if each.touches(month)), key=lambda one: (one.first, one.id.int)
    )


def consent_at_end(patient: Patient, month: Month) -> Held | None:
    """To monitoring; where one to billing is on record too, from when both hold."""
    given = {
        kind: _held(
            [row for row in patient.of("consents") if row["kind"] == kind],
            month, "given_at", "withdrawn_at",
        )
        for kind in ("monitoring", "billing")
    }  # fmt: skip
    watched, billed = given["monitoring"], given["billing"]
    if watched is None or billed is None:
        return watched
    ends = [each for each in (watched.until, billed.until) if each is not None]
    return Held(
        since=max(watched.since, billed.since), until=min(ends, default=None), rows=watched.rows
    )


def order_at_end(patient: Patient, month: Month) -> Held | None:
    rows = [
        {**row, "since": max(row["ordered_at"], row["starts_at"])} for row in patient.of("orders")
    ]
    return _held(sorted(rows, key=lambda one: one["since"]), month, "since", "ends_at")


def _held(rows: Sequence[Any], month: Month, begins: str, ends: str) -> Held | None:
    """The last that began by the month's end, and those before it without a gap between."""
    begun = [row for row in rows if row[begins] < month.ends_at]
    if not begun:
        return None
    chain = [begun[-1]]
    for row in reversed(begun[:-1]):
        if row[ends] is None or row[ends] >= min(each[begins] for each in chain):
            chain.insert(0, row)
    open_end = any(row[ends] is None for row in chain)
    return Held(
        since=min(row[begins] for row in chain),
        until=None if open_end else max(row[ends] for row in chain),
        rows=tuple(chain),
    )


def _enrolled(row: Record, episodes: dict[UUID, Record], zone: ZoneInfo) -> Stretch:
    """It ends with its episode, where that ends first."""
    episode = episodes.get(row["episode_id"])
    last, why = row["ends_on"], row["end_reason"]
    if episode is not None and episode["ends_at"] is not None:
        over = _day(episode["ends_at"], zone)
        if last is None or over < last:
            last, why = over, episode["end_reason"]
    return Stretch(
        id=row["id"],
        service=row["service"],
        first=row["starts_on"],
        last=last,
        end_reason=why,
        enrolment=row,
        episode=episode,
        pauses=msgspec.json.decode(row["pauses"], type=tuple[Pause, ...]),
    )


def _of_episodes(rows: Iterable[Record], zone: ZoneInfo) -> list[Stretch]:
    """Episodes that follow each other without a gap, or run beside each other, are one."""
    found: list[list[Record]] = []
    for row in rows:
        if found and any(
            each["ends_at"] is None or each["ends_at"] >= row["starts_at"] for each in found[-1]
        ):
            found[-1].append(row)
        else:
            found.append([row])
    return [_joined(each, zone) for each in found]


def _joined(rows: list[Record], zone: ZoneInfo) -> Stretch:
    going = [row for row in rows if row["ends_at"] is None]
    last = None if going else max(rows, key=lambda row: row["ends_at"])
    return Stretch(
        id=rows[0]["id"],
        service="rpm",
        first=_day(rows[0]["starts_at"], zone),
        last=None if last is None else _day(last["ends_at"], zone),
        end_reason=None if last is None else last["end_reason"],
        enrolment=None,
        episode=going[-1] if going else last,
    )


def _day(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    return at.astimezone(zone).date()


def begins(stretch: Stretch, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(stretch.first, dt.time(), zone).astimezone(dt.UTC)
