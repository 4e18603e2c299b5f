"""Routes asked in earnest: by the other organisation, and by patients. test_roles.py walks all."""

from typing import Any
from uuid import UUID

import pytest

from console.access import ADMIN
from console.app import served
from console.routing import Door
from console.settings import ConsoleSettings
from tests.integration.console.conftest import Api, Practice

GUARDED = [route for route in served(ConsoleSettings()) if route.door is Door.SESSION]


def concrete(path: str, practice: Practice) -> str:
    path = path.replace("{item}", str(UUID(int=1))).replace("{month}", "2026-10")
    path = path.replace("{name}", "medicare-2026")
    thing = {
        "/api/v1/patients/{id}": practice.patient,
        "/api/v1/devices/{id}": practice.device,
        "/api/v1/gateways/{id}": practice.gateway,
    }
    for start, named in thing.items():
        if path.startswith(start):
            return path.replace("{id}", str(named))
    return path.replace("{id}", "1" if "dead-letters" in path else str(UUID(int=1)))


READABLE: dict[str, dict[str, Any]] = {
    "/devices/{id}": {"udi": None},
    "/alerts/{id}/resolve": {"version": 1, "outcome": "other", "note": "was nothing"},
    "/alerts/{id}/snooze": {"version": 1, "minutes": 30},
    "/alerts/{id}/note": {"text": "x"},
    "/alerts/{id}/escalate": {"version": 1, "reason": "nobody answers"},
    "/alerts/{id}/reopen": {"version": 1, "reason": "too early"},
    "/reassign": {"patient": None, "reason": "x"},
    "/patients/{id}/notes": {"kind": "note", "text": "x"},
    "/time-entries/{id}/correct": {"reason": "x", "minutes": 5},
    "/timers/{id}/discard": {"reason": "x"},
    "/billing/payers/{id}": {"terms": {"name": "x"}},
    "/billing/payers/{id}/rules": {"terms": {"code": "99454", "effective_from": "2026-01-01"}},
    "/coverages": {"payer": str(UUID(int=1)), "starts_on": "2026-01-01"},
    "/end": {"ends_on": "2026-01-01"},
    "/billing-address": {
        "address": {"line_1": "1 Elm", "city": "Troy", "state": "NY", "zip_code": "12180"}
    },
    "/service-enrolments": {"service": "rpm", "terms": {"starts_on": "2026-01-01"}},
    "/service-enrolments/{item}": {"terms": {"starts_on": "2026-01-01"}},
    "/attestations": {"what": "care_plan", "on_day": "2026-01-01", "stated_by": "x"},
    "/dismiss": {"reason": "x"},
}
"""Where a body is looked at before the thing it is about."""


def body_of(path: str, practice: Practice) -> dict[str, Any]:
    if path.endswith("/assignments"):
        return {"patient": str(practice.patient)}
    known = next((body for end, body in READABLE.items() if path.endswith(end)), None)
    return known or ({"version": 1} if "/alerts/{id}/" in path else {})


async def test_another_organisations_things_are_not_there(
    api: Api, north: Practice, south: Practice
) -> None:
    token = await api.signed_in(south, "admin")
    nurse = await api.signed_in(south, "nurse")
    for route in GUARDED:
        if "{id}" not in route.path or "dead-letters" in route.path:
            continue
        theirs = token if ADMIN in route.roles else nurse
        body = body_of(route.path, north)
        options: dict[str, Any] = {} if route.method == "GET" else {"json": body}
        where = concrete(route.path, north)
        status, _ = await api.ask(route.method, where, token=theirs, **options)
        assert status == 404, (route.path, status)
    _, listed = await api.get("/patients", token)
    assert str(north.patient) not in str(listed)
    status, _ = await api.post(
        f"/devices/{south.device}/assignments", {"patient": str(north.patient)}, token
    )
    assert status in {404, 409}


@pytest.mark.parametrize("role", ["patient", "caregiver"])
async def test_a_patient_sees_one_patient(api: Api, north: Practice, role: str) -> None:
    token = await api.signed_in(north, role)
    _, listed = await api.get("/patients", token)
    assert [item["id"] for item in listed["items"]] == [str(north.patient)]
    assert (await api.get(f"/patients/{north.patient}/readings", token))[0] == 200
    assert (await api.get(f"/patients/{north.other_patient}", token))[0] == 404
    assert (await api.get(f"/patients/{north.other_patient}/readings", token))[0] == 404


@pytest.mark.parametrize("route", ["assignments", "unassign"])
async def test_when_a_device_changes_hands_is_said_with_its_offset(
    api: Api, north: Practice, route: str
) -> None:
    token = await api.signed_in(north, "nurse")
    field = "starts_at" if route == "assignments" else "ends_at"
    body = {field: "2026-01-01T00:00:00"}
    if route == "assignments":
        body["patient"] = str(north.patient)
    status, told = await api.post(f"/devices/{north.device}/{route}", body, token)
    assert (status, told["pointer"]) == (400, f"/{field}")
