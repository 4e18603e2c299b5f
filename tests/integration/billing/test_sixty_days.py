"""What was paid and is not eligible any more is to be returned within 60 days of its being found
(L-3), whatever else has come of the same month.
"""

import datetime as dt
from uuid import UUID

import pytest

from billing.corrections import Change, correct
from billing.months.adjustment_list import adjustments_of
from billing.months.records import Status
from billing.months.settling import decide
from billing.months.statuses import move
from billing.months.views import Adjustment
from tests.integration.billing.clinic import DAY, NOW, Clinic, local
from tests.integration.billing.correcting import timed, waiting
from tests.integration.billing.october import LATER, exported, lines_of, locked, seen, statuses


async def test_a_correction_after_the_lock_starts_the_clock_of_what_was_paid(
    clinic: Clinic,
) -> None:
    await clinic.billable()
    await exported(clinic)
    entry = await clinic.conn.fetchval("SELECT id FROM time_entries")
    await correct(
        clinic.conn, clinic.id, entry, Change(minutes=15), reason="read the wrong clock",
        actor=clinic.people["nurse"], of_anybody=False, now=LATER,
    )  # fmt: skip
    await seen(clinic, LATER)
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    assert found.direction == "down"
    assert ([e.code for e in found.removed], [e.code for e in found.added]) == (
        ["99457"],
        ["99470"],
    )
    assert found.overpayment_identified_on == LATER.date()
    assert found.report_and_return_by == LATER.date() + 60 * DAY
    await decide(
        clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["clinician"], now=LATER
    )
    assert await statuses(clinic) == {"approved": 1, "paid": 3}
    told = await clinic.conn.fetch("SELECT code, status, original_claim FROM billing_lines")
    assert {row["code"]: row["status"] for row in told}["99457"] == "corrected"
    assert {row["code"]: row["original_claim"] for row in told}["99470"] == "C-1"


async def paid(clinic: Clinic, *codes: str) -> UUID:
    """Fifteen days and a talk of 25 minutes, sent; of these codes the payer has paid, and denied
    the others.
    """
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 10, 2), 15)
    await clinic.worked(patient, local(dt.date(2026, 10, 5)), 25)
    lines = list(lines_of(await locked(clinic)))
    biller = clinic.people["biller"]
    await move(clinic.conn, clinic.id, lines, Status.EXPORTED, actor=biller, now=NOW)
    for line in lines:
        code = await clinic.conn.fetchval("SELECT code FROM billing_lines WHERE id = $1", line)
        to = Status.PAID if code in codes else Status.DENIED
        await move(
            clinic.conn, clinic.id, [line], to, actor=biller, reason="as they said", now=NOW,
            claim_number="C-1",
        )  # fmt: skip
    return patient


async def more_and_less(clinic: Clinic, patient: UUID) -> Adjustment:
    """A day that came late, and time that was another patient's."""
    await clinic.measured(patient, dt.date(2026, 10, 30), 1, received=local(dt.date(2026, 11, 4)))
    await timed(clinic, None)
    (found,) = await waiting(clinic, LATER)
    assert found.direction == "code_change"
    assert {each.code for each in found.removed} == {"99445", "99457"}
    assert {each.code for each in found.added} == {"99454"}
    return found


@pytest.mark.parametrize(
    ("codes", "owed"), [(("99457",), True), (("99445",), False), (("99445", "99457"), True)]
)
async def test_what_is_more_in_one_line_hides_nothing_that_is_less_in_another(
    clinic: Clinic, codes: tuple[str, ...], *, owed: bool
) -> None:
    found = await more_and_less(clinic, await paid(clinic, *codes))
    day = LATER.date()
    assert (found.overpayment_identified_on, found.report_and_return_by) == (
        (day, day + 60 * DAY) if owed else (None, None)
    )


async def test_the_clock_goes_on_where_a_newer_finding_stands_in_place_of_one_that_waits(
    clinic: Clinic,
) -> None:
    patient = await paid(clinic, "99457")
    await more_and_less(clinic, patient)
    week = LATER + 7 * DAY
    await clinic.worked(
        patient, local(dt.date(2026, 10, 28)), 12, now=week, late_for_locked_month=True,
        reason="forgotten",
    )  # fmt: skip
    (found,) = await waiting(clinic, week)
    assert {each.code for each in found.added} == {"99454", "99470"}
    assert found.overpayment_identified_on == LATER.date()
    # What was left as it was locked, and changes again, is found anew.
    await decide(
        clinic.conn, clinic.id, found.id, approve=False, reason="investigated",
        actor=clinic.people["biller"], now=week,
    )  # fmt: skip
    await clinic.worked(
        patient, local(dt.date(2026, 10, 29)), 2, now=week + DAY, late_for_locked_month=True,
        reason="forgotten too",
    )  # fmt: skip
    (again,) = await waiting(clinic, week + DAY)
    assert again.overpayment_identified_on == (week + DAY).date()
