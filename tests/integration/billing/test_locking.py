"""A month is locked by one of two, when it is over and looked at; what was locked can be proved."""

import asyncio
import datetime as dt
from typing import Any

import asyncpg
import pytest

from billing.errors import StaleError
from billing.months.adjustment_list import adjustments_of
from billing.months.closing import close
from billing.months.reading import patient_of
from billing.months.review import months_of, review_of
from billing.months.verifying import verify
from care.errors import InvalidError, TakenError
from store.pool import Pool
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, local
from tests.integration.billing.october import (
    LATER,
    approved,
    locked,
    seen,
    statuses,
)


async def test_a_month_that_is_not_over_is_not_locked(clinic: Clinic) -> None:
    now = local(dt.date(2026, 10, 31), 23, 59)
    with pytest.raises(InvalidError, match="is not over yet"):
        await close(clinic.conn, clinic.id, OCTOBER, etag="", actor=None, now=now)


async def test_what_nobody_has_decided_is_held_with_a_reason_or_stops_the_lock(
    clinic: Clinic,
) -> None:
    await clinic.billable()
    etag = (await seen(clinic)).etag
    actor = clinic.people["biller"]
    with pytest.raises(InvalidError, match="4 lines are neither approved nor held"):
        await close(clinic.conn, clinic.id, OCTOBER, etag=etag, actor=actor, now=NOW)
    head = await close(
        clinic.conn, clinic.id, OCTOBER, etag=etag, hold_rest="asked about", actor=actor, now=NOW
    )
    assert (head.version, head.locked_by) == (1, "The biller")
    assert await statuses(clinic) == {"held": 4}


async def test_nobody_locks_what_they_have_not_seen(clinic: Clinic) -> None:
    patient = await clinic.billable()
    review = await approved(clinic)
    await clinic.measured(patient, dt.date(2026, 10, 25), 1)
    with pytest.raises(StaleError, match="has changed since you looked"):
        await close(
            clinic.conn,
            clinic.id,
            OCTOBER,
            etag=review.etag,
            actor=clinic.people["biller"],
            now=NOW,
        )


async def test_of_two_who_lock_at_once_exactly_one_does(clinic: Clinic, pool: Pool) -> None:
    await clinic.billable()
    etag = (await approved(clinic)).etag

    async def locks(who: str) -> Any:
        async with pool.acquire() as conn:
            return await close(
                conn, clinic.id, OCTOBER, etag=etag, actor=clinic.people[who], now=NOW
            )

    for_each = [locks("biller"), locks("biller2")]
    first, second = await asyncio.gather(*for_each, return_exceptions=True)
    failed = [each for each in (first, second) if isinstance(each, BaseException)]
    assert [type(each) for each in failed] == [TakenError]
    assert "lock" in str(failed[0])
    assert await clinic.conn.fetchval("SELECT count(*) FROM billing_seals") == 1
    with pytest.raises(TakenError, match="has been locked by The biller"):
        await locks("biller")


async def test_a_locked_month_is_proved_by_its_hashes(clinic: Clinic) -> None:
    await clinic.billable("Able")
    await clinic.billable("Baker")
    review = await locked(clinic)
    assert review.state == "locked"
    (checked,) = [each async for each in verify(clinic.conn, clinic.id, OCTOBER)]
    assert (checked.good, checked.patients, checked.sha256) == (True, 2, review.head.sha256)
    with pytest.raises(asyncpg.RestrictViolationError):
        await clinic.conn.execute(
            "UPDATE billing_month_patients SET sorts_by = '' WHERE version = 1"
        )
    await clinic.conn.execute(
        "ALTER TABLE billing_month_patients DISABLE TRIGGER billing_month_patients_sealed"
    )
    await clinic.conn.execute(
        "UPDATE billing_month_patients SET body = jsonb_set(body, '{who,mrn}', '\"other\"')"
        " WHERE version = 1 AND body->'who'->>'family_name' = 'Baker'"
    )
    (checked,) = [each async for each in verify(clinic.conn, clinic.id)]
    assert (checked.good, len(checked.faults)) == (False, 2)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("UPDATE billing_months SET version = 0, locked_at = NULL", "at version 0"),
        ("UPDATE billing_lines SET status = 'exported' WHERE code = '99457'", "1 lines stand"),
        ("DELETE FROM billing_holds", ""),
    ],
)
async def test_a_month_that_is_opened_behind_its_back_is_seen(
    clinic: Clinic, change: str, why: str
) -> None:
    await clinic.billable()
    await locked(clinic)
    if "billing_months" in change:
        with pytest.raises(asyncpg.RestrictViolationError, match="is not opened again"):
            await clinic.conn.execute(change)
        await clinic.conn.execute("ALTER TABLE billing_months DISABLE TRIGGER USER")
    await clinic.conn.execute(change)
    (checked,) = [each async for each in verify(clinic.conn, clinic.id)]
    assert checked.good == (not why)
    assert why in " ".join(checked.faults)


