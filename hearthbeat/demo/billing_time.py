"""Care time of the demonstration that bills rest on, besides what alerts and calls have left."""

import datetime as dt
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final
from uuid import UUID

from billing.entries import Work
from billing.months.calendar import Month
from billing.time_log import add_entry
from billing.words import Activity, Mode, WithWhom
from hearthbeat.demo.billing_calendar import workday
from hearthbeat.demo.billing_people import NOTES, Session
from hearthbeat.demo.past_nurses import Staff
from hearthbeat.demo.roster import QUERIES
from store.pool import Connection

FROM: Final = 18.25
"""On the clinic's clock: when the day is done, so that nobody is at two patients at once."""
SLOT: Final = 33
"""Minutes."""
DAYS: Final = 18
"""Working days over which a month's sessions are spread: every month has them."""


async def write(
    conn: Connection,
    organisation_id: UUID,
    whose: Sequence[tuple[UUID, tuple[Session, ...]]],
    month: Month,
    staff: Staff,
    *,
    until: dt.datetime,
) -> None:
    """One month of everybody's; none before their programme began, none that would not be over."""
    since = {
        row["patient_id"]: row["since"]
        for row in await conn.fetch(QUERIES["in a programme since"], organisation_id)
    }
    for number, (patient, session) in enumerate(_each(whose)):
        there = dt.datetime.combine(workday(month, number % DAYS + 1), dt.time(), tzinfo=month.zone)
        begins = there + dt.timedelta(hours=FROM, minutes=number // DAYS * SLOT)
        chance = Random(f"{month.name} {number}")  # noqa: S311 - not for secrets
        seconds = session.minutes * 60 + chance.randint(3, 50)
        ends = begins + dt.timedelta(seconds=seconds)
        if ends > until or begins < since.get(patient, begins):
            continue
        await add_entry(
            conn, organisation_id, patient, actor=staff.nurse if number % 2 else staff.second,
            work=_work(session, chance.choice(NOTES)),
            spans=((begins.astimezone(dt.UTC), ends.astimezone(dt.UTC)),),
            now=ends.astimezone(dt.UTC) + dt.timedelta(minutes=1),
        )  # fmt: skip


def _each(
    whose: Sequence[tuple[UUID, tuple[Session, ...]]],
) -> Iterator[tuple[UUID, Session]]:
    """The first of each, then the second: nobody is called twice in a row."""
    most = max((len(sessions) for _, sessions in whose), default=0)
    for place in range(most):
        for patient, sessions in whose:
            if place < len(sessions):
                yield patient, sessions[place]


def _work(session: Session, note: str) -> Work:
    if not session.live:
        return Work(activity=Activity.REVIEW, note=note, service=session.service)
    return Work(
        activity=Activity.CALL, mode=Mode.LIVE_PHONE, with_whom=WithWhom.PATIENT, note=note,
        service=session.service,
    )  # fmt: skip
