"""The demonstration's past and its patients' days: made at the first start, and gone on with.

Two or three patients at once, each in one transaction. Whoever has a plan has a past; of the others
it is made now, however a start before this one ended.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from structlog import get_logger

from alerts.evaluating.evaluation import Memory
from care import snapshot as directory
from care.consent_texts import LANGUAGES, current_text
from care.organisations import list_organisations
from care.programmes import find_programme, register
from care.users import list_users
from hearthbeat.demo import billing_past, billing_sent, hubs, shift
from hearthbeat.demo.care_months import occasions
from hearthbeat.demo.care_records import enrol_patient, plan_changes
from hearthbeat.demo.origin_names import mrn
from hearthbeat.demo.past_nurses import Staff
from hearthbeat.demo.past_patient import PatientPast, Setting, Span
from hearthbeat.demo.past_plan import PastPlan
from hearthbeat.demo.past_readings import Arrived, arrived
from hearthbeat.demo.past_stored import stored
from hearthbeat.demo.roster import QUERIES, SIGNED, handed_out, hub_of
from simulator.history import history
from simulator.people_cast import Character, cast
from store.pool import Connection, Pool, open_pool

log = get_logger()

AT_ONCE: Final = 3
"""Patients: while one waits for the database, the others are reckoned."""
PAUSE: Final = dt.timedelta(minutes=30)
"""A demonstration that was away for longer lives the time between once more; else it goes on."""
EVERY_S: Final = 20.0
HEARD_EVERY_S: Final = 300.0
WRITTEN: Final = dt.timedelta(days=300)
"""Before the start: what patients are told of consent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinic:
    """Who is here, and since when."""

    id: UUID
    zone: str
    anchor: dt.datetime
    staff: Staff
    patients: Mapping[int, UUID]
    """By number in the cast; only those in the register."""
    characters: tuple[Character, ...]
    base_url: str


async def found(conn: Connection, name: str, characters: Sequence[Character], url: str) -> Clinic:
    """The demonstration clinic as the register has it."""
    organisation = next(one for one in await list_organisations(conn) if one.name == name)
    rows = await conn.fetch(QUERIES["patients"], organisation.id)
    known = {row["mrn"]: row["id"] for row in rows}
    users = {user.username: user.id for user in await list_users(conn, organisation.id)}
    there = {
        each.number: known[mrn(each.number)] for each in characters if mrn(each.number) in known
    }
    return Clinic(
        id=organisation.id,
        zone=organisation.time_zone,
        anchor=await began(conn, organisation.id),
        staff=Staff(
            nurse=users["nurse"], second=users["nurse2"], clinician=users["clinician"],
            zone=ZoneInfo(organisation.time_zone),
        ),
        patients=there,
        characters=tuple(each for each in characters if each.number in there),
        base_url=url,
    )  # fmt: skip


async def began(conn: Connection, organisation_id: UUID) -> dt.datetime:
    """The anchor: when the clinic was made, to the second."""
    at: dt.datetime = await conn.fetchval(QUERIES["began"], organisation_id)
    return at.replace(microsecond=0)


async def make(pool: Pool, clinic: Clinic, *, now: dt.datetime) -> int:
    """All pasts up to `now`; for how many people one was made from its beginning."""
    begun = time.perf_counter()
    async with pool.acquire() as conn:
        await _registered(conn, clinic)
        snapshot = await directory.read(conn)
        made = await conn.fetch(QUERIES["made"], clinic.id, list(clinic.patients.values()))
        heard = await conn.fetch(
            QUERIES["heard"], clinic.id, [hub_of(each) for each in clinic.characters]
        )
    setting = Setting(
        organisation_id=clinic.id, staff=clinic.staff, snapshot=snapshot, memory=Memory(),
        base_url=clinic.base_url,
    )  # fmt: skip
    begun_already = {row["id"] for row in made}
    until = {row["gateway_id"]: row["at"] for row in heard}
    queue = asyncio.Queue[Character]()
    for each in clinic.characters:
        queue.put_nowait(each)
    missing = [one for one in clinic.characters if clinic.patients[one.number] not in begun_already]

    async def work() -> None:
        while not queue.empty():
            character = queue.get_nowait()
            async with pool.acquire() as conn, conn.transaction():
                if character in missing:
                    await _first(conn, clinic, setting, character, now=now)
                else:
                    since = until.get(hub_of(character), clinic.anchor)
                    await _gone_on(conn, clinic, setting, character, since=since, now=now)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    async with pool.acquire() as conn:
        await shift.leave(conn, clinic.id, clinic.staff, now=now)
        await billing_past.leave(
            conn, clinic.id, clinic.characters, clinic.patients, clinic.staff,
            anchor=clinic.anchor, now=now,
        )  # fmt: skip
        await billing_sent.send(conn, clinic.id, now=now)
    if missing:
        took = time.perf_counter() - begun
        told = f"the history of {len(missing)} patients is there, made in {took:.0f} s"
        log.info(told, aloud=True)
    return len(missing)


