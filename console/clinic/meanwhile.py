"""A form that sends every field of a patient, and a colleague who has changed some meanwhile.

The form carries what it was rendered with. So a field that the person did not touch takes what is
on record by now, and only what both changed is asked about, with both values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from care.changes import lock_patient
from care.patients import find_patient
from console.clinic import patient_form, words
from console.clinic.asking import Asking
from console.web.forms import Form

TOGETHER: Final = (
    *((name,) for name in patient_form.FIELDS if not name.startswith("allergies")),
    ("allergies_asked", "allergies"),
)
"""What is one answer, in fields: whether somebody asked, and what was said."""
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "sex": dict(words.SEXES),
    "language": dict(words.LANGUAGES),
    "weight_unit": dict(words.WEIGHT_UNITS),
    "glucose_unit": dict(words.GLUCOSE_UNITS),
    "temperature_unit": dict(words.TEMPERATURE_UNITS),
    "allergies_asked": dict(patient_form.ASKED),
}
BOTH: Final = (
    "A colleague has changed this record since you opened it, and the same as you. Leave in each"
    " field what is to stand, and save again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a form asks for, held against what is on record by now."""

    values: Mapping[str, str]
    """What was typed; what is on record where nothing was."""
    base: str
    """Of the page that is shown again: it has seen what is on record by now."""
    faults: Mapping[str, str]
    """What two people changed, each its own way."""


async def merged_with_record(it: Asking, form: Form) -> Merged:
    """Nobody changes the record until the request is done."""
    await lock_patient(it.conn, *it.whose)
    kept = patient_form.of_patient(await find_patient(it.conn, *it.whose))
    typed, sent = patient_form.typed(form), form.given("base")
    if sent is None:
        return Merged(values=typed, base=base_of(kept), faults={})
    return merged(typed, shown_in(sent), kept)


def merged(typed: Mapping[str, str], shown: Mapping[str, str], kept: Mapping[str, str]) -> Merged:
    """`shown`: what the form was rendered with. Pure."""
    values: dict[str, str] = {}
    faults: dict[str, str] = {}
    for names in TOGETHER:
        mine, was, now = (_of(names, each) for each in (typed, shown, kept))
        untouched = mine == was
        values |= {name: (kept if untouched else typed)[name] for name in names}
        if not untouched and now not in (was, mine):
            mine_told, now_told = _told(names, typed), _told(names, kept)
            faults[names[-1]] = f"You have: {mine_told}. On record now: {now_told}."
    return Merged(
        values=values, base=base_of(kept), faults={"": BOTH, **faults} if faults else faults
    )


def base_of(kept: Mapping[str, str]) -> str:
    """For the form: what it is rendered with."""
    return msgspec.json.encode(dict(kept), order="sorted").decode()


def shown_in(base: str) -> dict[str, str]:
    """Empty for what none of our forms sends: then all that differs is asked about."""
    try:
        return msgspec.json.decode(base, type=dict[str, str])
    except msgspec.DecodeError:
        return {}


def _of(names: tuple[str, ...], values: Mapping[str, str]) -> tuple[str | None, ...]:
    """A browser leaves line feeds out of a field of one line: they are no difference."""
    found = [values.get(name) for name in names]
    return tuple(each if each is None else each.replace("\n", "").strip() for each in found)


def _told(names: tuple[str, ...], values: Mapping[str, str]) -> str:
    said = [CHOICES.get(name, {}).get(values[name], values[name]) for name in names]
    return ", ".join(each for each in said if each) or "nothing"
