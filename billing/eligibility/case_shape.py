"""Of which kind each value of a worked case must be: what is of another is told with its place.

All of it is looked at before anything is read, so nothing that reads has to. What is empty or null
is nothing everywhere; whether it may be missing, and what a text must say, is for who reads it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from billing.eligibility.case_parts import AN_OBJECT, Json, wrong_kind


class Kind(Struct, frozen=True):
    words: str
    fits: Callable[[Any], bool]


class ListOf(Struct, frozen=True):
    each: Any


class Named(Struct, frozen=True):
    """An object whose names are anybody's."""

    each: Any


def _number(found: Any) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)


TEXT: Final = Kind("text", lambda found: isinstance(found, str))
NAME: Final = Kind("text", lambda found: isinstance(found, str) or _number(found))
"""Some number their patients and their devices."""
WHOLE: Final = Kind("a whole number", lambda found: _number(found) and isinstance(found, int))
FLAG: Final = Kind("true or false", lambda found: isinstance(found, bool))
PAYER: Final = Kind(
    "text or an object", lambda found: isinstance(found, str | Mapping) or _number(found)
)
SERVICE: Final = Kind("text or an object", lambda found: isinstance(found, str | Mapping))

SPAN: Final = dict.fromkeys(
    ("from", "to", "start", "end", "first", "last", "dos_from", "dos_to", "start_date", "end_date",
     "period_from", "period_to", "period_start", "period_end"),
    TEXT,
)  # fmt: skip
EPISODE: Final = {
    **dict.fromkeys(
        ("program", "programme", "consent_at", "order_at", "consent_withdrawn_at", "end_date",
         "end_reason", "setup_education_date", "id", "billing_practitioner_npi", "rtm_kind"),
        TEXT,
    ),
    **dict.fromkeys(("established_patient", "setup_already_billed", "consent_written"), FLAG),
    "pauses": ListOf({"from": TEXT, "to": TEXT}),
}  # fmt: skip
DEVICE: Final = {
    **dict.fromkeys(("type", "assigned_from"), TEXT),
    **dict.fromkeys(("patient", "assigned_to"), NAME),
    **dict.fromkeys(("fda_device", "auto_transmit"), FLAG),
}
READING: Final = {
    **dict.fromkeys(("id", "patient", "device"), NAME),
    **dict.fromkeys(("source", "measured_at", "received_at", "kind", "patient_tz"), TEXT),
    "clock_trusted": FLAG,
}
SERIES: Final = {**READING, "dates": ListOf(TEXT), "local_time": TEXT}
ENTRY: Final = dict.fromkeys(
    ("id", "patient", "staff", "role", "program", "programme", "mode", "activity", "start", "end",
     "with_whom"),
    TEXT,
)  # fmt: skip
OTHER_SERVICE: Final = {
    **SPAN,
    **dict.fromkeys(
        ("month", "billing_month", "dos", "date", "date_of_service", "service_date", "on"), TEXT
    ),
    **dict.fromkeys(("code", "program", "programme", "service", "type"), NAME),
    "codes": ListOf(NAME),
    "window": SPAN,
    "period": SPAN,
}
EVENT: Final = {
    **dict.fromkeys(("at", "type"), TEXT),
    "target": NAME,
    "entry": ENTRY,
    "time_entry": ENTRY,
    "reading": READING,
    "readings": ListOf(READING),
    "reading_series": ListOf(SERIES),
    "service": SERVICE,
    "set": {**EPISODE, **READING, **ENTRY, "id": NAME, "patient": NAME},
}
LOCK: Final = {
    "locked_at": TEXT,
    "claim_status": TEXT,
    "exported_lines": ListOf({"code": TEXT, "units": WHOLE, "dos": TEXT}),
    "events": ListOf(EVENT),
}
POLICIES: Final[dict[str, Any]] = {"policy": {}, "policy_overrides": {}}
CASE: Final = {
    **POLICIES,
    "lock": LOCK,
    "inputs": {
        **POLICIES,
        "lock": LOCK,
        "patient": NAME,
        "payer": PAYER,
        "patient_tz": TEXT,
        "practice_tz": TEXT,
        "episode": EPISODE,
        "devices": Named(DEVICE),
        "readings": ListOf(READING),
        "reading_series": ListOf(SERIES),
        "time_entries": ListOf(ENTRY),
        "other_services": ListOf(SERVICE),
        "diagnoses": ListOf(TEXT),
        "prior_authorisations": ListOf({"codes": ListOf(TEXT)}),
        "other_episodes": ListOf({}),
        "attestations": ListOf({}),
        "evaluate": {
            "as_of": TEXT,
            "supply_periods": ListOf(WHOLE),
            "months": ListOf(TEXT),
            "setup": FLAG,
            "services": ListOf(TEXT),
        },
    },
}


def looked_at(found: Any, shape: Any = CASE, where: str = "") -> None:
    """Raises ValueError for the first value of a wrong kind: where it stands, what it is, and what
    must stand there.
    """
    if isinstance(shape, Kind):
        _value(found, shape, where)
    elif isinstance(shape, ListOf):
        _list(found, shape, where)
    else:
        _object(found, shape, where)


def _value(found: Any, kind: Kind, where: str) -> None:
    if found is not None and not kind.fits(found):
        raise wrong_kind(where, kind.words, found)
    if kind is SERVICE and isinstance(found, Mapping):
        _object(found, OTHER_SERVICE, where)


def _list(found: Any, shape: ListOf, where: str) -> None:
    if _nothing(found):
        return
    if not isinstance(found, list):
        raise wrong_kind(where, "a list", found)
    must = shape.each.words if isinstance(shape.each, Kind) else AN_OBJECT
    for number, each in enumerate(found):
        at = f"{where}/{number}"
        if each is None or (must is AN_OBJECT and not isinstance(each, Mapping)):
            raise wrong_kind(at, must, each)
        looked_at(each, shape.each, at)


def _object(found: Any, shape: Json | Named, where: str) -> None:
    if _nothing(found):
        return
    if not isinstance(found, Mapping):
        raise wrong_kind(where, AN_OBJECT, found)
    for name, value in found.items():
        each = shape.each if isinstance(shape, Named) else shape.get(name)
        if each is not None:
            looked_at(value, each, f"{where}/{name}" if where else name)


def _nothing(found: Any) -> bool:
    return found is None or (isinstance(found, str | list | Mapping) and not found)
