"""The year turns: lines wait until somebody confirms the rules for longer, or imports new ones."""

import datetime as dt
from uuid import UUID

import asyncpg
import pytest

from billing.months.approving import approve
from billing.months.closing import close
from billing.months.reading import head_of, patient_of
from billing.months.records import PatientMonth
from billing.months.review import review_of
from billing.parties.payers import PayerTerms, add_payer
from billing.parties.rule_sets import confirm, import_rules, list_rule_sets
from care.errors import InvalidError, NotFoundError, TakenError
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, founded, local
from tests.unit.billing.rule_texts import rules_text

JANUARY = "2027-01"
LATER = dt.datetime(2027, 2, 3, 15, tzinfo=dt.UTC)
FIRST = dt.date(2027, 1, 1)


async def measured_in_january(clinic: Clinic) -> UUID:
    """The period ends on the 30th, the month on the 31st."""
    patient = await clinic.patient()
    await clinic.measured(patient, FIRST, 20)
    await clinic.worked(patient, local(dt.date(2027, 1, 5)), 25)
    return patient


async def january_of(clinic: Clinic, patient: UUID) -> PatientMonth:
    return await patient_of(clinic.conn, clinic.id, JANUARY, patient, now=LATER)


def codes(month: PatientMonth) -> list[str]:
    return sorted(each.code for each in month.lines)


async def confirmed(clinic: Clinic, through: dt.date) -> None:
    await confirm(
        clinic.conn, clinic.id, "medicare-2026", through=through, reason="read the final rule",
        actor=clinic.people["admin"], now=LATER,
    )  # fmt: skip


async def imported(clinic: Clinic, text: str, *replaces: str) -> None:
    async with clinic.conn.transaction():
        await import_rules(
            clinic.conn, clinic.id, text, file="next.toml", reason="from our adviser",
            replaces=replaces,
            actor=clinic.people["admin"], now=LATER,
        )  # fmt: skip


async def test_a_line_of_january_waits_until_the_rules_are_confirmed(clinic: Clinic) -> None:
    patient = await measured_in_january(clinic)
    month = await january_of(clinic, patient)
    assert month.lines == ()
    assert {each.reason for each in month.not_eligible} >= {"RULESET_UNCONFIRMED"}
    before = await head_of(clinic.conn, clinic.id, JANUARY, now=LATER)
    await confirmed(clinic, dt.date(2027, 12, 31))
    month = await january_of(clinic, patient)
    assert codes(month) == ["99453", "99454", "99457"]
    after = await head_of(clinic.conn, clinic.id, JANUARY, now=LATER)
    assert after.rules_digest != before.rules_digest
    assert after.rule_sets == ("medicare-2026, confirmed through 2027-12-31",)


async def test_what_is_confirmed_ends_with_its_day(clinic: Clinic) -> None:
    patient = await measured_in_january(clinic)
    for through, eligible in (
        (dt.date(2027, 1, 29), []),
        (dt.date(2027, 1, 30), ["99453", "99454"]),
        (dt.date(2027, 1, 31), ["99453", "99454", "99457"]),
    ):
        await confirmed(clinic, through)
        assert codes(await january_of(clinic, patient)) == eligible


async def test_the_set_that_is_imported_decides_by_the_date_of_service(clinic: Clinic) -> None:
    patient = await measured_in_january(clinic)
    old = await clinic.billable("Baker")
    await imported(clinic, rules_text(minutes=30))
    month = await january_of(clinic, patient)
    assert codes(month) == ["99453", "99454"]
    assert {each.rule_set for each in month.lines} == {"medicare-2027"}
    october = await patient_of(clinic.conn, clinic.id, OCTOBER, old, now=NOW)
    assert {each.rule_set for each in october.lines} == {"medicare-2026"}
    assert "99457" in codes(october)
    await imported(clinic, rules_text(version=2, minutes=25))
    assert codes(await january_of(clinic, patient)) == ["99453", "99454", "99457"]
    head = await head_of(clinic.conn, clinic.id, JANUARY, now=LATER)
    assert head.rule_sets == ("medicare-2027 version 2",)


