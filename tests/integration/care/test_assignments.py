"""Handing devices out and taking them back, under the device's lock."""

import asyncio
import datetime as dt
from uuid import UUID

import pytest

from care.assignments import assign, list_assignments, unassign
from care.attribution import Assignment
from care.errors import InvalidError, NotFoundError, TakenError
from care.registry import add_organisation
from store.pool import Connection, Pool
from tests.integration.care.conftest import NOW, Clinic

DAY = dt.timedelta(days=1)
INSTANT = dt.timedelta(microseconds=1)


async def hand(
    conn: Connection,
    clinic: Clinic,
    patient: UUID,
    *,
    slot: int | None = None,
    starts: dt.datetime = NOW,
    ends: dt.datetime | None = None,
) -> Assignment:
    return await assign(
        conn,
        clinic.organisation.id,
        device_id=clinic.cuff.id,
        patient_id=patient,
        user_slot=slot,
        starts_at=starts,
        ends_at=ends,
    )


async def test_an_assignment_is_kept_as_it_was_made(conn: Connection, clinic: Clinic) -> None:
    made = await hand(conn, clinic, clinic.ann.id, slot=1, ends=NOW + DAY)
    assert made == Assignment(
        id=made.id, patient_id=clinic.ann.id, user_slot=1, starts_at=NOW, ends_at=NOW + DAY
    )
    whose = clinic.organisation.id
    assert await list_assignments(conn, whose, device_id=clinic.cuff.id) == [made]


@pytest.mark.parametrize(
    ("starts", "free"),
    [(NOW + DAY - INSTANT, False), (NOW + DAY, True), (NOW + DAY + INSTANT, True)],
)
async def test_the_next_may_begin_at_the_instant_the_last_ends(
    conn: Connection, clinic: Clinic, starts: dt.datetime, *, free: bool
) -> None:
    await hand(conn, clinic, clinic.ann.id, ends=NOW + DAY)
    if free:
        await hand(conn, clinic, clinic.bob.id, starts=starts)
    else:
        with pytest.raises(TakenError, match="is assigned from 2026-11-22T12:00:00"):
            await hand(conn, clinic, clinic.bob.id, starts=starts)


async def test_two_slots_are_two_peoples(conn: Connection, clinic: Clinic) -> None:
    await hand(conn, clinic, clinic.ann.id, slot=1)
    await hand(conn, clinic, clinic.bob.id, slot=2)
    with pytest.raises(TakenError, match="slot 1"):
        await hand(conn, clinic, clinic.bob.id, slot=1)
    with pytest.raises(TakenError):
        await hand(conn, clinic, clinic.bob.id)


async def test_two_who_assign_at_once_cannot_both_win(pool: Pool, clinic: Clinic) -> None:
    async def attempt(patient: UUID) -> bool:
        async with pool.acquire() as conn:
            try:
                await hand(conn, clinic, patient)
            except TakenError:
                return False
            return True

    won = await asyncio.gather(*(attempt(p.id) for p in (clinic.ann, clinic.bob) for _ in range(2)))
    assert sum(won) == 1


async def test_taking_back_ends_the_span_there(conn: Connection, clinic: Clinic) -> None:
    made = await hand(conn, clinic, clinic.ann.id)
    whose = clinic.organisation.id
    ended = await unassign(conn, whose, device_id=clinic.cuff.id, ends_at=NOW + DAY)
    assert (ended.id, ended.ends_at) == (made.id, NOW + DAY)
    assert await list_assignments(conn, whose, device_id=clinic.cuff.id) == [ended]
    await hand(conn, clinic, clinic.bob.id, starts=NOW + DAY)


async def test_what_nobody_has_cannot_be_taken_back(conn: Connection, clinic: Clinic) -> None:
    whose = clinic.organisation.id
    with pytest.raises(NotFoundError, match="is assigned to nobody"):
        await unassign(conn, whose, device_id=clinic.cuff.id, ends_at=NOW)
    await hand(conn, clinic, clinic.ann.id, slot=1)
    with pytest.raises(NotFoundError, match="is assigned to nobody"):
        await unassign(conn, whose, device_id=clinic.cuff.id, user_slot=2, ends_at=NOW + DAY)
    with pytest.raises(InvalidError, match="after the assignment began"):
        await unassign(conn, whose, device_id=clinic.cuff.id, user_slot=1, ends_at=NOW)


@pytest.mark.parametrize("length", [dt.timedelta(), -INSTANT])
async def test_a_span_that_holds_no_time_is_refused(
    conn: Connection, clinic: Clinic, length: dt.timedelta
) -> None:
    with pytest.raises(InvalidError, match="ends_at"):
        await hand(conn, clinic, clinic.ann.id, ends=NOW + length)


async def test_patients_and_devices_of_others_are_not_there(
    conn: Connection, clinic: Clinic
) -> None:
    other = await add_organisation(conn, name="Elm Street")
    with pytest.raises(NotFoundError, match=r"^device: "):
        await assign(
            conn, other.id, device_id=clinic.cuff.id, patient_id=clinic.ann.id, starts_at=NOW
        )
    with pytest.raises(NotFoundError, match=r"^patient: "):
        await hand(conn, clinic, UUID(int=7))
