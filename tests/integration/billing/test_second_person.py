"""Whoever has changed something approves nothing that comes of it."""

import datetime as dt

import pytest
from msgspec.structs import replace

from billing.corrections import Change, correct
from billing.months.adjustment_list import adjustments_of
from billing.months.approving import approve
from billing.months.history import events_of
from billing.months.reading import patients_of
from billing.months.records import Status
from billing.months.seal import digest
from billing.months.settling import decide
from billing.months.standing import QUERIES as LINES
from billing.parties.coverage import correct_coverage, end_coverage, list_coverages
from billing.parties.payers import RuleTerms, add_rule, change_payer, list_payers
from care.errors import RefusedError
from tests.integration.billing.clinic import DAY, NOW, OCTOBER, Clinic
from tests.integration.billing.october import approved, exported, lines_of, locked, seen

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


async def test_nobody_approves_what_comes_of_rules_that_they_have_taken_from_a_payer(
    clinic: Clinic,
) -> None:
    """And what the payer has paid by then is to be returned, though no rules are known any more."""
    await clinic.billable()
    await exported(clinic)
    (payer,) = await list_payers(clinic.conn, clinic.id)
    await change_payer(
        clinic.conn, clinic.id, payer.id, replace(payer.terms, authority=None),
        actor=clinic.people["admin"], now=LATER,
    )  # fmt: skip
    await seen(clinic, LATER)
    (found,) = await adjustments_of(clinic.conn, clinic.id)
    assert [(each["kind"], each["by_name"]) for each in found.causes] == [
        ("payer changed", "The admin")
    ]
    assert (found.direction, found.overpayment_identified_on) == ("down", LATER.date())
    with pytest.raises(RefusedError, match="change of your own"):
        await decide(
            clinic.conn, clinic.id, found.id, approve=True, actor=clinic.people["admin"], now=LATER
        )


async def test_what_is_approved_is_whom_it_is_billed_to_too(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await approved(clinic)
    (cover,) = await list_coverages(clinic.conn, clinic.id, patient)
    await correct_coverage(
        clinic.conn, clinic.id, patient, cover.id, payer=cover.payer, member_id="9AA9AA9AA99",
        reason="one letter was wrong", actor=clinic.people["biller"], now=NOW,
    )  # fmt: skip
    review = await seen(clinic)
    assert review.statuses == {"ready": 4}
    lines = lines_of(review)
    told = await events_of(clinic.conn, clinic.id, next(iter(lines)))
    assert told[-1].reason == "what it says has changed since it was approved"
    await approve(clinic.conn, clinic.id, lines, actor=clinic.people["biller"], now=NOW)
    # Who has approved the wrong number answers for none with the right one.
    who = await clinic.conn.fetch(LINES["approvers"], clinic.id, list(lines))
    assert {row["approved_by"] for row in who} == {clinic.people["biller"]}


async def test_what_was_approved_before_contents_said_who_pays_stays_approved(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await approved(clinic)
    async for month in patients_of(clinic.conn, clinic.id, OCTOBER, now=NOW):
        for line in month.lines:
            await clinic.conn.execute(
                "UPDATE billing_lines SET content = $2 WHERE id = $1",
                line.line_id, digest(replace(line, status=Status.DRAFT)),
            )  # fmt: skip
    await clinic.conn.execute("UPDATE patients SET sex = 'male' WHERE id = $1", patient)
    assert (await seen(clinic)).statuses == {"approved": 4}
