"""A programme that asks for a weight each morning, and a nurse who resolves what is found."""

from typing import Any

from alerts.life.actions import act
from alerts.life.alert import Alert, Outcome
from alerts.life.events import Resolve
from tests.integration.alerts.clinic import Clinic
from tests.integration.alerts.test_evaluation import NURSE

HEART = "heart-failure"  # A weight and a blood pressure each morning, 04:00 to 12:00.
ONLY_WEIGHT: Any = {
    "measures": [
        {
            "kind": "weight",
            "missing_after_days": 2,
            "slots": [{"name": "morning", "start": "04:00", "end": "12:00", "readings": 1}],
        }
    ]
}


async def resolve(clinic: Clinic, alert: Alert) -> None:
    done = Resolve(actor=NURSE, outcome=Outcome.DEVICE_FIXED, note="talked to them")
    async with clinic.pool.acquire() as conn:
        await act(conn, clinic.organisation, alert.id, done, version=alert.version, now=clinic.now)
