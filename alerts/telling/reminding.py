"""Reminders: due times written ahead from the plans, and what becomes of them when they are due.

A due row only says "look then": the plan, the contacts, the consent and the readings are asked for
when it is due, and once more when the message leaves.
"""

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msgspec import Struct
from structlog import get_logger

from alerts.telling.patient_message import QUERIES, Reached, ToPatient, queue, reachable
from alerts.telling.patient_words import reminder
from alerts.telling.quiet_hours import OF_PATIENTS
from alerts.telling.reminders import MOST_A_DAY, Expected, expected, send_at
from care.plan_shelf import PlanShelf, plans_between
from care.programme import Plan
from store.pool import Connection, Pool

log = get_logger()

AHEAD: Final = dt.timedelta(hours=26)
"""A day on, also over a change of the clocks: reminders survive that nobody schedules for long."""
EVERY: Final = dt.timedelta(minutes=5)
LOOK_BACK: Final = dt.timedelta(days=2)
"""Slots that are on now began then or later, and so did the plans that they are of."""
AT_ONCE: Final = 200
SHARE: Final = 500
"""Patients in one transaction."""

_Plans = Mapping[UUID, tuple[Plan, ...]]


class _Due(Struct, frozen=True, kw_only=True):
    """A due row with what is known of it now."""

    patient_id: UUID
    slot: Expected


class Reminders:
    """What one process knows from tick to tick; it may be lost at any time."""

    def __init__(self, pool: Pool, *, shelf: PlanShelf, most_a_day: int = MOST_A_DAY) -> None:
        self._pool = pool
        self._shelf = shelf
        self._most_a_day = most_a_day
        self._scheduled_at: dt.datetime | None = None

    async def tick(self, *, now: dt.datetime, deaf: bool = False) -> int:
        """Messages queued. `deaf`: no hub at all is heard, so nobody is blamed for silence."""
        if self._scheduled_at is None or now - self._scheduled_at >= EVERY:
            await self.schedule(now=now)
            self._scheduled_at = now
        return await self.do_due(now=now, deaf=deaf)

    async def schedule(self, *, now: dt.datetime) -> int:
        """Due rows for all that is expected within the next day; how many times were looked at."""
        async with self._pool.acquire() as conn:
            people = await reachable(conn, now=now)
        ids, count = list(people), 0
        for first in range(0, len(ids), SHARE):
            share = {each: people[each] for each in ids[first : first + SHARE]}
            async with self._pool.acquire() as conn, conn.transaction():
                plans = await plans_between(conn, share, now - LOOK_BACK, shelf=self._shelf)
                rows = await asyncio.to_thread(_rows, share, plans, now)
                await conn.execute(
                    QUERIES["schedule"],
                    *([row[column] for row in rows] for column in range(4)),
                )
                count += len(rows)
        return count

    async def do_due(self, *, now: dt.datetime, deaf: bool = False) -> int:
        """All that is due, a batch in each transaction; how many messages were queued."""
        queued = 0
        while True:
            async with self._pool.acquire() as conn, conn.transaction():
                rows = await conn.fetch(QUERIES["claim"], now, AT_ONCE)
                if not rows:
                    return queued
                if not deaf:
                    queued += await self._remind(conn, [dict(row) for row in rows], now)
                await conn.execute(QUERIES["done"], [row["id"] for row in rows])

    async def _remind(
        self, conn: Connection, rows: Sequence[Mapping[str, Any]], now: dt.datetime
    ) -> int:
        ids = {row["patient_id"] for row in rows}
        people = await reachable(conn, now=now, patients=ids)
        plans = await plans_between(conn, people, now - LOOK_BACK, shelf=self._shelf)
        due = list(_still_expected(rows, people, plans, now))
        missing = await _missing(conn, due, now)
        if not missing:
            return 0
        unheard = await conn.fetch(
            QUERIES["unheard"], now, list({each.patient_id for each, _ in missing})
        )
        away = {row["patient_id"] for row in unheard}
        told = await _sent_today(conn, missing, now)
        messages = []
        for each, kinds in missing:
            if each.patient_id in away:
                continue
            for contact in people[each.patient_id]:
                message = _message(contact, each.slot, kinds, now)
                place = (contact.patient_id, contact.channel, contact.address, _day(each.slot))
                if message is not None and told[place] < self._most_a_day:
                    told[place] += 1
                    messages.append(message)
        count = await queue(conn, messages, now=now)
        if count or away:
            log.info("reminders", queued=count, hubs_away=len(away))
        return count


