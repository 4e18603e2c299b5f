"""The fields of a patient as they are typed: the same on a new patient and on a change. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from care.errors import InvalidError
from care.patients import Patient
from console.web.forms import Form

FIELDS: Final = (
    "mrn", "given_name", "family_name", "birth_date", "sex", "phone", "language", "time_zone",
    "weight_unit", "glucose_unit", "temperature_unit", "allergies", "allergies_asked",
)  # fmt: skip
ASKED: Final = (
    ("no", "Nobody has asked yet"),
    ("none", "Asked: none known"),
    ("yes", "Asked: these"),
)
NONE_KNOWN: Final = "None known"


def typed(form: Form) -> dict[str, str]:
    """What the person typed, for the page that is shown again."""
    return {name: form.text(name) for name in FIELDS}


def of_patient(patient: Patient) -> dict[str, str]:
    """What is kept, as the form shows it."""
    asked = "no" if patient.allergies is None else "yes"
    if patient.allergies is not None and patient.allergies in {"", NONE_KNOWN}:
        asked = "none"
    return {
        "mrn": patient.mrn,
        "given_name": patient.given_name,
        "family_name": patient.family_name,
        "birth_date": "" if patient.birth_date is None else patient.birth_date.isoformat(),
        "sex": patient.sex,
        "phone": patient.phone or "",
        "language": patient.language,
        "time_zone": patient.time_zone,
        "weight_unit": patient.weight_unit,
        "glucose_unit": patient.glucose_unit,
        "temperature_unit": patient.temperature_unit,
        "allergies": patient.allergies or "" if asked == "yes" else "",
        "allergies_asked": asked,
    }


def meant(values: Mapping[str, str]) -> dict[str, Any]:
    """As care's functions take it. Raises InvalidError."""
    return {
        **{
            name: values[name]
            for name in ("mrn", "given_name", "family_name", "sex", "language", "time_zone",
                         "weight_unit", "glucose_unit", "temperature_unit")
        },
        "birth_date": birth_date(values["birth_date"]),
        "phone": values["phone"] or None,
        "allergies": allergies(values["allergies_asked"], values["allergies"]),
    }  # fmt: skip


def birth_date(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InvalidError("birth_date", "is no day: write it as 1948-03-05") from error


def allergies(asked: str, text: str) -> str | None:
    """Not asked is not the same as none."""
    if asked == "yes" or (asked == "no" and text):
        if not text:
            raise InvalidError("allergies", "say which, or choose another answer")
        return text
    return NONE_KNOWN if asked == "none" else None
