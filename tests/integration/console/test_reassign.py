"""The desk for readings of which nobody knows whose they are."""

from typing import Any
from uuid import UUID

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Practice
from tests.integration.console.test_readings import post
from tests.integration.ingest.home import reading

STRANGE = "FF:FF:FF:FF:FF:01"


async def give(
    api: Api, token: str, id_: UUID, patient: UUID | None, **options: Any
) -> tuple[int, Any]:
    body = {"patient": None if patient is None else str(patient), "reason": "asked them"}
    return await api.post(f"/readings/{id_}/reassign", body, token, **options)


async def test_a_held_reading_is_shown_with_whose_it_could_be(api: Api, north: Practice) -> None:
    usual = [reading(values={"systolic": 120.0 + n, "diastolic": 80.0}) for n in range(4)]
    held = reading(device=STRANGE, values={"systolic": 150.0, "diastolic": 80.0})
    await post(api, north, *usual, held)
    token = await api.signed_in(north, "nurse")
    await api.post("/devices", {"address": STRANGE, "gateway": north.gateway}, token)
    _, cuff = await api.get("/devices", token)
    assert len(cuff["items"]) == 2
    _, page = await api.get("/quarantine", token)
    (item,) = page["items"]
    assert item["reason"] == "unknown_device"
    assert item["candidates"] == []  # Nobody of that home has anything of it yet.
    other = next(each["id"] for each in cuff["items"] if each["address"] == STRANGE)
    start = {"starts_at": "2020-01-01T00:00:00Z"}
    for patient in (north.patient, north.other_patient):
        slot = 1 if patient == north.patient else 2
        body = {"patient": str(patient), "user_slot": slot, **start}
        assert (await api.post(f"/devices/{other}/assignments", body, token))[0] == 201
    _, page = await api.get("/quarantine", token)
    first, second = page["items"][0]["candidates"]
    assert (first["patient"], first["usual"], first["off"]) == (str(north.patient), 121.5, 28.5)
    assert first["far"] is True
    assert (second["patient"], second["usual"], second["off"]) == (
        str(north.other_patient), None, None,
    )  # fmt: skip


async def test_saying_whose_it_is_moves_it_and_keeps_who_said_so(api: Api, north: Practice) -> None:
    held = reading(device=STRANGE)
    await post(api, north, held)
    token = await api.signed_in(north, "nurse")
    status, body = await give(api, token, held.id, north.other_patient)
    assert (status, body["changed"], body["after"]["attribution"]) == (200, True, "reassigned")
    assert (await api.get("/quarantine", token))[1]["items"] == []
    _, page = await api.get(f"/patients/{north.other_patient}/readings", token)
    assert [item["id"] for item in page["items"]] == [str(held.id)]
    _, history = await api.get(f"/readings/{held.id}/attribution", token)
    (line,) = history["items"]
    assert (line["username"], line["why"]) == (north.username("nurse"), "asked them")
    assert (line["from_reason"], line["to_patient"]) == (
        "unknown_device", str(north.other_patient),
    )  # fmt: skip


async def test_the_same_request_under_a_key_is_done_once(
    api: Api, north: Practice, pool: Pool
) -> None:
    held = reading(device=STRANGE)
    await post(api, north, held)
    token = await api.signed_in(north, "clinician")
    options = {"headers": {"Idempotency-Key": "key-1"}}
    first = await give(api, token, held.id, north.patient, **options)
    assert await give(api, token, held.id, north.patient, **options) == first
    assert await pool.fetchval("SELECT count(*) FROM attribution_changes") == 1


async def test_a_patient_of_another_organisation_is_nobody_here(
    api: Api, north: Practice, south: Practice
) -> None:
    held = reading(device=STRANGE)
    await post(api, north, held)
    token = await api.signed_in(north, "admin")
    assert (await give(api, token, held.id, south.patient))[0] == 404
    theirs = await api.signed_in(south, "admin")
    assert (await give(api, theirs, held.id, south.patient))[0] == 404
    assert (await api.get(f"/readings/{held.id}/attribution", theirs))[0] == 404
    assert (await api.get(f"/readings/{held.id}/attribution", token))[1] == {"items": []}


@pytest.mark.parametrize("role", ["auditor", "biller", "patient", "caregiver"])
async def test_only_those_who_look_after_patients_say_so(
    api: Api, north: Practice, role: str
) -> None:
    held = reading(device=STRANGE)
    await post(api, north, held)
    token = await api.signed_in(north, role)
    assert (await give(api, token, held.id, north.patient))[0] == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [({"reason": "x"}, 400), ({"patient": None}, 400), ({"patient": None, "reason": " "}, 422)],
)
async def test_a_patient_or_null_and_a_reason_are_needed(
    api: Api, north: Practice, body: dict[str, Any], status: int
) -> None:
    held = reading(device=STRANGE)
    await post(api, north, held)
    token = await api.signed_in(north, "nurse")
    assert (await api.post(f"/readings/{held.id}/reassign", body, token))[0] == status


async def test_what_is_held_for_its_values_is_not_made_good_by_a_name(
    api: Api, north: Practice
) -> None:
    held = reading(values={"systolic": 301.0, "diastolic": 80.0})
    await post(api, north, held)
    token = await api.signed_in(north, "nurse")
    status, told = await give(api, token, held.id, north.patient)
    assert status == 422
    assert "implausible" in told["detail"]


async def test_a_recheck_is_written_down_too(api: Api, north: Practice) -> None:
    held = reading(device=STRANGE)
    await post(api, north, held)
    token = await api.signed_in(north, "nurse")
    await api.post("/devices", {"address": STRANGE}, token)
    await api.post("/quarantine/recheck", token=token)
    _, history = await api.get(f"/readings/{held.id}/attribution", token)
    (line,) = history["items"]
    assert (line["from_reason"], line["to_reason"]) == ("unknown_device", "unassigned")
