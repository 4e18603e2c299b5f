"""One patient's month: lines, what is missing, and every day and minute that it rests on."""

from typing import Final
from uuid import UUID

from aiohttp import web

from billing.code_labels import label_of
from billing.months.calendar import month_named
from billing.months.reading import head_of, patient_of
from billing.months.records import PatientMonth
from billing.words import ACTIVITY_WORDS
from console.billing import words
from console.billing.days import periods_of
from console.billing.tabs import tabs
from console.billing.time_rows import by_service
from console.billing_access import RUNNERS, SETTINGS_READERS
from console.chart.banner import banner_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.seen import seen
from console.web.page import render
from store.queries import load

QUERIES: Final = load("console", "billing.sql")


async def page(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    now, patient_id = parts.clock(), id_in_path(request)
    month = month_named(request.match_info["month"], caller.clinic.zone)
    async with parts.transaction() as conn:
        banner = await banner_of(conn, caller.organisation_id, patient_id, now=now)
        head = await head_of(conn, caller.organisation_id, month.name, now=now)
        patient = await patient_of(conn, caller.organisation_id, month.name, patient_id, now=now)
        went = await conn.fetch(
            QUERIES["went before"], caller.organisation_id, [each.line_id for each in patient.lines]
        )
    seen(request, patient_id)
    return render(
        request,
        "billing/patient.html",
        {
            "banner": banner,
            # Of the version under which this patient was frozen last.
            "head": patient.sealed or head,
            "patient": patient,
            "periods": periods_of(patient.days, patient.lines, patient.not_eligible),
            "went": {row["id"]: row["instead_of"] for row in went},
            "services": by_service(patient.time),
            "devices": names_of(patient),
            "activities": ACTIVITY_WORDS,
            "label_of": label_of,
            "runs": caller.role in RUNNERS,
            "settings": caller.role in SETTINGS_READERS,
            "words": words,
            **tabs(caller, "/billing"),
        },
    )


def names_of(patient: PatientMonth) -> dict[UUID, str]:
    """Of devices, as people call them."""
    return {
        each.device_id: f"{each.kind.replace('_', ' ').capitalize()}, {each.model}".rstrip(", ")
        for each in patient.devices
    }