def _rows(
    people: Mapping[UUID, Sequence[Reached]], plans: _Plans, now: dt.datetime
) -> list[tuple[UUID, UUID, str, dt.datetime]]:
    """A due row at the first instant at which one of the contacts could be told."""
    found = []
    for patient, contacts in people.items():
        zone = contacts[0].zone
        for slot in expected(plans.get(patient, ()), zone, since=now, until=now + AHEAD):
            times = [at for each in contacts if (at := _at(each, slot)) is not None]
            if times and now < min(times) <= now + AHEAD:
                found.append((contacts[0].organisation_id, patient, slot.key, min(times)))
    return found


def _still_expected(
    rows: Iterable[Mapping[str, Any]],
    people: Mapping[UUID, Sequence[Reached]],
    plans: _Plans,
    now: dt.datetime,
) -> Iterable[_Due]:
    """Those that plan and consent still want: others have lapsed."""
    for row in rows:
        patient = row["patient_id"]
        if patient not in people:
            continue
        slots = expected(
            plans.get(patient, ()), people[patient][0].zone, since=now - LOOK_BACK, until=now
        )
        slot = next((each for each in slots if each.key == row["key"]), None)
        if slot is not None and now < slot.ends:
            yield _Due(patient_id=patient, slot=slot)


async def _missing(
    conn: Connection, due: Sequence[_Due], now: dt.datetime
) -> list[tuple[_Due, list[str]]]:
    """What has not been measured since its slot began."""
    asked = [(each, kind) for each in due for kind in each.slot.kinds]
    came = await conn.fetch(
        QUERIES["came"],
        [each.patient_id for each, _ in asked],
        [str(kind) for _, kind in asked],
        [each.slot.begins for each, _ in asked],
        now,
    )
    there = {row["number"] - 1 for row in came}
    kinds: dict[tuple[UUID, str], tuple[_Due, list[str]]] = {}
    for number, (each, kind) in enumerate(asked):
        if number not in there:
            place = (each.patient_id, each.slot.key)
            kinds.setdefault(place, (each, []))[1].append(str(kind))
    return list(kinds.values())


async def _sent_today(
    conn: Connection, missing: Sequence[tuple[_Due, list[str]]], now: dt.datetime
) -> Counter[tuple[UUID, str, str, str]]:
    days = {(each.patient_id, _day(each.slot)) for each, _ in missing}
    rows = await conn.fetch(
        QUERIES["sent_today"], [patient for patient, _ in days], [day for _, day in days], now
    )
    return Counter(
        {
            (row["patient_id"], row["channel"], row["address"], row["day"]): row["reminders"]
            for row in rows
        }
    )


def _message(
    contact: Reached, slot: Expected, kinds: Sequence[str], now: dt.datetime
) -> ToPatient | None:
    """None where the quiet hours leave no time for it."""
    at = _at(contact, slot)
    if at is None:
        return None
    return ToPatient(
        to=contact,
        what="reminder",
        key=f"remind/{contact.patient_id}/{slot.slot}/{contact.contact_id}",
        text=reminder(
            slot.begins.astimezone(contact.zone), language=contact.language, by_sms=contact.by_sms
        ),
        facts={"kinds": list(kinds), "since": slot.begins, "day": _day(slot)},
        next_at=max(at, now),
        expires_at=slot.ends,
    )


def _at(contact: Reached, slot: Expected) -> dt.datetime | None:
    return send_at(slot, contact.own_quiet or OF_PATIENTS, contact.zone)


def _day(slot: Expected) -> str:
    return slot.slot.partition("/")[0]
