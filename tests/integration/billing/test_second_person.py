"""Whoever has changed something approves nothing that comes of it."""

import datetime as dt

import pytest

from billing.corrections import Change, correct
from billing.months.approving import approve
from billing.months.settling import adjustments_of, decide
from billing.parties.coverage import end_coverage
from billing.parties.payers import RuleTerms, add_rule
from care.errors import RefusedError
from tests.integration.billing.clinic import DAY, NOW, Clinic
from tests.integration.billing.test_month_life import lines_of, locked, seen

LATER = NOW + 2 * DAY


async def test_nobody_approves_time_of_others_as_they_have_corrected_it(clinic: Clinic) -> None:
    await clinic.billable()
    entry = await clinic.conn.fetchval("SELECT id FROM time_entries")
    await correct(
        clinic.conn, clinic.id, entry, Change(minutes=45), reason="was longer",
        actor=clinic.people["admin"], of_anybody=True, now=NOW,
    )  # fmt: skip
    lines = lines_of(await seen(clinic))
    with pytest.raises(RefusedError, match="that you have corrected"):
        await approve(clinic.conn, clinic.id, lines, actor=clinic.people["admin"], now=NOW)
    await approve(clinic.conn, clinic.id, lines, actor=clinic.people["biller"], now=NOW)


async def test_nobody_approves_what_comes_of_a_coverage_that_they_have_ended(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await locked(clinic)
    coverage = await clinic.conn.fetchval("SELECT id FROM coverages")
    await end_coverage(
        clinic.conn, clinic.id, patient, coverage, ends_on=dt.date(2026, 9, 30),
        actor=clinic.people["biller"], now=LATER,
    )  # fmt: skip
    await seen(clinic, LATER)
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    assert [(each["kind"], each["by_name"]) for each in found.causes] == [
        ("coverage ended", "The biller")
    ]
    with pytest.raises(RefusedError, match="change of your own"):
        await decide(
            clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["biller"], now=LATER
        )
    await decide(
        clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["biller2"], now=LATER
    )


async def test_nobody_approves_what_comes_of_a_payers_rule_that_they_have_entered(
    clinic: Clinic,
) -> None:
    await clinic.billable()
    await locked(clinic)
    await add_rule(
        clinic.conn, clinic.id, clinic.payer,
        RuleTerms(code="99457", effective_from=dt.date(2026, 1, 1), accepted=False),
        actor=clinic.people["admin"], now=LATER,
    )  # fmt: skip
    await seen(clinic, LATER)
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    assert [(each["kind"], each["by_name"]) for each in found.causes] == [
        ("what the payer asks of 99457 changed", "The admin")
    ]
    with pytest.raises(RefusedError, match="change of your own"):
        await decide(
            clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["admin"], now=LATER
        )
