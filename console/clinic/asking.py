"""What every page of this room begins with: who asks, of whom, when; and the patient's banner."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from care.patients import Patient, find_patient
from console.access import ADMIN, REGISTRARS, Caller
from console.chart.banner import PatientBanner, banner_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from store.pool import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A patient of the caller's own organisation, and everything a handler needs around them."""

    conn: Connection
    caller: Caller
    patient: Patient
    now: dt.datetime

    @property
    def whose(self) -> tuple[UUID, UUID]:
        """The organisation and the patient, as care's functions take them."""
        return self.caller.organisation_id, self.patient.id

    @property
    def by(self) -> dict[str, Any]:
        """Who does it, and when."""
        return {"actor": self.caller.user_id, "now": self.now}

    @property
    def zone(self) -> ZoneInfo:
        """Where the patient lives."""
        return ZoneInfo(self.patient.time_zone)

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()

    @property
    def may_change(self) -> bool:
        return self.caller.role in REGISTRARS

    @property
    def is_admin(self) -> bool:
        return self.caller.role == ADMIN

    async def banner(self) -> PatientBanner:
        return await banner_of(self.conn, *self.whose, now=self.now)


@asynccontextmanager
async def asking(request: web.Request) -> AsyncIterator[Asking]:
    """Everything inside is one transaction. Another organisation's patient is not there."""
    caller, parts = request[CALLER], request.app[PARTS]
    patient_id = id_in_path(request)
    async with parts.transaction() as conn:
        yield Asking(
            conn=conn,
            caller=caller,
            patient=await find_patient(conn, caller.organisation_id, patient_id),
            now=parts.clock(),
        )
