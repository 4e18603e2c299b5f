"""One look at the patient's pages: whose they are, who looks, in which language and units.

Whose they are is said by the session and by nothing else: no address of this room names a patient.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from console.access import CAREGIVER, Caller
from console.errors import NotFound
from console.my.words import LANGUAGES, Words, words_of
from console.parts import CALLER, PARTS
from console.seen import seen
from console.web.formats import Units, units_from
from console.web.home import signed_in
from console.web.page import render
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "my.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    caller: Caller
    patient_id: UUID
    given_name: str
    zone: ZoneInfo
    """Where the patient lives."""
    units: Units
    words: Words
    now: dt.datetime

    @property
    def organisation_id(self) -> UUID:
        return self.caller.organisation_id

    @property
    def own(self) -> bool:
        """Whether the patient looks, and not somebody who cares for them at home."""
        return self.caller.role != CAREGIVER

    @property
    def today(self) -> dt.date:
        return self.now.astimezone(self.zone).date()


async def visit(request: web.Request, conn: Connection) -> Visit:
    """Notes that this patient's record is looked at."""
    caller = request[CALLER]
    patient_id = caller.only_patient
    if patient_id is None:
        raise NotFound
    row = await conn.fetchrow(QUERIES["patient"], caller.organisation_id, patient_id)
    if row is None:
        raise NotFound
    seen(request, patient_id)
    words = words_of(_wanted(caller) or row["language"])
    return Visit(
        caller=caller,
        patient_id=patient_id,
        given_name=row["given_name"],
        zone=ZoneInfo(row["time_zone"]),
        units=units_from(dict(row)),
        words=words.for_other(row["given_name"]) if caller.role == CAREGIVER else words,
        now=request.app[PARTS].clock(),
    )


def shown(
    request: web.Request,
    visit: Visit,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> web.Response:
    """A page of this room."""
    return render(
        request,
        f"my/{template}",
        {
            **signed_in(visit.caller, visit.words),
            "visit": visit,
            **context,
        },
        status=status,
        language=visit.words.language,
    )


def _wanted(caller: Caller) -> str | None:
    found = caller.preferences.get("language")
    return found if isinstance(found, str) and found in LANGUAGES else None
