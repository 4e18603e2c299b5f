"""What a shift leaves behind: a hand-over, filters, who is on call, an enrolment half done.

Written once, after the patients' past: what somebody has removed stays away.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from alerts.telling.oncall import add_shift, list_shifts
from care.enrolments import begin_enrolment, choose_programme
from care.hand_overs import list_hand_overs, write_hand_over
from care.patients import add_patient
from care.saved_views import keep_view
from hearthbeat.demo.origin_names import phone
from hearthbeat.demo.past_nurses import Staff
from hearthbeat.demo.roster import QUERIES
from store.pool import Connection

NEWCOMER: Final = "600042"
TEXT: Final = (
    "Quiet night. Riofresca: weight up again, two pillows; furosemide is with Dr. Osterwald. "
    "Velasquindo has not measured for over a week: please call. Jihwang's son looks at the kit "
    "after work. Oduyaberg's kit is packed, consent is missing."
)
VIEWS: Final = (
    ("Heart failure", "programme=heart-failure", True),
    ("Grave and nobody's", "severity=critical,high&who=unclaimed", False),
)


async def leave(conn: Connection, organisation_id: UUID, staff: Staff, *, now: dt.datetime) -> None:
    """In one transaction."""
    async with conn.transaction():
        if await list_hand_overs(conn, organisation_id, staff.nurse, most=1):
            return
        written = now - dt.timedelta(minutes=50)
        facts = {
            "open": {row["severity"]: row["count"] for row in await conn.fetch(
                QUERIES["open rows"], organisation_id)},
            "alerts": [str(row["id"]) for row in await conn.fetch(
                QUERIES["standing"], organisation_id)],
            "done": {row["event"]: row["count"] for row in await conn.fetch(
                QUERIES["done lately"], organisation_id, written - dt.timedelta(hours=12))},
        }  # fmt: skip
        await write_hand_over(
            conn, organisation_id, staff.second, text=TEXT,
            since=written - dt.timedelta(hours=12), facts=facts, now=written,
        )  # fmt: skip
        for name, query, shared in VIEWS:
            await keep_view(
                conn, organisation_id, staff.nurse, name=name, query=query, shared=shared, now=now
            )
        await _on_call(conn, organisation_id, staff, now=now)
        await _newcomer(conn, organisation_id, staff, now=now)


async def _on_call(
    conn: Connection, organisation_id: UUID, staff: Staff, *, now: dt.datetime
) -> None:
    """Week by week, in turns; they change on Monday mornings."""
    if await list_shifts(conn, organisation_id, since=now):
        return
    there = now.astimezone(staff.zone)
    monday = there.replace(hour=8, minute=0, second=0, microsecond=0)
    monday -= dt.timedelta(days=there.weekday())
    for week, user in enumerate((staff.clinician, staff.second, staff.clinician, staff.nurse)):
        starts = monday + dt.timedelta(weeks=week)
        await add_shift(
            conn, organisation_id, user_id=user, starts_at=starts,
            ends_at=starts + dt.timedelta(weeks=1), actor=None, now=now,
        )  # fmt: skip


async def _newcomer(
    conn: Connection, organisation_id: UUID, staff: Staff, *, now: dt.datetime
) -> None:
    """Somebody whose enrolment waits for consent."""
    patient = await add_patient(
        conn, organisation_id, mrn=NEWCOMER, given_name="Benedikta", family_name="Oduyaberg",
        birth_date=dt.date(1951, 3, 9),
    )  # fmt: skip
    begun = now - dt.timedelta(hours=2)
    await conn.execute(
        QUERIES["describe"], organisation_id, patient.id, "female", phone(0), "Penicillin: rash",
        "lb", "mg/dL", begun,
    )  # fmt: skip
    await begin_enrolment(conn, organisation_id, patient.id, actor=staff.nurse, now=begun)
    await choose_programme(
        conn, organisation_id, patient.id, programme="hypertension-us", overrides={}, now=begun
    )
