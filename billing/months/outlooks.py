"""What can still be reached, of every patient who is monitored or cared for now."""

import asyncio
import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.forecast.forecasting import forecast
from billing.forecast.outlook import Forecast
from billing.months.calendar import Month, month_of_day
from billing.months.deciding import DEFAULTS
from billing.months.facts_of import facts_of, known_of
from billing.months.gathered import Patient, gather
from billing.months.sources import QUERIES, Sources, practice_zone, sources_of
from billing.months.stretches import MONITORING, stretches_of
from store.pool import Connection

BATCH: Final = 40
"""Rows of so many are read in one go, which holds the process for 20 ms."""


class PatientForecast(Struct, frozen=True, kw_only=True):
    patient_id: UUID
    mrn: str
    family_name: str
    given_name: str
    phone: str | None
    zone: str
    payer: str
    """Its name; empty where nobody has entered who pays."""
    forecast: Forecast


async def forecasts_of(
    conn: Connection, organisation_id: UUID, *, now: dt.datetime
) -> list[PatientForecast]:
    """By name; of patients who are enrolled in something now."""
    zone = await practice_zone(conn, organisation_id)
    month = month_of_day(now.astimezone(zone).date(), zone)
    sources = await sources_of(conn, organisation_id, month.name)
    rows = await conn.fetch(
        QUERIES["whose"], organisation_id, month.begins_at, month.ends_at, month.first, month.last
    )
    found = []
    for start in range(0, len(rows), BATCH):
        some = [row["id"] for row in rows[start : start + BATCH]]
        for each in await gather(conn, organisation_id, month, some):
            made = forecast_of(each, sources, month, now=now)
            if made is not None:
                found.append(made)
            # Others want this process too.
            await asyncio.sleep(0)
    return found


def forecast_of(
    patient: Patient, sources: Sources, month: Month, *, now: dt.datetime
) -> PatientForecast | None:
    """None: of a patient who is enrolled in nothing any more. Pure."""
    known = known_of(patient, sources)
    today = now.astimezone(known.home).date()
    going = [
        each
        for each in stretches_of(patient, month)
        if each.first <= today and (each.last is None or each.last >= today)
    ]
    if not going:
        return None
    chosen = ([each for each in going if each.service in MONITORING] or going)[-1]
    policy = DEFAULTS if known.payer is None else known.payer.policy
    rules = None if known.payer is None else known.payer.rules
    row = patient.row
    return PatientForecast(
        patient_id=row["id"],
        mrn=row["mrn"],
        family_name=row["family_name"],
        given_name=row["given_name"],
        phone=row["phone"],
        zone=row["time_zone"],
        payer="" if known.payer is None else known.payer.name,
        forecast=forecast(facts_of(known, chosen, sources), now, sources.book, policy, rules),
    )