async def _registered(conn: Connection, clinic: Clinic) -> None:
    """Programmes and the words of consent beforehand: patients made side by side must not wait for
    each other.
    """
    for language in LANGUAGES:
        await current_text(conn, clinic.id, language, now=clinic.anchor - WRITTEN)
    for name in sorted({each.programme for each in clinic.characters}):
        known = await find_programme(conn, name)
        if known.registered_at is None:
            await register(conn, known.programme)


async def _first(
    conn: Connection, clinic: Clinic, setting: Setting, character: Character, *, now: dt.datetime
) -> None:
    patient = clinic.patients[character.number]
    begins = clinic.anchor + dt.timedelta(days=character.enrolled)
    await conn.execute(QUERIES["alone"], patient)
    await enrol_patient(conn, clinic.id, patient, character, clinic.staff, at=begins - SIGNED)
    await PatientPast(
        conn=conn, setting=setting, character=character, patient=patient,
        span=Span(since=begins - SIGNED, until=now, anchor=clinic.anchor),
        arriving=between(clinic, character, handed_out(character, clinic.anchor), now),
        changes=plan_changes(character, anchor=clinic.anchor),
        occasions=occasions(character, clinic.staff, begins=begins, until=min(now, clinic.anchor)),
    ).live()  # fmt: skip
    await hubs.said_before(conn, clinic.id, character, anchor=clinic.anchor)


async def _gone_on(
    conn: Connection,
    clinic: Clinic,
    setting: Setting,
    character: Character,
    *,
    since: dt.datetime,
    now: dt.datetime,
) -> None:
    """What has been measured while the demonstration was not running."""
    if now - since < PAUSE:
        return
    arriving = between(clinic, character, since, now)
    if not arriving:
        return
    patient = clinic.patients[character.number]
    await conn.execute(QUERIES["alone"], patient)
    await PatientPast(
        conn=conn, setting=setting, character=character, patient=patient,
        span=Span(since=max(since, clinic.anchor), until=now, anchor=clinic.anchor),
        arriving=arriving,
    ).live()  # fmt: skip


def between(
    clinic: Clinic, character: Character, since: dt.datetime, until: dt.datetime
) -> list[Arrived]:
    """What arrives after `since`, up to `until`."""
    first = (since - clinic.anchor).days - 1
    last = (until - clinic.anchor).days + 1
    acts = history(character, anchor=clinic.anchor, first=first, last=last)
    all_of_it = arrived(character, acts, anchor=clinic.anchor)
    return [each for each in all_of_it if since < each.at <= until]


async def go_on(pool: Pool, clinic: Clinic, *, since: dt.datetime, stop: asyncio.Event) -> None:
    """At the speed of life, until `stop` is set: alerts are others' business from here on."""
    spoken = -HEARD_EVERY_S
    while not stop.is_set():
        now = dt.datetime.now(dt.UTC)
        async with pool.acquire() as conn:
            if time.monotonic() - spoken >= HEARD_EVERY_S:
                await hubs.say_all(
                    conn, clinic.id, clinic.characters, anchor=clinic.anchor, now=now
                )
                spoken = time.monotonic()
            await _measured(conn, clinic, since=since, now=now)
        since = now
        try:
            async with asyncio.timeout(EVERY_S):
                await stop.wait()
        except TimeoutError:
            continue


async def _measured(
    conn: Connection, clinic: Clinic, *, since: dt.datetime, now: dt.datetime
) -> None:
    new = {each: between(clinic, each, since, now) for each in clinic.characters}
    if any(new.values()):
        snapshot = await directory.read(conn)
        for character, arriving in new.items():
            if arriving:
                await stored(conn, snapshot, hub_of(character), arriving, now=now)


async def run(plan: PastPlan, database: str, *, now: dt.datetime, stop: asyncio.Event) -> None:
    """The whole of the process."""
    pool = await open_pool(
        database, application_name="hearthbeat past", max_size=AT_ONCE + 1, command_timeout_s=60
    )
    try:
        characters = cast(plan.seed, plan.patients)
        async with pool.acquire() as conn:
            clinic = await found(conn, plan.clinic, characters, plan.base_url)
            await hubs.say_all(conn, clinic.id, clinic.characters, anchor=clinic.anchor, now=now)
        if await _unless(stop, make(pool, clinic, now=now)):
            await go_on(pool, clinic, since=now, stop=stop)
    finally:
        pool.terminate()


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, object]) -> bool:
    """Whether it was done; where we are to stop first, what is half done is undone."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if working.done():
        await working
        return True
    working.cancel()
    await asyncio.wait({working})
    return False
