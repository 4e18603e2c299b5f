"""What is done for a patient without any alert: set up, call once a month, look at the values.

Pure up to `write`: the same patient has the same calls, and no nurse is at two patients at once.
"""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.entries import Work
from billing.time_log import add_entry
from billing.words import Activity, Mode, WithWhom
from care.care_notes import NoteText, add_note
from hearthbeat.demo.past_nurses import WEEKEND, Staff
from simulator.people_cast import Character
from store.pool import Connection

CYCLE: Final = 30
"""Days from call to call."""
REACHED: Final = 0.85
"""So many calls are answered."""
WEEKLY_FOR: Final = dt.timedelta(days=95)
SELDOM: Final = 4
"""Every so many-th patient is looked at only when something happens."""
SETUP_MIN: Final = 24
LOOKS_FROM: Final = 8.0
LOOK: Final = dt.timedelta(minutes=6.5)
MANY: Final = 40
"""In the morning values are looked at: each patient has a time of their own in it."""
CALLS_FROM: Final = 13.0
CALL: Final = dt.timedelta(minutes=16)
CALLS_A_DAY: Final = 18


class Occasion(Struct, frozen=True, kw_only=True):
    """Work on one patient, in one piece."""

    at: dt.datetime
    minutes: int
    actor: UUID
    work: Work
    note: NoteText | None = None


_LIVE: Final = Work(activity=Activity.CALL, mode=Mode.LIVE_PHONE, with_whom=WithWhom.PATIENT)
_SETUP: Final = Work(
    activity=Activity.SETUP, mode=Mode.IN_PERSON, with_whom=WithWhom.PATIENT,
    note="Kit explained, first measurement together.",
)  # fmt: skip
_CALLS: Final = (
    "Monthly call. Feels well, takes everything as prescribed. Measures at breakfast.",
    "Monthly call. Ankles a little swollen in the evening, otherwise well. Salt gone through.",
    "Monthly call. Sleeps badly since the neighbour moved in. No change of medication.",
    "Monthly call with the daughter listening. Asked about the blue tablet: explained.",
    "Monthly call. Walks every day now. Very happy with the values.",
    "Monthly call. Cuff felt tight: larger size sent.",
    "Monthly call. Travels next month, will take the kit along.",
)
_NOT_REACHED: Final = "No answer on two attempts. Message left; will call back."
_LOOKS: Final = (
    "Week looked through: values, trend, missed days.",
    "Values of the week looked at. Steady.",
    "Morning and evening values compared. Nothing to do.",
)
_VISIT: Final = "Seen in the clinic. Cuff compared with ours: 3 mmHg apart, which is fine."
_BARE: Final = "Pharmacy renewed all prescriptions for three months."


def occasions(
    character: Character, staff: Staff, *, begins: dt.datetime, until: dt.datetime
) -> list[Occasion]:
    """In order of time, from the first day on; all over by `until`."""
    nurse = staff.second if character.number % 3 == 0 else staff.nurse
    note = NoteText(kind="visit", with_whom="patient", reached=True, text=_SETUP.note)
    found = [Occasion(at=begins, minutes=SETUP_MIN, actor=nurse, work=_SETUP, note=note)]
    day, last = (at.astimezone(staff.zone).date() for at in (begins, until))
    while day < last:
        day += dt.timedelta(days=1)
        found += _looks(character, nurse, day, staff.zone, often=last - day < WEEKLY_FOR)
        found += _calls(character, staff, nurse, day)
    return [each for each in found if each.at + dt.timedelta(hours=1) < until]


def _looks(
    character: Character, nurse: UUID, day: dt.date, zone: ZoneInfo, *, often: bool
) -> Iterator[Occasion]:
    """Once a week of late; whom nobody worries about is looked at when something happens."""
    if day.weekday() != character.number % WEEKEND or character.number % SELDOM == 0:
        return
    if not often and day.isocalendar().week % 4:
        return
    chance = Random(f"{character.key} {day}")  # noqa: S311 - not for secrets
    work = Work(activity=Activity.REVIEW, note=chance.choice(_LOOKS))
    at = _at(day, zone, LOOKS_FROM, character.number % MANY * LOOK)
    yield Occasion(at=at, minutes=chance.randint(3, 6), actor=nurse, work=work)


def _calls(character: Character, staff: Staff, nurse: UUID, day: dt.date) -> Iterator[Occasion]:
    """Once in thirty days; what falls on a weekend is done on Monday."""
    days = [day - dt.timedelta(days=back) for back in range(3 if day.weekday() == 0 else 1)]
    due = [each for each in days if each.toordinal() % CYCLE == character.number % CYCLE]
    if not due or day.weekday() >= WEEKEND:
        return
    chance = Random(f"{character.key} {due[0]} call")  # noqa: S311 - not for secrets
    reached = chance.random() < REACHED
    text = chance.choice(_CALLS) if reached else _NOT_REACHED
    at = _at(day, staff.zone, CALLS_FROM, character.number % CALLS_A_DAY * CALL)
    yield Occasion(
        at=at,
        minutes=chance.randint(8, 15) if reached else 2,
        actor=nurse,
        work=_LIVE if reached else Work(activity=Activity.MESSAGE),
        note=NoteText(
            kind="call", with_whom="patient", direction="to_them", reached=reached, text=text
        ),
    )
    yield from _seldom(character, staff, nurse, at, month=due[0].toordinal() // CYCLE)


def _seldom(
    character: Character, staff: Staff, nurse: UUID, called: dt.datetime, *, month: int
) -> Iterator[Occasion]:
    """Every third month the doctor sees them, and in the month after, the pharmacy writes."""
    if (month + character.number) % 3 == 0:
        plan = Work(activity=Activity.CARE_PLAN, note="Plan gone through, see the visit.")
        seen = NoteText(kind="visit", with_whom="patient", reached=True, text=_VISIT)
        at = called + dt.timedelta(hours=1)
        yield Occasion(at=at, minutes=11, actor=staff.clinician, work=plan, note=seen)
    elif (month + character.number) % 3 == 1:
        note = NoteText(kind="note", text=_BARE)
        work = Work(activity=Activity.COORDINATION)
        at = called - dt.timedelta(hours=1) + CALL / 2
        yield Occasion(at=at, minutes=2, actor=nurse, work=work, note=note)


def _at(day: dt.date, zone: ZoneInfo, hour: float, later: dt.timedelta) -> dt.datetime:
    there = dt.datetime.combine(day, dt.time(), tzinfo=zone)
    return (there + dt.timedelta(hours=hour) + later).astimezone(dt.UTC)


async def write(conn: Connection, organisation_id: UUID, patient: UUID, occasion: Occasion) -> None:
    """Into the time log, and what was said into the record, as at the end of it."""
    ended = occasion.at + dt.timedelta(minutes=occasion.minutes)
    await add_entry(
        conn, organisation_id, patient, actor=occasion.actor, work=occasion.work,
        spans=((occasion.at, ended),), now=ended + dt.timedelta(minutes=1),
    )  # fmt: skip
    if occasion.note is not None:
        await add_note(
            conn, organisation_id, patient, occasion.note, at=occasion.at, author=occasion.actor,
            now=ended,
        )  # fmt: skip
