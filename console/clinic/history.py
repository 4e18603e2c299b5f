"""Changes around a patient in words: what was, and what is. Pure."""

from typing import Any, Final

from care.changes import CareChange
from console.clinic import words
from console.web.consent_words import CONSENT_KINDS, METHODS

NAMES: Final = {
    "mrn": "Record number",
    "given_name": "Given name",
    "family_name": "Family name",
    "birth_date": "Date of birth",
    "time_zone": "Time zone",
    "language": "Language",
    "sex": "Sex",
    "phone": "Telephone",
    "allergies": "Allergies",
    "weight_unit": "Weight unit",
    "glucose_unit": "Glucose unit",
    "temperature_unit": "Temperature unit",
}
CHOICES: Final = {
    "language": dict(words.LANGUAGES),
    "sex": dict(words.SEXES),
    "weight_unit": dict(words.WEIGHT_UNITS),
    "glucose_unit": dict(words.GLUCOSE_UNITS),
    "temperature_unit": dict(words.TEMPERATURE_UNITS),
}
"""What a patient's record says of these is worded as its form has it."""
SHOWN: Final = (
    "programme", "version", "kind", "kinds", "method", "given_by", "role", "device", "user_slot",
    "note",
)  # fmt: skip
"""Facts that say something to a person, in this order; ids and instants do not."""


def told(change: CareChange) -> list[str]:
    """One line for each thing that changed."""
    before, after = change.facts.get("before"), change.facts.get("after")
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            f"{NAMES.get(name, name)}: {_of(name, before.get(name))} \N{RIGHTWARDS ARROW} "
            f"{_of(name, value)}"
            for name, value in after.items()
        ]
    return [
        f"{name.replace('_', ' ').capitalize()}: {_value(change.facts[name])}"
        for name in SHOWN
        if change.facts.get(name) not in (None, "", [])
    ]


def _of(name: str, value: Any) -> str:
    """What was typed into a record stands as it was typed. Nobody has asked about allergies is not
    the same as none known.
    """
    if name == "allergies" and value is None:
        return "nobody has asked yet"
    if name not in NAMES or value is None or value == "":
        return _value(value)
    return CHOICES.get(name, {}).get(str(value), str(value))


def _value(value: Any) -> str:
    if value is None or value == "":
        return "not known"
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    known = {**dict(CONSENT_KINDS), **dict(METHODS), **dict(words.EPISODE_ENDS)}
    return known.get(str(value), str(value).replace("_", " "))
