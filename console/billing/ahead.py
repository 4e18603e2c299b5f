"""Forecasts of some patients, from the database: a page of a large month needs no more."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from billing.months.calendar import month_of_day
from billing.months.gathered import gather
from billing.months.outlooks import PatientForecast, forecast_of
from billing.months.sources import practice_zone, sources_of
from store.pool import Connection


async def forecasts_for(
    conn: Connection, organisation_id: UUID, patients: Sequence[UUID], *, now: dt.datetime
) -> list[PatientForecast]:
    """In the order that was asked for; those who are enrolled in something now."""
    zone = await practice_zone(conn, organisation_id)
    month = month_of_day(now.astimezone(zone).date(), zone)
    sources = await sources_of(conn, organisation_id, month.name)
    gathered = await gather(conn, organisation_id, sources, patients)
    made = (forecast_of(each, sources, month, now=now) for each in gathered)
    return [each for each in made if each is not None]
