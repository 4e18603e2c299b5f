"""People of the demonstration whose months show one thing each: their records and readings."""

import datetime as dt
from collections.abc import Sequence
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.months.calendar import DAY, Month
from billing.months.records import Address
from billing.parties.coverage import add_coverage, set_address
from billing.parties.enrolments import Terms, add_enrolment
from billing.parties.statements import add_other
from care import snapshot as directory
from care.consent_texts import current_text
from care.consents import add_consent
from care.episodes import start_episode
from care.orders import add_order
from care.registry import add_device, add_gateway, add_patient, assign
from care.udis import state_udi
from hearthbeat.demo.billing_calendar import PERIOD, first_day, just_over
from hearthbeat.demo.billing_parties import Parties
from hearthbeat.demo.billing_people import PEOPLE, Billed
from hearthbeat.demo.care_records import NPI, ORDERED_BY
from hearthbeat.demo.origin_names import phone
from hearthbeat.demo.past_nurses import Staff
from hearthbeat.demo.past_readings import Arrived
from hearthbeat.demo.past_stored import stored
from hearthbeat.demo.roster import QUERIES
from simulator.traits import made_up_udi
from store.pool import Connection
from vitals.identity import reading_id
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

PROGRAMME: Final = "hypertension-us"
DIAGNOSIS: Final = "I10"
PERIODS: Final = 3
"""Of thirty days, which end in the months that are shown."""
HUB: Final = "kit-shared"
SIGNED_BEFORE: Final = dt.timedelta(hours=10)
"""The first midnight of measuring: consent and the order, at two in the afternoon."""
TALK: Final = dt.timedelta(minutes=40)
"""From consent to the cuff."""
FIRST_PHONE: Final = 280
"""Numbers of telephones that the cast does not reach."""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody in the register."""

    billed: Billed
    patient: UUID
    device: str
    """Its address."""


class Course(Struct, frozen=True, kw_only=True):
    """From when on, and until when, they measure."""

    first: dt.date
    """Of the first device period; they follow each other."""
    anchor: dt.datetime
    zone: ZoneInfo

    def begins(self, billed: Billed) -> dt.date:
        """Whoever is new has their first period in the month that is just over."""
        return self.first + (2 * PERIOD if billed.new else 0) * DAY

    def ends_in(self, month: Month) -> dt.date:
        """The last day of the device period that ends there."""
        day = self.first + (PERIOD - 1) * DAY
        while day < month.first:
            day += PERIOD * DAY
        return day

    def midnight(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)


def course_until(anchor: dt.datetime, zone: ZoneInfo) -> Course:
    return Course(first=first_day(just_over(anchor, zone)), anchor=anchor, zone=zone)


async def enter(
    conn: Connection,
    organisation_id: UUID,
    course: Course,
    parties: Parties,
    staff: Staff,
    *,
    now: dt.datetime,
) -> list[Person]:
    """Everybody, with what is on record of them."""
    await add_gateway(
        conn, organisation_id, gateway_id=HUB, label="Kits of billing", time_zone=course.zone.key
    )
    found = []
    for number, billed in enumerate(PEOPLE):
        found.append(
            await _enter(conn, organisation_id, number, billed, course, parties, staff, now=now)
        )
    return found


async def _enter(
    conn: Connection,
    organisation_id: UUID,
    number: int,
    billed: Billed,
    course: Course,
    parties: Parties,
    staff: Staff,
    *,
    now: dt.datetime,
) -> Person:
    patient = await add_patient(
        conn, organisation_id, mrn=billed.mrn, given_name=billed.given, family_name=billed.family,
        birth_date=dt.date.fromisoformat(billed.born), time_zone=course.zone.key,
    )  # fmt: skip
    at = course.midnight(course.begins(billed)) - SIGNED_BEFORE
    await conn.execute(
        QUERIES["describe"], organisation_id, patient.id, billed.sex,
        phone(FIRST_PHONE + number), None, "lb", "mg/dL", at,
    )  # fmt: skip
    address = f"A2:B1:00:00:01:{number:02X}"
    device = await add_device(
        conn, organisation_id, address=address, profile="and-ua-651ble",
        label="Blood pressure cuff", serial=f"77{number:04}0", gateway_id=HUB,
    )  # fmt: skip
    await conn.execute(QUERIES["registered"], organisation_id, device.id, at)
    await state_udi(
        conn, organisation_id, device.id, made_up_udi(device.profile, device.serial or ""),
        actor=None, now=at,
    )  # fmt: skip
    await assign(
        conn, organisation_id, device_id=device.id, patient_id=patient.id,
        starts_at=at + TALK, reason="demonstration",
    )  # fmt: skip
    await _on_record(conn, organisation_id, patient.id, billed, staff, at=at)
    await _billed(conn, organisation_id, patient.id, billed, course, parties, staff, now=now)
    return Person(billed=billed, patient=patient.id, device=address)


async def _on_record(
    conn: Connection,
    organisation_id: UUID,
    patient: UUID,
    billed: Billed,
    staff: Staff,
    *,
    at: dt.datetime,
) -> None:
    if billed.consent:
        read = await current_text(conn, organisation_id, "en", now=at)
        for kind in ("monitoring", "billing"):
            await add_consent(
                conn, organisation_id, patient, kind=kind, method="written", given_at=at,
                text_id=read.id, actor=staff.nurse, now=at,
            )  # fmt: skip
    if billed.order:
        await add_order(
            conn, organisation_id, patient, ordered_by=ORDERED_BY, npi=NPI, ordered_at=at,
            kinds=[str(Kind.BLOOD_PRESSURE)], starts_at=at, diagnoses=[DIAGNOSIS],
            actor=staff.clinician, now=at,
        )  # fmt: skip
    await start_episode(
        conn, organisation_id, patient, programme=PROGRAMME, starts_at=at,
        reason="Referred by primary care", actor=staff.nurse, now=at,
    )  # fmt: skip


async def _billed(
    conn: Connection,
    organisation_id: UUID,
    patient: UUID,
    billed: Billed,
    course: Course,
    parties: Parties,
    staff: Staff,
    *,
    now: dt.datetime,
) -> None:
    first = course.begins(billed)
    await add_coverage(
        conn, organisation_id, patient, payer=parties.payers[billed.payer],
        member_id=member_id(billed.mrn) if billed.member else None,
        starts_on=first - 400 * DAY, actor=staff.nurse, now=now,
    )  # fmt: skip
    await set_address(
        conn, organisation_id, patient, home(int(billed.mrn) % 1000), actor=staff.nurse, now=now
    )
    visit = first - 38 * DAY
    terms = Terms(
        practitioner_id=parties.practitioner,
        starts_on=first - DAY,
        established_on=visit if billed.established else None,
        established_by="Dr. Renske Osterwald" if billed.established else None,
        taught_on=first,
        taught_by="Ana Ruizenda, RN",
    )
    await add_enrolment(conn, organisation_id, patient, "rpm", terms, actor=staff.nurse, now=now)
    for period in range(PERIODS if billed.rtm else 0):
        await add_other(
            conn, organisation_id, patient, code="98980", service="rtm",
            first_on=first + period * PERIOD * DAY, actor=staff.nurse, now=now,
            note="Told by the patient: exercises with an app of another practice",
        )  # fmt: skip


def home(number: int) -> Address:
    return Address(
        line_1=f"{number} Example Street", city="Anytown", state="NY", zip_code="100019998"
    )


def member_id(mrn: str) -> str:
    """Made up, and formed as a Medicare number is: 1DM0XX0XX00, with the record's four digits."""
    return "1DM{}XX{}XX{}{}".format(*mrn[-4:])


