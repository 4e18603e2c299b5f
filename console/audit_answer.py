"""Whose data an answer of the API shows, found in the answer: no handler can forget it. Pure.

Pages say it themselves (`console.seen`): from HTML nothing can be found out.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

import msgspec
from aiohttp import web

JSON: Final = "application/json"
NAMED: Final = frozenset({"patient", "patient_id", "patients"})
"""Under these names an answer says whom something is about."""
OF_PATIENTS: Final = "mrn"
"""What has one of these is a patient by itself."""


def patients_in(response: web.StreamResponse) -> set[UUID]:
    if not isinstance(response, web.Response) or response.content_type != JSON:
        return set()
    body = response.body
    return set(_found(msgspec.json.decode(body))) if isinstance(body, bytes) and body else set()


def _found(value: Any) -> Iterator[UUID]:
    if isinstance(value, list):
        for each in value:
            yield from _found(each)
    elif isinstance(value, dict):
        if OF_PATIENTS in value:
            yield from _ids(value.get("id"))
        for name, each in value.items():
            if name in NAMED:
                yield from _ids(each)
            if isinstance(each, dict | list):
                yield from _found(each)


def _ids(value: Any) -> Iterator[UUID]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            try:
                yield UUID(each)
            except ValueError:
                continue
