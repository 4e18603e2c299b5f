"""Checkpoints of the audit log in a file: one JSON line each, only ever added to."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from store.audit_chain import Checkpoint
from store.errors import CheckpointFileError

_decode: Final = msgspec.json.Decoder(Checkpoint).decode


def append(file: Path, made: Sequence[Checkpoint]) -> None:
    """To the end, and onto the disk before it returns. Raises OSError."""
    lines = b"".join(msgspec.json.encode(each) + b"\n" for each in made)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, lines)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(file: Path) -> list[Checkpoint]:
    """Raises CheckpointFileError: what cannot be read proves nothing."""
    found = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(_decode(line))
        except msgspec.MsgspecError as error:
            raise CheckpointFileError(f"{file}, line {number}: no checkpoint") from error
    return found
