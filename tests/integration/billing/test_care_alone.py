"""Who is in chronic care only: one consent, to that, and an order."""

import datetime as dt
from uuid import UUID

from billing.months.outlooks import forecasts_of
from billing.months.reading import patient_of
from console.billing.work_list import tasks_of
from tests.integration.billing.agreeing import AGREED, agreed
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, local
from tests.integration.billing.test_month_worked_out import attested

MISSING = "No consent is recorded: to chronic care management"
Told = tuple[list[str], int, set[str], list[dt.datetime | None]]


async def told(clinic: Clinic, patient: UUID) -> Told:
    """Codes, counted seconds, what the work list lacks, and since when evidence has consent."""
    month = await patient_of(clinic.conn, clinic.id, OCTOBER, patient, now=NOW)
    found = await forecasts_of(clinic.conn, clinic.id, now=local(dt.date(2026, 10, 20)))
    return (
        [each.code for each in month.lines],
        sum(each.seconds_counted for each in month.time),
        {each.words for each in tasks_of(found) if each.kind == "blocked"},
        [
            None if each.consent is None else each.consent.given_at
            for each in month.episodes
            if each.service == "ccm"
        ],
    )


async def test_chronic_care_alone_asks_for_no_consent_to_monitoring(clinic: Clinic) -> None:
    patient = await clinic.patient(enrolled=False)
    await clinic.enrol(patient, service="ccm")
    await attested(clinic, patient, "two_chronic_conditions", "care_plan")
    await clinic.worked(patient, local(dt.date(2026, 10, 5)), 25, service="ccm")
    assert await told(clinic, patient) == ([], 0, {MISSING}, [None])
    await agreed(clinic, patient)
    billed: Told = (["99490"], 1500, set(), [AGREED])
    assert await told(clinic, patient) == billed
    await clinic.conn.execute(
        "UPDATE consents SET withdrawn_at = $1 WHERE kind <> 'ccm'", local(dt.date(2026, 9, 3))
    )
    assert await told(clinic, patient) == billed, "taken back, and not given anew"
    await clinic.conn.execute("DELETE FROM consents WHERE kind <> 'ccm'")
    assert await told(clinic, patient) == billed, "never given"
    await clinic.conn.execute("UPDATE orders SET ends_at = $1", local(dt.date(2026, 9, 20)))
    assert (await told(clinic, patient))[:2] == ([], 0), "an order it needs as before"
    await clinic.conn.execute("UPDATE orders SET ends_at = NULL")
    await clinic.enrol(patient)
    assert (await told(clinic, patient))[:2] == ([], 0), "who is monitored too needs both"
