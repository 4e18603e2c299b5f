"""The billing of the demonstration: who pays, care time, months locked, and what came after. Made
once, after the patients' past; what was sent is billing_sent's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.months.approving import approve
from billing.months.calendar import DAY, Month, month_of_day
from billing.months.closing import close
from billing.months.holding import hold
from billing.months.records import Status
from billing.months.review import review_of
from billing.months.views import Review
from billing.parties.coverage import add_coverage, set_address
from billing.parties.enrolments import Terms, add_enrolment
from billing.parties.payers import list_payers
from billing.parties.statements import add_attestation
from care import snapshot as directory
from care.consent_texts import current_text
from care.consents import add_consent
from care.users import list_users
from hearthbeat.demo import billing_entered, billing_parties, billing_time
from hearthbeat.demo.billing_calendar import (
    HEARD_LATE,
    LOCKED,
    LOOKED_THROUGH,
    Locking,
    just_over,
    lockings,
)
from hearthbeat.demo.billing_entered import Course, Person, member_id
from hearthbeat.demo.billing_parties import Parties
from hearthbeat.demo.billing_people import CARED_FOR, OF_CAST, PAYERS_OF_CAST
from hearthbeat.demo.origin_names import mrn
from hearthbeat.demo.past_nurses import Staff
from hearthbeat.demo.past_stored import stored
from hearthbeat.demo.roster import SIGNED
from simulator.people_cast import Character
from store.pool import Connection

HELD: Final = "Diagnosis on the order is being asked back."
ASKED_BACK: Final = "The payer is being asked whether the member number still holds."
REST: Final = "Not complete when the month was closed: see what is missing."
CARE_PLAN: Final = ("two_chronic_conditions", "care_plan")


async def leave(
    conn: Connection,
    organisation_id: UUID,
    characters: Sequence[Character],
    patients: Mapping[int, UUID],
    staff: Staff,
    *,
    anchor: dt.datetime,
    now: dt.datetime,
    locked: int = LOCKED,
) -> None:
    """In one transaction, of the kind that the register is read in; once. `locked`: so many of the
    months before the one that is just over.
    """
    async with conn.transaction(isolation="repeatable_read"):
        if await list_payers(conn, organisation_id):
            return
        people = {user.role: user.id for user in await list_users(conn, organisation_id)}
        course = billing_entered.course_until(anchor, staff.zone)
        begins = min(course.midnight(course.first), anchor - dt.timedelta(days=250))
        parties = await billing_parties.enter(
            conn, organisation_id, clinician=staff.clinician, admin=people["admin"], now=begins
        )
        await billing_parties.confirm_rules(
            conn, organisation_id, just_over(anchor, staff.zone).last, admin=people["admin"],
            now=anchor,
        )  # fmt: skip
        shown = await billing_entered.enter(
            conn, organisation_id, course, parties, staff, now=begins
        )
        await billing_entered.measure(conn, shown, course, until=anchor, now=now)
        await _cover(conn, organisation_id, characters, patients, parties, staff, anchor=anchor)
        done = lockings(anchor, staff.zone)[-locked:]
        await _time(conn, organisation_id, shown, patients, staff, done[0].month, anchor=anchor)
        for each in done:
            await _run(conn, organisation_id, each, people)
        await _late(conn, organisation_id, shown, course, done[-1], now=now)
        await _looked_through(conn, organisation_id, anchor, staff, people)
        await review_of(
            conn, organisation_id, month_of_day(now.astimezone(staff.zone).date(), staff.zone).name,
            now=now,
        )  # fmt: skip


async def _cover(
    conn: Connection,
    organisation_id: UUID,
    characters: Sequence[Character],
    patients: Mapping[int, UUID],
    parties: Parties,
    staff: Staff,
    *,
    anchor: dt.datetime,
) -> None:
    """Who pays for those with a past, and what they are enrolled in."""
    for each in characters:
        patient = patients[each.number]
        begins = anchor + dt.timedelta(days=each.enrolled)
        day = begins.astimezone(staff.zone).date()
        signed = (begins - SIGNED).astimezone(ZoneInfo(each.zone)).date()
        payer = PAYERS_OF_CAST.get(each.number, "medicare_ffs")
        await add_coverage(
            conn, organisation_id, patient, payer=parties.payers[payer],
            member_id=member_id(mrn(each.number)), starts_on=day - 300 * DAY, actor=staff.nurse,
            now=begins,
        )  # fmt: skip
        await set_address(
            conn, organisation_id, patient, billing_entered.home(each.number), actor=staff.nurse,
            now=begins,
        )  # fmt: skip
        terms = Terms(
            practitioner_id=parties.practitioner,
            starts_on=signed,
            established_on=day - 45 * DAY,
            established_by="Dr. Renske Osterwald",
            taught_on=day,
            taught_by="Ana Ruizenda, RN",
        )
        await add_enrolment(
            conn, organisation_id, patient, "rpm", terms, actor=staff.nurse, now=begins
        )
        if each.number == CARED_FOR:
            await add_enrolment(
                conn, organisation_id, patient, "ccm", terms, actor=staff.nurse, now=begins
            )
            words = await current_text(conn, organisation_id, "en", now=begins)
            await add_consent(
                conn, organisation_id, patient, kind="ccm", method="verbal", given_at=begins,
                text_id=words.id,
                note="Cost share, one practice at a time, may stop at any time.",
                actor=staff.nurse, now=begins,
            )  # fmt: skip
            for what in CARE_PLAN:
                await add_attestation(
                    conn, organisation_id, patient, what=what, on_day=day,
                    stated_by="Dr. Osterwald", actor=staff.clinician, now=begins,
                )  # fmt: skip


async def _time(
    conn: Connection,
    organisation_id: UUID,
    shown: Sequence[Person],
    patients: Mapping[int, UUID],
    staff: Staff,
    month: Month,
    *,
    anchor: dt.datetime,
) -> None:
    """From that month on."""
    over = just_over(anchor, staff.zone)
    cast = [(patients[number], each) for number, each in OF_CAST.items() if number in patients]
    while month.begins_at < anchor:
        whose = [
            (each.patient, each.billed.sessions)
            for each in shown
            if month.first >= over.first or not each.billed.new
        ]
        await billing_time.write(conn, organisation_id, [*whose, *cast], month, staff, until=anchor)
        month = month_of_day(month.last + DAY, month.zone)


async def _run(
    conn: Connection,
    organisation_id: UUID,
    locking: Locking,
    people: Mapping[str, UUID],
) -> None:
    """Looked through, approved, closed."""
    name, at = locking.month.name, locking.at
    review = await review_of(conn, organisation_id, name, now=at - dt.timedelta(hours=3))
    ready = _ready(review)
    kept: set[UUID] = set()
    if held := dict(list(ready.items())[4:5]):
        moved = await hold(
            conn, organisation_id, held, reason=HELD, actor=people["biller"],
            now=at - dt.timedelta(hours=2),
        )  # fmt: skip
        # With what is billed only beside it.
        kept = {each.line_id for each in moved}
    chosen = {line: version for line, version in ready.items() if line not in kept}
    if chosen:
        await approve(
            conn, organisation_id, chosen, actor=people["biller"], now=at - dt.timedelta(hours=1)
        )
    etag = (await review_of(conn, organisation_id, name, now=at)).etag
    await close(
        conn, organisation_id, name, etag=etag, hold_rest=REST, actor=people["biller"], now=at
    )


async def _looked_through(
    conn: Connection,
    organisation_id: UUID,
    anchor: dt.datetime,
    staff: Staff,
    people: Mapping[str, UUID],
) -> None:
    """The month that is just over: a line is held, the others wait to be approved, and the month
    to be closed.
    """
    month = just_over(anchor, staff.zone)
    at = min(month.ends_at + LOOKED_THROUGH, anchor)
    ready = _ready(await review_of(conn, organisation_id, month.name, now=at))
    if held := dict(list(ready.items())[2:3]):
        await hold(
            conn, organisation_id, held, reason=ASKED_BACK, actor=people["biller"], now=at
        )  # fmt: skip


def _ready(review: Review) -> dict[UUID, int]:
    return {
        cell.line_id: cell.version
        for row in review.rows
        for cell in row.cells
        if cell.line_id is not None and cell.status == Status.READY and not cell.lacks
    }


async def _late(
    conn: Connection,
    organisation_id: UUID,
    shown: Sequence[Person],
    course: Course,
    locking: Locking,
    *,
    now: dt.datetime,
) -> None:
    """A reading of the period's last day that the hub heard when the month was locked already."""
    at = locking.at + HEARD_LATE
    snapshot = await directory.read(conn)
    for person in shown:
        if person.billed.late:
            came = billing_entered.late_reading(
                person, course, course.ends_in(locking.month), at=at
            )
            await stored(conn, snapshot, billing_entered.HUB, [came], now=now)
            await billing_entered.unwatched(conn, person.patient)
    await review_of(conn, organisation_id, locking.month.name, now=at + dt.timedelta(hours=2))
