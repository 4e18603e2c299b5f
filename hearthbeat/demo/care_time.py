"""Minutes that were said with a resolution, as the demonstration's nurses do, in the time log."""

import datetime as dt
from typing import Final
from uuid import UUID

from alerts.life.alert import Outcome
from alerts.life.events import Resolve
from billing.alert_time import log_alert_time
from billing.entries import Work
from billing.words import Activity, Mode, WithWhom
from store.pool import Connection

_SPOKEN_TO: Final = frozenset(
    {
        Outcome.CALLED_PATIENT,
        Outcome.ADVICE_GIVEN,
        Outcome.MEDICATION_CHANGED,
        Outcome.VISIT_ARRANGED,
        Outcome.SENT_TO_EMERGENCY,
        Outcome.WRONG_PERSON,
        Outcome.MEASUREMENT_ERROR,
    }
)


def work_of(outcome: Outcome) -> Work:
    """What somebody did who ended an alert so."""
    if outcome in _SPOKEN_TO:
        return Work(activity=Activity.CALL, mode=Mode.LIVE_PHONE, with_whom=WithWhom.PATIENT)
    return Work(activity=Activity.REVIEW)


async def log_resolution(
    conn: Connection, organisation_id: UUID, alert_id: UUID, event: Resolve, *, now: dt.datetime
) -> None:
    await log_alert_time(
        conn, organisation_id, alert_id, actor=event.actor, minutes=event.minutes,
        work=work_of(event.outcome), now=now,
    )  # fmt: skip