async def test_what_was_locked_stays_as_it_was_whatever_happens_to_names_and_fees(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await locked(clinic)
    before = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=NOW)
    await clinic.conn.execute("UPDATE patients SET family_name = 'Changed'")
    await clinic.conn.execute("UPDATE payers SET name = 'Changed'")
    await clinic.conn.execute(
        "WITH made AS (INSERT INTO fee_schedules (organisation_id, name, effective_from, version,"
        " sha256, imported_at) VALUES ($1, 'dear', '2026-01-01', 2, '', now()) RETURNING id)"
        " INSERT INTO fees (schedule_id, organisation_id, code, amount, charge)"
        " SELECT id, $1, '99454', 99, 99 FROM made",
        clinic.id,
    )
    after = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=LATER)
    assert after == before
    # Names are told, and wait for somebody; a fee of what is locked is none.
    (found,) = await adjustments_of(clinic.conn, clinic.id, OCTOBER)
    assert [each.name for each in found.details] == ["patient_name", "payer"]


async def test_nothing_is_billed_twice(clinic: Clinic) -> None:
    """Neither by another month, whose periods would lie elsewhere, nor by the table."""
    patient = await clinic.billable()
    await locked(clinic)
    await clinic.conn.execute("UPDATE consents SET given_at = '2026-10-16T04:00Z'")
    await clinic.measured(patient, dt.date(2026, 10, 22), 30)
    now = local(dt.date(2026, 12, 2))
    november = await patient_of(clinic.conn, clinic.id, "2026-11", patient, now=now)
    assert "ALREADY_BILLED" in {each.reason for each in november.not_eligible}
    assert "supply" not in {each.scope for each in november.lines}
    line = await clinic.conn.fetchrow("SELECT * FROM billing_lines WHERE scope = 'supply' LIMIT 1")
    assert line is not None
    with pytest.raises(asyncpg.ExclusionViolationError, match="is billed already"):
        await clinic.conn.execute(
            "INSERT INTO billing_lines (id, organisation_id, patient_id, month_id, stretch_id,"
            " service, scope, code, units, dos, window_from, window_to, content, status,"
            " changed_at) VALUES (gen_random_uuid(), $1, $2, $3, $4, 'rtm', 'supply', '98976', 1,"
            " $5, $5, $5, $6, 'approved', now())",
            clinic.id, patient, line["month_id"], line["stretch_id"], line["window_to"],
            line["content"],
        )  # fmt: skip


async def test_months_are_listed_with_how_far_they_are(clinic: Clinic) -> None:
    await clinic.billable()
    await locked(clinic)
    (row,) = await months_of(clinic.conn, clinic.id, now=NOW)
    assert (row.month, row.state, row.version, row.patients) == (OCTOBER, "locked", 1, 1)
    assert row.statuses == {"approved": 4}
    assert str(row.charge) == "355.40"


async def test_a_month_without_anybody_is_not_listed(clinic: Clinic) -> None:
    await clinic.billable()
    await seen(clinic)
    assert (await review_of(clinic.conn, clinic.id, "2026-03", now=NOW)).rows == ()
    assert [each.month for each in await months_of(clinic.conn, clinic.id, now=NOW)] == [OCTOBER]
