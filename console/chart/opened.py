"""What every page of one patient's chart stands on: who it is about, and where one is in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from aiohttp import web

from console.access import CARERS, REGISTRARS
from console.chart.banner import PatientBanner, banner_of
from console.chart.month import month_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from store.pool import Connection

TABS: Final = (
    ("", "Overview"),
    ("/timeline", "Timeline"),
    ("/readings", "Readings"),
    ("/about", "About"),
    ("/limits", "Limits"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    organisation_id: UUID
    patient_id: UUID
    banner: PatientBanner
    month: object | None
    now: dt.datetime
    tab: str

    @property
    def where(self) -> str:
        return f"/patients/{self.patient_id}"

    def context(self, **more: Any) -> dict[str, Any]:
        return {
            "banner": self.banner,
            "month": self.month,
            "where": self.where,
            "tab": self.tab,
            "tabs": TABS,
            **more,
        }


async def opened(
    request: web.Request, conn: Connection, tab: str, *, patient: UUID | None = None
) -> Opened:
    """The patient of the path, unless another is named.

    Raises NotFound or NotFoundError for what is no patient of this organisation's.
    """
    caller, now = request[CALLER], request.app[PARTS].clock()
    patient_id = patient or id_in_path(request)
    caller.may_see(patient_id)
    banner = await banner_of(conn, caller.organisation_id, patient_id, now=now)
    month = await month_of(conn, caller.organisation_id, patient_id, zone=banner.zone, now=now)
    return Opened(
        organisation_id=caller.organisation_id,
        patient_id=patient_id,
        banner=banner,
        month=month,
        now=now,
        tab=tab,
    )


def may_write(request: web.Request) -> bool:
    """Notes and calls."""
    return request[CALLER].role in CARERS


def may_reassign(request: web.Request) -> bool:
    """Whose a reading is."""
    return request[CALLER].role in REGISTRARS
