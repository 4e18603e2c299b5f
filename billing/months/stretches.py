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

from billing.eligibility.facts import Pause, ProgrammeConsent
from billing.eligibility.programme_consent import CONSENT_TO
from billing.months.calendar import Month
from billing.months.gathered import Patient
from care.wall_clock import beginning

MONITORING: Final = ("rpm", "rtm")
WRITTEN: Final = frozenset({"written", "electronic"})


class Held(Struct, frozen=True, kw_only=True):
    """Consent or order, as far as they hold without a gap."""

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


def consents_of(patient: Patient, month: Month) -> list[Held]:
    """To monitoring; where one to billing is on record too, while both hold."""
    given = {
        kind: _chains(
            [row for row in patient.of("consents") if row["kind"] == kind],
            month, "given_at", "withdrawn_at",
        )
        for kind in ("monitoring", "billing")
    }  # fmt: skip
    watched, billed = given["monitoring"], given["billing"]
    if not billed:
        return watched
    return [found for one in watched for two in billed if (found := _both(one, two)) is not None]


def programme_consents_of(
    patient: Patient, month: Month, *, since: dt.datetime
) -> dict[str, tuple[ProgrammeConsent, ...]]:
    """Of programmes in which the patient is enrolled, as far as each consent holds without a gap;
    in writing where the latest is. What was agreed to before `since` counts from then.
    """
    enrolled = {row["service"] for row in patient.of("enrolments")}
    return {
        program: tuple(
            ProgrammeConsent(
                since=max(each.since, since),
                until=each.until,
                written=each.last["method"] in WRITTEN,
            )
            for each in consents_to(program, patient, month)
            if each.until is None or each.until > since
        )
        for program in CONSENT_TO
        if program.lower() in enrolled
    }


def consents_to(program: str, patient: Patient, month: Month) -> list[Held]:
    rows = [row for row in patient.of("consents") if row["kind"] == program.lower()]
    return _chains(rows, month, "given_at", "withdrawn_at")


def orders_of(patient: Patient, month: Month) -> list[Held]:
    rows = [
        {**row, "since": max(row["ordered_at"], row["starts_at"])} for row in patient.of("orders")
    ]
    return _chains(sorted(rows, key=lambda one: one["since"]), month, "since", "ends_at")


def standings(
    consents: Sequence[Held], orders: Sequence[Held]
) -> list[tuple[Held | None, Held | None]]:
    """Consent with the order that holds beside it, by time. Where no two hold together, the last of
    each: what is missing is said of those.
    """
    pairs: list[tuple[Held | None, Held | None]] = [
        (consent, order)
        for consent in consents
        for order in orders
        if _both(consent, order) is not None
    ]
    return pairs or [(consents[-1] if consents else None, orders[-1] if orders else None)]


def _both(one: Held, two: Held) -> Held | None:
    """While both hold, with the rows of the first; None: they never do at once."""
    since = max(one.since, two.since)
    until = min((each for each in (one.until, two.until) if each is not None), default=None)
    if until is not None and until <= since:
        return None
    return Held(since=since, until=until, rows=one.rows)


def _chains(rows: Sequence[Any], month: Month, begins: str, ends: str) -> list[Held]:
    """Those that began by the month's end; what follows without a gap is one."""
    found: list[Held] = []
    for row in rows:
        if row[begins] >= month.ends_at:
            break
        last = found[-1] if found else None
        if last is not None and (last.until is None or row[begins] <= last.until):
            open_end = last.until is None or row[ends] is None
            until = None if open_end else max(last.until, row[ends])
            found[-1] = Held(since=last.since, until=until, rows=(*last.rows, row))
        else:
            found.append(Held(since=row[begins], until=row[ends], rows=(row,)))
    return found


def _enrolled(row: Record, episodes: dict[UUID, Record], zone: ZoneInfo) -> Stretch:
    """It ends with its episode, where that ends first."""
    episode = episodes.get(row["episode_id"])
    last, why = row["ends_on"], row["end_reason"]
    if episode is not None and episode["ends_at"] is not None:
        over = last_day_before(episode["ends_at"], zone)
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
        last=None if last is None else last_day_before(last["ends_at"], zone),
        end_reason=None if last is None else last["end_reason"],
        enrolment=None,
        episode=going[-1] if going else last,
    )


def _day(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    return at.astimezone(zone).date()


def last_day_before(end: dt.datetime, zone: ZoneInfo) -> dt.date:
    """Of what ends at an instant: at local midnight, the day before."""
    return _day(end - dt.timedelta(microseconds=1), zone)


def begins(stretch: Stretch, zone: ZoneInfo) -> dt.datetime:
    return beginning(stretch.first, zone)
