"""What a practice corrects after the lock, and what becomes of it, in few lines."""

import datetime as dt
from uuid import UUID

from billing.corrections import Change, correct
from billing.months.adjustment_list import adjustments_of
from billing.months.review import review_of
from billing.months.settling import decide
from billing.months.verifying import verify
from billing.months.views import Adjustment
from billing.parties.coverage import correct_coverage, list_coverages
from tests.integration.billing.clinic import OCTOBER, Clinic
from tests.integration.billing.sending import AFTER


async def patient_of(clinic: Clinic, family_name: str = "Able 0") -> UUID:
    found: UUID = await clinic.conn.fetchval(
        "SELECT id FROM patients WHERE family_name = $1", family_name
    )
    return found


async def member_corrected(
    clinic: Clinic, to: str = "9AA9AA9AA99", *, who: str = "biller", now: dt.datetime = AFTER
) -> None:
    patient = await patient_of(clinic)
    (cover,) = await list_coverages(clinic.conn, clinic.id, patient)
    await correct_coverage(
        clinic.conn, clinic.id, patient, cover.id, payer=cover.payer, member_id=to,
        reason="one letter was wrong", actor=clinic.people[who], now=now,
    )  # fmt: skip


async def waiting(clinic: Clinic, now: dt.datetime = AFTER) -> list[Adjustment]:
    await review_of(clinic.conn, clinic.id, OCTOBER, now=now)
    found = await adjustments_of(clinic.conn, clinic.id, OCTOBER)
    return [each for each in found if each.decision is None]


async def approved(clinic: Clinic, who: str = "admin", now: dt.datetime = AFTER) -> Adjustment:
    (found,) = await waiting(clinic, now)
    return await decide(
        clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people[who], now=now
    )


async def all_approved(clinic: Clinic, who: str = "admin", now: dt.datetime = AFTER) -> None:
    """What several people have changed waits apart."""
    for each in await waiting(clinic, now):
        await decide(
            clinic.conn, clinic.id, each.id, approve=True, actor=clinic.people[who], now=now
        )


async def statuses(clinic: Clinic) -> set[str]:
    rows = await clinic.conn.fetch("SELECT status FROM billing_lines")
    return {row["status"] for row in rows}


async def good(clinic: Clinic) -> bool:
    return all([each.good async for each in verify(clinic.conn, clinic.id)])


async def to_another_payer(clinic: Clinic) -> None:
    other = await clinic.conn.fetchval(
        "INSERT INTO payers (organisation_id, key, name, payer_id, authority, filing_code,"
        " corrects_by, created_at, updated_at) VALUES ($1, 'blue', 'Blue', '777', 'medicare', 'CI',"
        " 'replacement', now(), now()) RETURNING id",
        clinic.id,
    )
    patient = await patient_of(clinic)
    (cover,) = await list_coverages(clinic.conn, clinic.id, patient)
    await correct_coverage(
        clinic.conn, clinic.id, patient, cover.id, payer=other, member_id="BL1",
        reason="never was with Medicare", actor=clinic.people["biller"], now=AFTER,
    )  # fmt: skip


async def timed(clinic: Clinic, minutes: int | None) -> None:
    """What was worked was as long as this; None: it was another patient's."""
    entry = await clinic.conn.fetchval(
        "SELECT id FROM time_entries e WHERE NOT EXISTS"
        " (SELECT FROM time_entries c WHERE c.corrects = e.id)"
    )
    change = Change(withdraw=True) if minutes is None else Change(minutes=minutes)
    await correct(
        clinic.conn, clinic.id, entry, change, reason="read the wrong clock",
        actor=clinic.people["nurse"], of_anybody=False, now=AFTER,
    )  # fmt: skip
