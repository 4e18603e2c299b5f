"""What may stand in a log line: facts about the machinery, never about a person."""

import datetime as dt
import re
from collections.abc import Mapping, MutableMapping
from enum import Enum
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

REDACTED: Final = "[redacted]"
TEXT_MAX: Final = 500
"""Characters. A longer text is a payload or a page, and whose it is nobody can tell from here."""

_SECRETS: Final = """
    api_key authorization claim_code cookie credential dsn enrolment_code passkey password
    password_hash private_key secret session_token source_key token
"""
_PEOPLE: Final = """
    birth_date email family_name given_name label language mrn name names person phone
    postal_address username
"""
# The metric names are listed, not imported: observe stands on nothing.
_MEASURED: Final = """
    basal_metabolism bmi body_fat body_water_mass context diastolic fat_free_mass frame glucose
    heart_rate height impedance mean measurement muscle_mass muscle_percentage pulse
    pulse_amplitude raw reading soft_lean_mass special spo2 systolic temperature value values weight
"""
_TYPED_BY_A_PERSON: Final = "body form note params payload query query_string text url"

DENIED: Final = frozenset(f"{_SECRETS} {_PEOPLE} {_MEASURED} {_TYPED_BY_A_PERSON}".split())
"""Keys whose values never reach a log, whatever they hold. Compared in lower case."""

LINKS_TO_A_PERSON: Final = frozenset({"patient", "patient_id", "assignment", "assignment_id"})
"""Allowed alone, as an opaque id; beside a device they would say who owns it."""
LINKS_TO_A_DEVICE: Final = frozenset({"device", "device_id", "devices", "serial", "gateway"})

_SECRET_IN_URL: Final = re.compile(r"(\w+://[^:/@\s]*):[^@/\s]+@")


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """The structlog processor: deny by key, and let only scalars and short texts through."""
    owned = not LINKS_TO_A_DEVICE.isdisjoint(event)
    for key, value in event.items():
        folded = key.lower()
        if folded in DENIED or (owned and folded in LINKS_TO_A_PERSON):
            event[key] = REDACTED
        elif key not in {"event", "exception"}:
            event[key] = _plain(value)
        elif isinstance(value, str):
            event[key] = without_passwords(value)
    return event


def without_passwords(text: str) -> str:
    """`scheme://user:secret@host` loses the secret; everything else is unchanged."""
    return _SECRET_IN_URL.sub(r"\1:***@", text)


def _plain(value: object) -> object:
    """The value where it is a scalar; of anything that may hold a body, only its kind and size."""
    plain: object = type(value).__name__
    match value:
        case Enum():
            plain = value.value
        case None | bool() | int() | float():
            plain = value
        case UUID() | dt.date() | dt.timedelta() | PurePath():
            plain = str(value)
        case str():
            plain = without_passwords(value) if len(value) <= TEXT_MAX else f"text[{len(value)}]"
        case list() | tuple() | set() | frozenset():
            plain = _short_list(value)
        case bytes() | bytearray() | memoryview() | Mapping():
            plain = f"{type(value).__name__}[{len(value)}]"
        case BaseException():
            plain = described(value)
        case _:
            pass
    return plain


def _short_list(
    values: list[object] | tuple[object, ...] | set[object] | frozenset[object],
) -> object:
    """A handful of names or numbers stays readable; anything else is counted."""
    few = 20
    if len(values) <= few and all(isinstance(value, str | int) for value in values):
        return [_plain(value) for value in values]
    return f"{type(values).__name__}[{len(values)}]"


OWN: Final = frozenset(
    {
        *("care", "console", "device_profiles", "gateway", "hearthbeat", "ingest", "observe"),
        *("simulator", "store", "vitals", "wire"),
    }
)
"""Packages whose exception texts are written with this page in mind."""


def described(error: BaseException) -> str:
    """An exception in words that cannot carry a row: a driver quotes values, so its text is cut.

    PostgreSQL errors keep their class, SQLSTATE, table and constraint; the operating system's and
    our own keep their text; everything else is its class name.
    """
    name = type(error).__name__
    if isinstance(error, OSError):
        return f"{name}: {error.strerror or 'no details'} (errno {error.errno})"
    if type(error).__module__.partition(".")[0] in OWN:
        return f"{name}: {without_passwords(str(error))[:TEXT_MAX]}"
    facts = (
        f"{attribute}={value}"
        for attribute in ("sqlstate", "table_name", "constraint_name")
        if isinstance(value := getattr(error, attribute, None), str) and value
    )
    return " ".join((name, *facts))
