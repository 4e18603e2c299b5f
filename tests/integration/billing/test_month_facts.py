"""The month strip from the database: which readings make a day, and which entries make minutes."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from billing.corrections import Change, correct
from billing.entries import Work
from billing.month_facts import month_so_far_of
from billing.time_log import add_entry
from care.errors import NotFoundError
from care.registry import add_organisation, add_patient
from store.batch import Row
from store.commit_batch import commit
from store.pool import Connection, Pool
from tests.rows import reading, row

NOW = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
CUFF = UUID(int=77)


class Clinic:
    def __init__(self, conn: Connection, whose: UUID, patient: UUID, nurse: UUID) -> None:
        self.conn, self.whose, self.patient, self.nurse = conn, whose, patient, nurse

    async def measured(self, day: dt.date, **changes: Any) -> None:
        """By eight in the evening of a day in New York, which is the next one in UTC."""
        at = dt.datetime.combine(day, dt.time(1), dt.UTC) + DAY
        fields: dict[str, Any] = {
            "organisation_id": self.whose, "patient_id": self.patient, "device_id": CUFF,
            "local_day": day,
        }  # fmt: skip
        told = {name: changes.pop(name) for name in ("flags", "profile") if name in changes}
        made: Row = row(reading(measured_at=at, **told), **(fields | changes))
        await commit(self.conn, [made], received_at=at)

    async def worked(self, minutes: float, **work: str) -> UUID:
        spans = ((NOW - minutes * MINUTE, NOW),)
        made = await add_entry(
            self.conn, self.whose, self.patient, actor=self.nurse, work=Work(**work), spans=spans,
            now=NOW,
        )  # fmt: skip
        return made.id


@pytest.fixture
async def clinic(pool: Pool) -> Any:
    async with pool.acquire() as conn:
        whose = (await add_organisation(conn, name="north", time_zone="America/New_York")).id
        patient = await add_patient(conn, whose, mrn="1", given_name="Ada", family_name="Able")
        nurse = await conn.fetchval(
            "INSERT INTO users (organisation_id, username, password_hash, role)"
            " VALUES ($1, 'ann', '-', 'nurse') RETURNING id",
            whose,
        )
        yield Clinic(conn, whose, patient.id, nurse)


async def days(clinic: Clinic) -> int:
    found = await month_so_far_of(clinic.conn, clinic.whose, clinic.patient, now=NOW)
    return found.days.have


async def test_a_day_is_the_patients_own_as_it_was_measured(clinic: Clinic) -> None:
    await clinic.measured(dt.date(2026, 11, 5))
    await clinic.measured(dt.date(2026, 11, 6))
    await clinic.conn.execute("UPDATE patients SET time_zone = 'Asia/Tokyo'")
    found = await month_so_far_of(clinic.conn, clinic.whose, clinic.patient, now=NOW)
    assert (found.days.have, found.period_from) == (2, dt.date(2026, 11, 5))


@pytest.mark.parametrize(
    "changes",
    [
        {"profile": "typed"},
        {"profile": "manual"},
        {"device_id": None},
        {"flags": ("control_solution",)},
        {"attribution": "quarantined", "patient_id": None, "reason": "unassigned"},
    ],
    ids=["typed", "by telephone", "of no device", "control solution", "held back"],
)
async def test_what_no_device_of_the_patient_has_sent_makes_no_day(
    clinic: Clinic, changes: dict[str, Any]
) -> None:
    await clinic.measured(dt.date(2026, 11, 5), **changes)
    assert await days(clinic) == 0
    await clinic.measured(dt.date(2026, 11, 7))
    assert await days(clinic) == 1


async def test_minutes_are_those_that_count(clinic: Clinic) -> None:
    await clinic.worked(8, mode="live_phone", with_whom="patient")
    wrong = await clinic.worked(19)
    await correct(
        clinic.conn, clinic.whose, wrong, Change(withdraw=True), reason="another patient's",
        actor=clinic.nurse, of_anybody=False, now=NOW,
    )  # fmt: skip
    found = await month_so_far_of(clinic.conn, clinic.whose, clinic.patient, now=NOW)
    assert (found.seconds, found.minutes.have, found.live.have) == (480, 8, 1)


async def test_last_months_minutes_are_last_months(clinic: Clinic) -> None:
    await clinic.worked(8)
    october = dt.date(2026, 10, 31)
    found = await month_so_far_of(clinic.conn, clinic.whose, clinic.patient, now=NOW, month=october)
    assert found.seconds == 0


async def test_another_organisation_has_no_such_patient(clinic: Clinic) -> None:
    with pytest.raises(NotFoundError):
        await month_so_far_of(clinic.conn, UUID(int=5), clinic.patient, now=NOW)
