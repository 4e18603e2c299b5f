"""A consent to a care programme, as the tests of several files need it."""

import datetime as dt
from uuid import UUID

from care.consents import Consent, add_consent
from tests.integration.billing.clinic import NOW, Clinic, local

AGREED = local(dt.date(2026, 9, 2), 8)


async def agreed(clinic: Clinic, patient: UUID, *, at: dt.datetime = AGREED) -> Consent:
    return await add_consent(
        clinic.conn, clinic.id, patient, kind="ccm", method="verbal", given_at=at, actor=None,
        now=NOW,
    )  # fmt: skip
