"""What a month takes from elsewhere: fee localities, UDIs, first readings, programmes' consents."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace

from billing.eligibility.days import CLOCK_AHEAD_MOST
from billing.months.reading import patient_of
from billing.parties.fees import Schedule, import_fees
from billing.parties.practice import Profile, set_practice
from care.consents import withdraw_consent
from care.registry import add_device, assign
from care.udis import Told, hear, state_udi
from tests.integration.billing.agreeing import agreed
from tests.integration.billing.clinic import NOW, Clinic, local
from tests.integration.billing.test_month_worked_out import OCTOBER_ITSELF, attested, line, month_of


async def test_of_a_file_with_several_localities_the_one_that_the_practice_has_named_holds(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()

    async def take_in(text: str, *, since: str = "2026-02-01") -> Schedule:
        return await import_fees(
            clinic.conn, clinic.id, text, payer=clinic.payer, name="rvu26", actor=None, now=NOW,
            effective_from=dt.date.fromisoformat(since),
        )  # fmt: skip

    async def expected() -> Decimal | None:
        found = line(await month_of(clinic, patient), "99454", OCTOBER_ITSELF[1])
        return found.expected

    async def works_in(where: str) -> None:
        await set_practice(clinic.conn, clinic.id, Profile(fee_locality=where), actor=None, now=NOW)

    assert await expected() == Decimal("52.11")
    both = "code,locality,amount\n99454,13282-01,61\n99454,13282-03,58\n"
    made = await take_in(both)
    assert made.localities == ("13282-01", "13282-03")
    assert "has not said which" in made.about_localities
    assert await expected() is None, "neither wins, nor does an older file"
    await works_in(" 13282-03 ")
    assert await expected() == Decimal(58)
    await works_in("99")
    assert await expected() is None
    await take_in("code,locality,amount\n99454,,50\n99454,13282-01,61\n", since="2026-03-01")
    assert await expected() == Decimal(50), "what names no locality holds everywhere"
    await works_in("13282-01")
    assert await expected() == Decimal(61)
    await take_in("code,locality,amount\n99454,04,47\n", since="2026-04-01")
    assert await expected() is None
    await works_in("")
    assert await expected() == Decimal(47), "a file of one locality is of that one"
    kept = await clinic.conn.fetchval("SELECT count(*) FROM fees WHERE code = '99454'")
    assert kept >= 5, "importing keeps them all"


async def test_a_month_names_the_udi_that_holds_as_soon_as_it_is_said(clinic: Clinic) -> None:
    patient = await clinic.billable()
    cuff = await add_device(clinic.conn, clinic.id, address="A0:B1:C2:D3:E4:77")
    await assign(
        clinic.conn, clinic.id, device_id=cuff.id, patient_id=patient,
        starts_at=local(dt.date(2026, 9, 2)),
    )  # fmt: skip
    (before,) = (await month_of(clinic, patient)).devices
    assert before.udi is None
    udi = "(01)09506000134352(21)7"
    await state_udi(clinic.conn, clinic.id, before.device_id, udi, actor=None, now=NOW)
    after = await month_of(clinic, patient)
    assert after.devices == (replace(before, udi=udi),)
    heard = Told(
        organisation_id=clinic.id,
        gateway_id="gw",
        address=cuff.address,
        udi="09506000134352",
    )
    await hear(clinic.conn, [heard], now=NOW)
    assert (await month_of(clinic, patient)).devices == after.devices
    await state_udi(clinic.conn, clinic.id, before.device_id, None, reason="x", actor=None, now=NOW)
    (alone,) = (await month_of(clinic, patient)).devices
    assert alone.udi == "(01)09506000134352"


@pytest.mark.parametrize(
    ("late", "opens"),
    [
        (-CLOCK_AHEAD_MOST - dt.timedelta(microseconds=1), dt.date(2026, 10, 20)),
        (-CLOCK_AHEAD_MOST, dt.date(2026, 10, 10)),
        (dt.timedelta(days=34), dt.date(2026, 10, 10)),
        (dt.timedelta(days=35), dt.date(2026, 10, 20)),
    ],
)
async def test_what_opened_the_first_period_long_ago_is_found_by_the_evaluators_own_terms(
    clinic: Clinic, late: dt.timedelta, opens: dt.date
) -> None:
    patient = await clinic.patient()
    first = dt.date(2026, 9, 10)
    await clinic.measured(patient, first, 1, received=local(first) + late)
    await clinic.measured(patient, dt.date(2026, 10, 20), 25)
    december = dt.datetime(2026, 12, 2, 15, tzinfo=dt.UTC)
    month = await patient_of(clinic.conn, clinic.id, "2026-11", patient, now=december)
    windows = {each.window_from for each in month.lines}
    assert opens in windows | {each.window_from for each in month.not_eligible}


async def test_what_may_open_a_period_is_as_late_as_the_payer_allows(clinic: Clinic) -> None:
    """By the calendar: 34 days and 20 hours after nine in the morning are the 35th day."""
    days, thirty = dt.timedelta(days=1), dt.timedelta(days=30)
    first, second = dt.date(2026, 9, 10), dt.date(2026, 9, 12)

    async def begun(patient: UUID, now: dt.date) -> set[dt.date | None]:
        month = await patient_of(clinic.conn, clinic.id, "2026-12", patient, now=local(now))
        return {each.window_from for each in month.not_eligible if each.scope == "supply"}

    async def graced(grace: int) -> UUID:
        await clinic.conn.execute(
            "UPDATE payers SET policy = policy"
            " || jsonb_build_object('late_arrival_grace_days', $1::int)",
            grace,
        )
        patient = await clinic.patient(f"P{clinic.number}")
        await clinic.measured(patient, second, 1)
        return patient

    for grace, late, opens in (
        (5, 34 * days + dt.timedelta(hours=14), first),
        (5, 34 * days + dt.timedelta(hours=20), second),
        (20, 49 * days, first),
        (20, 50 * days, second),
        (0, 29 * days, first),
        (0, 30 * days, second),
    ):
        patient = await graced(grace)
        await clinic.measured(patient, first, 1, received=local(first) + late)
        found = await begun(patient, dt.date(2026, 12, 20))
        assert found == {opens + 2 * thirty}, (grace, late)

    patient = await graced(60)
    assert await begun(patient, dt.date(2026, 12, 12)) == {second + 2 * thirty}
    await clinic.measured(patient, first, 1, received=local(first) + 89 * days)
    after = await begun(patient, dt.date(2026, 12, 12))
    assert after == {first + 2 * thirty}, "what arrives that late is noticed"


async def test_chronic_care_has_a_consent_of_its_own_that_can_be_taken_back(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    await clinic.enrol(patient, service="ccm")
    await attested(clinic, patient, "two_chronic_conditions", "care_plan")
    for day in (5, 12, 19):
        await clinic.worked(patient, local(dt.date(2026, 10, day), 14), 21, service="ccm")

    async def told() -> tuple[list[str], list[tuple[int, str]], str]:
        month = await month_of(clinic, patient)
        (why,) = [each.why for each in month.not_eligible if each.service == "ccm"] or [""]
        return (
            sorted(each.code for each in month.lines if each.service == "ccm"),
            [
                (each.seconds_counted, each.reason_not_counted)
                for each in month.time
                if each.service == "ccm"
            ],
            why,
        )

    none = "no consent to chronic care management"
    codes, spent, why = await told()
    assert (codes, spent) == ([], [(0, none)] * 3)
    assert why == "No consent is recorded: to chronic care management."
    given = await agreed(clinic, patient, at=local(dt.date(2026, 10, 10)))
    codes, spent, _ = await told()
    assert codes == ["99439", "99490"]
    assert spent == [(0, "before consent and order"), (1260, ""), (1260, "")]
    await withdraw_consent(
        clinic.conn, clinic.id, patient, given.id, withdrawn_at=local(dt.date(2026, 10, 15)),
        reason="too dear", actor=None, now=NOW,
    )  # fmt: skip
    codes, spent, _ = await told()
    assert codes == ["99490"]
    assert spent[1:] == [(1260, ""), (0, "after consent to it was withdrawn")]
    await clinic.conn.execute(
        """UPDATE payers SET policy = jsonb_set(policy, '{require_written_consent}', 'true')"""
    )
    await clinic.conn.execute("UPDATE consents SET method = 'written' WHERE kind <> 'ccm'")
    codes, _, why = await told()
    assert (codes, why) == ([], "This payer wants consent in writing: to chronic care management.")
    month = await month_of(clinic, patient)
    assert "99457" in {each.code for each in month.lines}, "monitoring is another programme"
