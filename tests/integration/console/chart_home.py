"""A patient with readings, a plan and an alert, for tests of the chart's pages."""

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from care.plans import set_plan
from store.pool import Pool
from tests.integration.console.conftest import CUFF, Practice

NEW_YORK = ZoneInfo("America/New_York")
_numbers = itertools.count(1)

READING = """
INSERT INTO readings (id, organisation_id, gateway_id, device, device_id, patient_id, kind,
    measured_at, utc_offset_s, local_day, time_quality, device_time, clock_drift_s, received_at,
    flags, special, context, frame, profile, attribution, reason,
    systolic, diastolic, pulse, weight, glucose)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, -18000, $21, 'corrected', $9, 42.0, $8,
    $10, $11::text::jsonb, $12::text::jsonb, '\\x1e80005100', $13, $14, $15,
    $16, $17, $18, $19, $20)
"""


async def put(
    pool: Pool,
    practice: Practice,
    at: dt.datetime,
    *,
    kind: str = "blood_pressure",
    patient: UUID | None = None,
    flags: Sequence[str] = (),
    special: str | None = None,
    context: str | None = None,
    profile: str = "",
    held: str | None = None,
    **values: float,
) -> UUID:
    """One reading in the table; `held`: why it counts for nobody."""
    made = UUID(int=next(_numbers) << 64)
    local = at.astimezone(NEW_YORK)
    whose = None if held else patient or practice.patient
    numbers = [values.get(name) for name in ("systolic", "diastolic", "pulse", "weight", "glucose")]
    attribution = "quarantined" if held else "assigned"
    async with pool.acquire() as conn:
        await conn.execute(
            READING, made, practice.organisation, practice.gateway, CUFF, practice.device, whose,
            kind, at, local.replace(tzinfo=None), list(flags), special, context, profile,
            attribution, held, *numbers, local.date(),
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO reading_keys VALUES ($1, $2, substring(uuid_send($1) for 16), $2)",
            made,
            at,
        )
    return made


async def measured(pool: Pool, practice: Practice, now: dt.datetime, *, days: int = 20) -> UUID:
    """Two readings each morning, up to today; the last one's id."""
    last = UUID(int=0)
    for back in range(days, -1, -1):
        for minute in (0, 2):
            at = now - dt.timedelta(days=back, minutes=30 - minute)
            last = await put(
                pool, practice, at, systolic=138.0 + back % 5, diastolic=84.0, pulse=70.0
            )
    return last


async def planned(
    pool: Pool, practice: Practice, now: dt.datetime, *, days: int = 30, **overrides: Any
) -> None:
    async with pool.acquire() as conn:
        await set_plan(
            conn,
            practice.organisation,
            practice.patient,
            programme="hypertension-us",
            overrides=overrides,
            effective_from=now - dt.timedelta(days=days),
            reason="enrolled",
            actor=None,
            now=now,
            allow_backdate=True,
        )
