"""A practice that can send claims, and its October, approved and locked."""

import datetime as dt
from typing import Final

from billing.months.approving import approve
from billing.months.closing import close
from billing.months.reading import patients_of
from billing.months.records import Address
from billing.months.review import review_of
from billing.parties.coverage import set_address
from billing.parties.practice import Profile, set_practice
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic

LATER: Final = NOW + dt.timedelta(days=1)
HOME: Final = Address(line_1="12 Elm Street", city="Albany", state="NY", zip_code="122070001")


async def furnished(clinic: Clinic, *, patients: int = 3) -> None:
    """A practice that can send claims, and patients who can be named in one."""
    await set_practice(
        clinic.conn,
        clinic.id,
        Profile(
            npi="1234567893", tax_id="361234567", taxonomy="207RC0000X", address=HOME,
            contact_name="Ben Ode", phone="+13125550142", submitter_id="NORTHSIDE1",
            receiver_id="CLEARHOUSE", receiver_name="Clearing House One", place_of_service="11",
        ),
        actor=clinic.people["admin"], now=NOW,
    )  # fmt: skip
    for number in range(patients):
        patient = await clinic.billable(f"Able {number}")
        await clinic.conn.execute("UPDATE patients SET sex = 'female' WHERE id = $1", patient)
        await set_address(
            clinic.conn, clinic.id, patient, HOME, actor=clinic.people["biller"], now=NOW
        )


async def locked(clinic: Clinic) -> None:
    """Everything approved, and the month closed by somebody else."""
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
    lines = [
        line.line_id
        async for patient in patients_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
        for line in patient.lines
    ]
    await approve(
        clinic.conn, clinic.id, dict.fromkeys(lines), actor=clinic.people["clinician"], now=NOW
    )
    review = await review_of(clinic.conn, clinic.id, OCTOBER, now=NOW)
    await close(
        clinic.conn, clinic.id, OCTOBER, etag=review.etag, actor=clinic.people["biller"], now=NOW
    )
