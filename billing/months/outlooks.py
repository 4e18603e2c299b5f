"""What can still be reached, of every patient who is monitored or cared for now."""

import asyncio
import datetime as dt
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from billing.forecast.forecasting import forecast
from billing.forecast.outlook import Forecast
from billing.forecast.steady import steady_until
from billing.months.calendar import Month, month_of_day
from billing.months.deciding import DEFAULTS
from billing.months.facts_of import Known, cared_for, facts_of, known_of
from billing.months.fingerprints import fingerprints_of
from billing.months.gathered import Patient, gather
from billing.months.sources import QUERIES, Sources, practice_zone, sources_of
from billing.months.stretches import MONITORING, Stretch, stretches_of
from store.pool import Connection

BATCH: Final = 40
"""Rows of so many are read in one go, which holds the process for 20 ms."""
MOST_KEPT: Final = 20_000
"""Patients of whom a process keeps what it has worked out: about 5 kB each."""


Key = tuple[UUID, UUID, str]
"""Organisation, patient, and the word for all that their month is made of."""


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


class Steady(Struct, frozen=True, kw_only=True):
    """What was worked out of a patient, and from when until when it is the same at each look."""

    since: dt.datetime
    until: dt.datetime
    found: PatientForecast | None
    """None: they are enrolled in nothing any more."""


class KeptOutlooks:
    """What this process has worked out, by all that it was made of: nothing in it is ever wrong,
    only too old or too much. The longest unasked for goes first.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Steady] = OrderedDict()

    def get(self, key: Key, *, now: dt.datetime) -> Steady | None:
        found = self._kept.get(key)
        if found is None or not (found.since <= now < found.until):
            return None
        self._kept.move_to_end(key)
        return found

    def keep(self, key: Key, made: Steady) -> None:
        self._kept[key] = made
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def __len__(self) -> int:
        return len(self._kept)


_KEPT: Final = KeptOutlooks(most=MOST_KEPT)


async def forecasts_of(
    conn: Connection, organisation_id: UUID, *, now: dt.datetime, kept: KeptOutlooks | None = None
) -> list[PatientForecast]:
    """By name; of patients who are enrolled in something now. Only those of whom anything has
    changed, or of whom the clock says something else by now, are worked out anew.
    """
    kept = _KEPT if kept is None else kept
    zone = await practice_zone(conn, organisation_id)
    month = month_of_day(now.astimezone(zone).date(), zone)
    sources = await sources_of(conn, organisation_id, month.name)
    today = now.astimezone(zone).date()
    said = await fingerprints_of(conn, organisation_id, sources, today=today)
    keys = {patient: (organisation_id, patient, word) for patient, (_, word) in said.items()}
    known = {patient: kept.get(key, now=now) for patient, key in keys.items()}
    new = [patient for patient, each in known.items() if each is None]
    for start in range(0, len(new), BATCH):
        for each in await gather(conn, organisation_id, sources, new[start : start + BATCH]):
            made = _worked_out(each, sources, month, now=now)
            patient = each.row["id"]
            known[patient] = made
            kept.keep(keys[patient], made)
            # Others want this process too.
            await asyncio.sleep(0)
    rows = await conn.fetch(QUERIES["phones"], organisation_id, list(said))
    phones = {row["id"]: row["phone"] for row in rows}
    return [
        _at(each.found, phones.get(patient), now=now)
        for patient, each in known.items()
        if each is not None and each.found is not None
    ]


def _worked_out(patient: Patient, sources: Sources, month: Month, *, now: dt.datetime) -> Steady:
    """With how long it is right."""
    found = forecast_of(patient, sources, month, now=now)
    zones = {ZoneInfo(patient.row["time_zone"]), month.zone}
    outlooks = () if found is None else found.forecast.outlooks
    return Steady(since=now, until=steady_until(outlooks, now, zones), found=found)


def _at(found: PatientForecast, phone: str | None, *, now: dt.datetime) -> PatientForecast:
    """What was worked out before, as it is said now."""
    return replace(found, phone=phone, forecast=replace(found.forecast, now=now))


def _judged_by(going: Sequence[Stretch], known: Known) -> tuple[Stretch, Known]:
    """As the month is: monitoring that somebody has entered, else care by itself."""
    watched = [each for each in going if each.service in MONITORING]
    cared = [each for each in going if each.service not in MONITORING]
    if cared and not (watched and watched[-1].enrolment is not None):
        return cared[-1], cared_for(known)
    return watched[-1], known


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
    chosen, known = _judged_by(going, known)
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