async def measure(
    conn: Connection,
    people: Sequence[Person],
    course: Course,
    *,
    until: dt.datetime,
    now: dt.datetime,
) -> None:
    """All that has come by `until`."""
    snapshot = await directory.read(conn)
    arriving = sorted(
        (each for person in people for each in readings_of(person, course) if each.at <= until),
        key=lambda each: each.at,
    )
    await stored(conn, snapshot, HUB, arriving, now=now)
    for person in people:
        await unwatched(conn, person.patient)


async def unwatched(conn: Connection, patient: UUID) -> None:
    """No plan of theirs asks for anything: there is nothing to judge."""
    await conn.execute(QUERIES["take"], patient)


def readings_of(person: Person, course: Course) -> list[Arrived]:
    """On the first days of each thirty; seeded."""
    chance = Random(person.billed.mrn)  # noqa: S311 - not for secrets
    first = course.begins(person.billed)
    found, day = [], first
    while day <= course.anchor.astimezone(course.zone).date():
        high = chance.randint(118, 139)
        if (day - first).days % PERIOD < person.billed.days:
            found.append(_arrived(person, course, day, high))
        day += DAY
    return found


def late_reading(person: Person, course: Course, day: dt.date, *, at: dt.datetime) -> Arrived:
    """Of that day, kept by the cuff until the hub heard it."""
    return Arrived(at=at, reading=_arrived(person, course, day, 131).reading)


def _arrived(person: Person, course: Course, day: dt.date, high: int) -> Arrived:
    minutes = 7 * 60 + 30 + (day.toordinal() * 7 + high) % 50
    shown = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minutes)
    measured = shown.replace(tzinfo=course.zone)
    offset = measured.utcoffset() or dt.timedelta()
    fixed = measured.astimezone(dt.timezone(offset))
    low = round(high * 0.6 + 3)
    typed = person.billed.typed
    return Arrived(
        at=measured.astimezone(dt.UTC) + dt.timedelta(seconds=19),
        reading=Reading(
            id=reading_id(
                device=person.device, kind=Kind.BLOOD_PRESSURE, frame=b"", device_time=shown,
                sequence=None, captured_at=measured,
            ),
            device=person.device,
            kind=Kind.BLOOD_PRESSURE,
            measured_at=fixed,
            time_quality=TimeQuality.DEVICE,
            values={"systolic": float(high), "diastolic": float(low), "pulse": 68.0},
            device_time=shown,
            profile="typed" if typed else "and-ua-651ble",
        ),
    )  # fmt: skip
