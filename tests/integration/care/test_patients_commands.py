"""What is known of patients and clinics, by command."""

import json

import pytest

from tests.integration.care.test_commands import Terminal


@pytest.fixture
def terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, database: str
) -> Terminal:
    made = Terminal(capsys, monkeypatch, database)
    made.done("organisation", "add", "Oak Street", "--time-zone", "Europe/Berlin")
    return made


def test_a_patient_is_added_and_changed_with_all_that_is_known(terminal: Terminal) -> None:
    terminal.done(
        "patient", "add", "A-1", "--given-name", "Ann", "--family-name", "Archer",
        "--sex", "female", "--phone", "+49 30 901820", "--allergies", "Latex",
        "--weight-unit", "kg",
    )  # fmt: skip
    (ann,) = json.loads(terminal.done("patient", "list", "--json"))
    assert (ann["sex"], ann["phone"], ann["allergies"]) == ("female", "+49 30 901820", "Latex")
    assert (ann["weight_unit"], ann["glucose_unit"]) == ("kg", "mg/dL")
    terminal.done("patient", "update", "A-1", "--phone", "", "--mrn", "A-2",
                  "--birth-date", "1950-03-05")  # fmt: skip
    (ann,) = json.loads(terminal.done("patient", "list", "--json"))
    assert (ann["mrn"], ann["phone"], ann["birth_date"]) == ("A-2", None, "1950-03-05")
    assert ann["allergies"] == "Latex"
    said = terminal.refused("patient", "update", "A-2", "--phone", "call me")
    assert "no telephone number" in said


def test_a_clinic_is_changed(terminal: Terminal) -> None:
    terminal.done(
        "organisation", "update", "Oak Street", "--rename", "Oak Street Clinic",
        "--phone", "+49 30 901820", "--emergency-number", "112", "--weight-unit", "kg",
        "--second-factor",
    )  # fmt: skip
    (found,) = json.loads(terminal.done("organisation", "list", "--json"))
    assert (found["name"], found["phone"], found["emergency_number"]) == (
        "Oak Street Clinic", "+49 30 901820", "112",
    )  # fmt: skip
    assert (found["weight_unit"], found["second_factor_required"]) == ("kg", True)
    terminal.done("organisation", "update", "Oak Street Clinic", "--phone", "")
    (found,) = json.loads(terminal.done("organisation", "list", "--json"))
    assert (found["phone"], found["emergency_number"]) == (None, "112")
    assert found["second_factor_required"]
    assert "none named" in terminal.refused("organisation", "update", "Elm Street")
