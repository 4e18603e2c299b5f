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

EVERY: Final = dt.timedelta(days=30)
REACHED: Final = 0.85
"""So many calls are answered."""
SLOT: Final = dt.timedelta(minutes=26)
"""Of the day, for each patient one of their own."""
SLOTS_A_DAY: Final = 18
FIRST_HOUR: Final = 9


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
_VISIT: Final = "Seen in the clinic. Cuff compared with ours: 3 mmHg apart, which is fine."
_BARE: Final = "Pharmacy renewed all prescriptions for three months."


def occasions(
    character: Character, staff: Staff, *, begins: dt.datetime, until: dt.datetime
) -> Iterator[Occasion]:
    """In order of time, from the first day on."""
    nurse = staff.second if character.number % 3 == 0 else staff.nurse
    note = NoteText(kind="visit", with_whom="patient", reached=True, text=_SETUP.note)
    yield Occasion(at=begins, minutes=24, actor=nurse, work=_SETUP, note=note)
    month = 0
    while begins + (month + 1) * EVERY < until:
        yield from _month(character, staff, nurse, begins + month * EVERY, month)
        month += 1


def _month(
    character: Character, staff: Staff, nurse: UUID, since: dt.datetime, month: int
) -> Iterator[Occasion]:
    chance = Random(f"{character.key} month {month}")  # noqa: S311 - not for secrets
    look = Work(activity=Activity.REVIEW, note="Trend and missed days looked at.")
    yield Occasion(
        at=_slot(character, since, 6, staff.zone), minutes=chance.randint(4, 9), actor=nurse,
        work=look,
    )  # fmt: skip
    reached = chance.random() < REACHED
    text = chance.choice(_CALLS) if reached else _NOT_REACHED
    note = NoteText(
        kind="call", with_whom="patient", direction="to_them", reached=reached, text=text
    )
    live = _LIVE if reached else Work(activity=Activity.MESSAGE)
    yield Occasion(
        at=_slot(character, since, 13, staff.zone),
        minutes=chance.randint(8, 15) if reached else 2,
        actor=nurse,
        work=live,
        note=note,
    )
    if month % 3 == 1:
        plan = Work(activity=Activity.CARE_PLAN, note="Plan gone through, see the visit.")
        seen = NoteText(kind="visit", with_whom="patient", reached=True, text=_VISIT)
        at = _slot(character, since, 20, staff.zone)
        yield Occasion(at=at, minutes=11, actor=staff.clinician, work=plan, note=seen)
    elif month % 3 == 2:  # noqa: PLR2004 - Every third month.
        at = _slot(character, since, 21, staff.zone)
        bare = NoteText(kind="note", text=_BARE)
        yield Occasion(
            at=at, minutes=3, actor=nurse, work=Work(activity=Activity.COORDINATION), note=bare
        )


def _slot(character: Character, since: dt.datetime, day: int, zone: ZoneInfo) -> dt.datetime:
    """A time of a working day that is this patient's alone."""
    there = (since + dt.timedelta(days=day + character.number // SLOTS_A_DAY)).astimezone(zone)
    while there.weekday() >= WEEKEND:
        there += dt.timedelta(days=1)
    morning = there.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    return (morning + character.number % SLOTS_A_DAY * SLOT).astimezone(dt.UTC)


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
