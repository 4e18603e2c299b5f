"""What is known of a patient, over the API."""

import pytest

from tests.integration.console.conftest import Api, Practice

NEW = {
    "mrn": "N-1",
    "given_name": "Nora",
    "family_name": "New",
    "sex": "female",
    "phone": "+1 555 010 9999",
    "allergies": "Latex",
    "weight_unit": "kg",
}


async def test_a_patient_is_added_with_all_that_is_known_and_cleared_by_null(
    api: Api, north: Practice
) -> None:
    token = await api.signed_in(north, "nurse")
    status, made = await api.post("/patients", NEW, token)
    assert status == 201, made
    assert {name: made[name] for name in NEW} == NEW
    assert made["glucose_unit"] == "mg/dL"
    path = f"/patients/{made['id']}"
    status, changed = await api.ask(
        "PATCH", path, token=token, json={"phone": None, "mrn": "N-2", "reason": "typo"}
    )
    assert (status, changed["phone"], changed["mrn"]) == (200, None, "N-2")
    assert changed["allergies"] == "Latex"
    _, shown = await api.get(path, token)
    assert shown == changed


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"phone": "no"}, 422, "/phone"),
        ({"sex": "F"}, 422, "/sex"),
        ({"mrn": "1"}, 409, "/mrn"),
        ({"birth_date": "1889-01-01"}, 422, "/birth_date"),
        ({"weight_unit": None}, 200, None),
    ],
)
async def test_what_cannot_be_is_told_with_its_pointer(
    api: Api, north: Practice, change: dict[str, str | None], status: int, pointer: str | None
) -> None:
    token = await api.signed_in(north, "nurse")
    got, answer = await api.ask("PATCH", f"/patients/{north.patient}", token=token, json=change)
    assert got == status, answer
    assert answer.get("pointer") == pointer
