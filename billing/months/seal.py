"""One hash a patient, one hash a month: what a locked month said can be proved to be what it says.

A body is hashed as canonical JSON: keys sorted, nothing between the tokens, money as text. It is
taken from what was stored and not from our structures, so that it holds as they change.
"""

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(value: Any) -> bytes:
    """Of structures, or of what was read from the database: the same bytes for both."""
    return _encode(msgspec.to_builtins(value, str_keys=True))


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, hexadecimal."""
    return digest_of(canonical(value))


def digest_of(body: bytes) -> str:
    """Of what is canonical already."""
    return hashlib.sha256(body).hexdigest()


def digest_of_stored(text: str) -> str:
    """Of a jsonb column's text."""
    return digest(msgspec.json.decode(text))


def month_digest(head: Any, patients: Iterable[tuple[UUID, str]]) -> str:
    """Over the head and each patient's hash, by patient: whoever has the bodies can make it."""
    found = hashlib.sha256(canonical(head))
    for patient_id, sha256 in sorted(patients, key=lambda each: each[0].int):
        found.update(f"\n{patient_id} {sha256}".encode())
    return found.hexdigest()
