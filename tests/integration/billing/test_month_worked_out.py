"""A month from the database: which lines come of it, and what is said of the rest."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from billing.months.reading import patient_of, patients_of
from billing.months.records import LineOf, PatientMonth
from billing.months.review import review_of
from billing.months.views import Verdict
from care.errors import NotFoundError
from care.reassignment import reassign
from tests.integration.billing.agreeing import agreed
from tests.integration.billing.clinic import DAY, NOW, OCTOBER, Clinic, founded, local

SEPTEMBER_TO_OCTOBER = (dt.date(2026, 9, 2), dt.date(2026, 10, 1))
OCTOBER_ITSELF = (dt.date(2026, 10, 2), dt.date(2026, 10, 31))


async def month_of(clinic: Clinic, patient: Any, **options: Any) -> PatientMonth:
    return await patient_of(clinic.conn, clinic.id, OCTOBER, patient, **({"now": NOW} | options))


def line(month: PatientMonth, code: str, last: dt.date) -> LineOf:
    return next(each for each in month.lines if (each.code, each.window_to) == (code, last))


async def test_a_patient_with_everything_has_the_lines_of_the_month(clinic: Clinic) -> None:
    month = await month_of(clinic, await clinic.billable())
    assert sorted((each.code, each.window_from, each.window_to) for each in month.lines) == [
        ("99453", *SEPTEMBER_TO_OCTOBER),
        ("99454", *SEPTEMBER_TO_OCTOBER),
        ("99454", *OCTOBER_ITSELF),
        ("99457", dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
    ]
    supply = line(month, "99454", OCTOBER_ITSELF[1])
    assert (supply.days_counted, supply.charge, supply.expected) == (
        20, Decimal("104.22"), Decimal("52.11"),
    )  # fmt: skip
    managed = line(month, "99457", dt.date(2026, 10, 31))
    assert (managed.seconds_counted, managed.live_contact_on) == (1500, dt.date(2026, 10, 5))
    assert (managed.diagnoses, managed.dos_from) == (("I10",), dt.date(2026, 10, 31))
    assert managed.rendering is not None
    assert managed.rendering.family_name == "Lopez"
    (spent,) = month.time
    assert (spent.seconds_counted, spent.reason_not_counted, spent.line_id) == (
        1500, "", managed.line_id,
    )  # fmt: skip
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
    assert {cell.verdict for cell in review.rows[0].cells} == {Verdict.BILLABLE}
    assert (review.state, review.statuses) == ("open", {"ready": 4})


async def test_a_line_has_the_same_id_at_each_evaluation(clinic: Clinic) -> None:
    patient = await clinic.billable()
    before = await month_of(clinic, patient)
    await clinic.worked(patient, local(dt.date(2026, 10, 20)), 5)
    after = await month_of(clinic, patient)
    assert [each.line_id for each in before.lines] == [each.line_id for each in after.lines]
    assert line(after, "99457", dt.date(2026, 10, 31)).seconds_counted == 1800


async def test_who_is_not_enrolled_has_no_line_and_it_says_what_is_missing(clinic: Clinic) -> None:
    patient = await clinic.patient(enrolled=False)
    await clinic.measured(patient, dt.date(2026, 9, 2), 30)
    month = await month_of(clinic, patient)
    assert month.lines == ()
    assert {each.reason for each in month.not_eligible if each.scope == "supply"} == {
        "NOT_ESTABLISHED"
    }


async def test_of_an_unknown_payer_there_is_no_line(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await clinic.conn.execute("UPDATE payers SET authority = NULL")
    month = await month_of(clinic, patient)
    assert month.lines == ()
    assert "UNKNOWN_PAYER" in {each.reason for each in month.not_eligible}


async def test_what_was_typed_makes_no_day_and_is_shown(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 10, 2), 1)
    await clinic.measured(patient, dt.date(2026, 10, 3), 20, profile="typed")
    month = await month_of(clinic, patient)
    typed = [each for each in month.days if each.source == "typed"]
    assert (len(typed), {each.counted for each in typed}) == (20, {False})
    assert {each.reason for each in typed} == {"typed or told, not sent by a device"}
    assert "99454" not in {each.code for each in month.lines}


async def test_a_reading_of_control_solution_makes_no_day(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 10, 2), 1, flags=("control_solution",))
    month = await month_of(clinic, patient)
    assert [(each.counted, each.reason) for each in month.days] == [
        (False, "control solution, test or no value")
    ]


async def test_pauses_of_a_timer_count_for_nothing(clinic: Clinic) -> None:
    patient = await clinic.patient()
    entry = await clinic.worked(patient, local(dt.date(2026, 10, 5)), 30)
    await clinic.conn.execute("ALTER TABLE time_entries DISABLE TRIGGER time_entries_append_only")
    start = local(dt.date(2026, 10, 5))
    await clinic.conn.execute(
        "UPDATE time_entries SET seconds = 600, spans = tstzmultirange(tstzrange($2, $3),"
        " tstzrange($4, $5)) WHERE id = $1",
        entry, start, start + 5 * DAY / 1440, start + 25 * DAY / 1440, start + 30 * DAY / 1440,
    )  # fmt: skip
    (spent,) = (await month_of(clinic, patient)).time
    assert (spent.seconds_logged, spent.seconds_counted) == (600, 600)


async def test_one_person_with_two_patients_at_once_counts_for_neither(clinic: Clinic) -> None:
    one, two = await clinic.patient("Able"), await clinic.patient("Baker")
    at = local(dt.date(2026, 10, 5))
    await clinic.worked(one, at, 25)
    first = await month_of(clinic, one)
    assert first.time[0].seconds_counted == 1500
    await clinic.worked(two, at + 10 * DAY / 1440, 25)
    for patient in (one, two):
        (spent,) = (await month_of(clinic, patient)).time
        assert (spent.seconds_counted, spent.reason_not_counted) == (
            600, "same person, two patients at once",
        )  # fmt: skip


async def test_administrators_are_no_clinical_staff(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.worked(patient, local(dt.date(2026, 10, 5)), 25, who="admin")
    (spent,) = (await month_of(clinic, patient)).time
    assert (spent.seconds_counted, spent.reason_not_counted) == (0, "not clinical staff")


async def test_before_the_window_is_over_nothing_is_billed_and_it_may_still_be(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 10, 2), 18)
    now = local(dt.date(2026, 10, 20))
    month = await month_of(clinic, patient, now=now)
    supply = next(each for each in month.not_eligible if each.scope == "supply")
    assert (supply.open, supply.days_counted, month.lines) == (True, 18, ())
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=now)
    assert review.state == "running"
    over = await month_of(clinic, patient, now=NOW)
    assert "99454" in {each.code for each in over.lines}


async def test_the_first_period_is_found_however_long_ago_it_began(clinic: Clinic) -> None:
    patient = await clinic.patient(starts_on=dt.date(2026, 3, 1))
    since = local(dt.date(2026, 3, 1))
    for table, column in (("consents", "given_at"), ("orders", "ordered_at"),
                          ("orders", "starts_at"), ("episodes", "starts_at")):  # fmt: skip
        await clinic.conn.execute(f"UPDATE {table} SET {column} = $1", since)  # noqa: S608
    await clinic.conn.execute(
        "CREATE TABLE readings_long_ago PARTITION OF readings FOR VALUES FROM ('2026-01-01')"
        " TO ('2026-08-01')"
    )
    await clinic.measured(patient, dt.date(2026, 3, 10), 1)
    await clinic.measured(patient, dt.date(2026, 10, 1), 31)
    month = await month_of(clinic, patient)
    (supply,) = [each for each in month.lines if each.scope == "supply"]
    assert (supply.window_from - dt.date(2026, 3, 10)).days % 30 == 0


async def test_a_first_reading_that_was_anothers_is_seen_however_long_ago_it_was(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient()
    for first in (dt.date(2026, 9, 2) + number * 30 * DAY for number in range(4)):
        await clinic.measured(patient, first, 30)
    now = dt.datetime(2027, 1, 10, 15, tzinfo=dt.UTC)
    found = await patient_of(clinic.conn, clinic.id, "2026-12", patient, now=now)
    assert [each.window_from for each in found.lines if each.scope == "supply"] == [
        dt.date(2026, 12, 1)
    ]
    first_of_all = await clinic.conn.fetchval("SELECT id FROM readings ORDER BY measured_at")
    await reassign(
        clinic.conn, clinic.id, first_of_all, patient_id=None, actor=clinic.people["clinician"],
        reason="was the neighbour's", now=now,
    )  # fmt: skip
    found = await patient_of(clinic.conn, clinic.id, "2026-12", patient, now=now)
    assert [each.window_from for each in found.lines if each.scope == "supply"] == [
        dt.date(2026, 11, 2),
        dt.date(2026, 12, 2),
    ]


async def test_months_are_streamed_by_name(clinic: Clinic) -> None:
    for name in ("Young", "Able", "Miller"):
        await clinic.billable(name)
    found = [
        each.who.family_name
        async for each in patients_of(clinic.conn, clinic.id, OCTOBER, batch=2, now=NOW)
    ]
    assert found == ["Able", "Miller", "Young"]


async def test_another_organisation_sees_none_of_it(clinic: Clinic) -> None:
    await clinic.billable()
    other = await founded(clinic.conn, "south")
    assert [each async for each in patients_of(clinic.conn, other.id, OCTOBER, now=NOW)] == []


@pytest.mark.parametrize("name", ["2026-13", "2026-1", "October", "../2026-10", "1999-10"])
async def test_what_is_no_month_is_refused(clinic: Clinic, name: str) -> None:
    with pytest.raises(NotFoundError):
        await review_of(clinic.conn, clinic.id, name, now=NOW)


async def test_setup_goes_with_the_first_period_that_had_days_enough_and_never_again(
    clinic: Clinic,
) -> None:
    patient = await clinic.billable()
    now = local(dt.date(2026, 12, 3))
    october = await month_of(clinic, patient, now=now)
    assert [each.code for each in october.lines].count("99453") == 1
    # Nobody has approved it; it is October's nevertheless, and not the next month's.
    await clinic.measured(patient, dt.date(2026, 11, 1), 28)
    november = await patient_of(clinic.conn, clinic.id, "2026-11", patient, now=now)
    assert [each.code for each in november.lines] == ["99454"]


async def test_setup_waits_for_a_period_with_days_enough(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 9, 3), 1)
    await clinic.measured(patient, dt.date(2026, 10, 5), 20)
    now = local(dt.date(2026, 12, 3))
    october = await month_of(clinic, patient, now=now)
    assert "99453" not in {each.code for each in october.lines}
    november = await patient_of(clinic.conn, clinic.id, "2026-11", patient, now=now)
    (setup,) = [each for each in november.lines if each.code == "99453"]
    assert (setup.window_from, setup.dos_from) == (dt.date(2026, 10, 3), dt.date(2026, 11, 1))


async def test_enrolments_of_two_practitioners_at_once_bill_for_neither(clinic: Clinic) -> None:
    """E-4: people are refused at the door; what stands in the table is seen nevertheless."""
    patient = await clinic.billable()
    other = await clinic.conn.fetchval(
        "INSERT INTO practitioners (organisation_id, family_name, npi, created_at)"
        " VALUES ($1, 'Other', '1993999998', now()) RETURNING id",
        clinic.id,
    )
    await clinic.enrol(patient, practitioner=other)
    month = await month_of(clinic, patient)
    assert month.lines == ()
    assert "SECOND_PRACTITIONER" in {each.reason for each in month.not_eligible}


async def test_what_nobody_orders_any_more_has_ended(clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 10, 2), 25)
    await clinic.worked(patient, local(dt.date(2026, 10, 5)), 12)
    await clinic.worked(patient, local(dt.date(2026, 10, 22)), 12)
    await clinic.conn.execute("UPDATE orders SET ends_at = $1", local(dt.date(2026, 10, 21), 0))
    month = await month_of(clinic, patient)
    (supply,) = [each for each in month.lines if each.scope == "supply"]
    assert (supply.window_to, supply.days_counted) == (dt.date(2026, 10, 20), 19)
    assert [each.seconds_counted for each in month.time] == [720, 0]
    assert month.time[1].reason_not_counted == "after the end of monitoring"


async def test_consent_that_was_given_anew_without_a_gap_is_one(clinic: Clinic) -> None:
    patient = await clinic.billable()
    again = local(dt.date(2026, 10, 10))
    await clinic.conn.execute("UPDATE consents SET withdrawn_at = $1", again)
    for kind in ("monitoring", "billing"):
        await clinic.conn.execute(
            "INSERT INTO consents (organisation_id, patient_id, kind, method, given_at)"
            " VALUES ($1, $2, $3, 'written', $4)",
            clinic.id, patient, kind, again,
        )  # fmt: skip
    month = await month_of(clinic, patient)
    assert line(month, "99454", OCTOBER_ITSELF[1]).days_counted == 20
    await clinic.conn.execute(
        "UPDATE consents SET given_at = given_at + INTERVAL '1 day' WHERE method = 'written'"
    )
    month = await month_of(clinic, patient)
    # What lay under the first consent ends with it; a new period begins under the second.
    assert [
        (each.code, each.window_from.day, each.window_to.day, each.days_counted)
        for each in month.lines
        if each.scope == "supply"
    ] == [("99454", 2, 1, 28), ("99445", 2, 10, 8)]
    assert [each.code for each in month.lines].count("99453") == 1


async def test_after_consent_is_withdrawn_nothing_counts(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await clinic.conn.execute(
        "UPDATE consents SET withdrawn_at = $1", local(dt.date(2026, 10, 8), 12)
    )
    month = await month_of(clinic, patient)
    short = line(month, "99445", dt.date(2026, 10, 8))
    assert short.days_counted == 7


async def attested(clinic: Clinic, patient: Any, *names: str) -> None:
    for name in names:
        await clinic.conn.execute(
            "INSERT INTO attestations (organisation_id, patient_id, what, on_day, stated_by,"
            " recorded_at) VALUES ($1, $2, $3, '2026-09-01', 'Maria Lopez', now())",
            clinic.id, patient, name,
        )  # fmt: skip


async def test_who_is_enrolled_in_chronic_care_only_is_billed_for_that_only(
    clinic: Clinic,
) -> None:
    patient = await clinic.patient(enrolled=False)
    await clinic.enrol(patient, service="ccm")
    await agreed(clinic, patient)
    await attested(clinic, patient, "two_chronic_conditions", "care_plan")
    await clinic.measured(patient, dt.date(2026, 10, 2), 20)
    await clinic.worked(patient, local(dt.date(2026, 10, 5)), 25, service="ccm")
    month = await month_of(clinic, patient)
    (care,) = month.lines
    assert (care.code, care.service, care.seconds_counted) == ("99490", "ccm", 1500)
    assert care.rendering is not None
    assert {each.reason for each in month.not_eligible if each.service == "rpm"} == {
        "NOT_ESTABLISHED", "NO_SETUP_EDUCATION",
    }  # fmt: skip
    assert month.time[0].line_id == care.line_id


async def test_both_services_have_minutes_of_their_own(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await clinic.enrol(patient, service="ccm")
    await agreed(clinic, patient)
    await attested(clinic, patient, "two_chronic_conditions", "care_plan")
    await clinic.worked(patient, local(dt.date(2026, 10, 6)), 21, service="ccm")
    month = await month_of(clinic, patient)
    timed = {each.code: each.seconds_counted for each in month.lines if each.seconds_counted}
    assert timed == {"99457": 1500, "99490": 1260}


async def test_minutes_of_a_service_without_enrolment_count_for_nothing(clinic: Clinic) -> None:
    patient = await clinic.billable()
    await attested(clinic, patient, "two_chronic_conditions", "care_plan")
    await clinic.worked(patient, local(dt.date(2026, 10, 6)), 21, service="ccm")
    month = await month_of(clinic, patient)
    assert "99490" not in {each.code for each in month.lines}
    assert "NOT_ENROLLED" in {each.reason for each in month.not_eligible}
    (spent,) = [each for each in month.time if each.service == "ccm"]
    assert (spent.seconds_counted, spent.reason_not_counted) == (
        0, "not enrolled in Chronic care (CCM)",
    )  # fmt: skip