async def test_another_practice_goes_on_as_it_was(clinic: Clinic) -> None:
    other = await founded(clinic.conn, "south")
    patient = await measured_in_january(other)
    await confirmed(clinic, dt.date(2027, 12, 31))
    await imported(clinic, rules_text(), "medicare-2026")
    assert (await january_of(other, patient)).lines == ()
    found = await list_rule_sets(other.conn, other.id, now=LATER)
    assert found.statements == ()
    assert {each.origin for each in found.items} == {"shipped"}


async def test_a_month_that_is_locked_keeps_the_rules_it_was_locked_with(clinic: Clinic) -> None:
    await clinic.billable()
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
    lines = {
        cell.line_id: cell.version for row in review.rows for cell in row.cells
        if cell.line_id is not None
    }  # fmt: skip
    await approve(clinic.conn, clinic.id, lines, actor=clinic.people["biller2"], now=NOW)
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
    locked = await close(
        clinic.conn, clinic.id, OCTOBER, etag=review.etag, actor=clinic.people["biller"], now=NOW
    )
    text = rules_text("medicare-2026b", "2026-10-01", through="2026-12-31", minutes=30)
    await imported(clinic, text, "medicare-2026")
    after = await review_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
    assert after.head.sha256 == locked.sha256
    assert after.head.rule_sets == ("medicare-2026",)
    assert after.open_adjustments == 1


async def test_nothing_is_stored_of_what_is_refused(clinic: Clinic) -> None:
    for text, said in (
        (rules_text("medicare-2025b", "2025-06-01"), "both hold on 2025-06-01"),
        (rules_text().replace("version", "versions"), "is no field of a rule set"),
    ):
        with pytest.raises(InvalidError, match=said):
            await imported(clinic, text)
    with pytest.raises(InvalidError, match="confirmed through 2026-12-31 already"):
        await confirmed(clinic, dt.date(2026, 12, 31))
    with pytest.raises(InvalidError, match="2028-12-31 at most"):
        await confirmed(clinic, dt.date(2029, 1, 1))
    with pytest.raises(NotFoundError, match="no rule set 'medicare-2030'"):
        await confirm(
            clinic.conn, clinic.id, "medicare-2030", through=FIRST, reason="x", actor=None,
            now=LATER,
        )  # fmt: skip
    with pytest.raises(InvalidError, match="reason: must not be empty"):
        await confirm(
            clinic.conn, clinic.id, "medicare-2026", through=FIRST, reason=" ", actor=None,
            now=LATER,
        )  # fmt: skip
    assert await clinic.conn.fetchval("SELECT count(*) FROM rule_set_statements") == 0


async def test_what_was_stated_is_told_and_never_changed(clinic: Clinic) -> None:
    await confirmed(clinic, dt.date(2027, 3, 31))
    with pytest.raises(InvalidError, match="medicare-2026 is confirmed from 2026-01-01 through"):
        await imported(clinic, rules_text("medicare-2027", "2027-02-01"))
    await imported(clinic, rules_text("medicare-2027", "2027-02-01"), " medicare-2026 ", "")
    with pytest.raises(TakenError):
        await imported(clinic, rules_text("medicare-2027", "2027-02-01"))
    found = await list_rule_sets(clinic.conn, clinic.id, now=LATER)
    assert [(each.kind, each.name, each.recorded_by) for each in found.statements] == [
        ("imported", "medicare-2027", "The admin"),
        ("confirmed", "medicare-2026", "The admin"),
    ]
    assert [each.replaces for each in found.statements] == [("medicare-2026",), ()]
    assert [(each.name, each.origin, each.effective_to, each.file) for each in found.items[:2]] == [
        ("medicare-2027", "imported", None, "next.toml"),
        ("medicare-2026", "shipped", dt.date(2027, 1, 31), "medicare-2026.toml"),
    ]
    for change in (
        "UPDATE rule_set_statements SET reason = 'x'",
        "DELETE FROM rule_set_statements",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await clinic.conn.execute(change)


async def test_a_payer_may_follow_an_authority_that_was_imported(clinic: Clinic) -> None:
    terms = PayerTerms(name="Plan", authority="plan")
    with pytest.raises(InvalidError, match="there are no rules of 'plan' here"):
        await add_payer(clinic.conn, clinic.id, "plan", terms, actor=None, now=LATER)
    await imported(clinic, rules_text("plan-2027"))
    made = await add_payer(clinic.conn, clinic.id, "plan", terms, actor=None, now=LATER)
    assert made.terms.authority == "plan"
