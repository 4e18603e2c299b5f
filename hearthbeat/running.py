"""The ready file: what a running system says about itself, and how other commands find it."""

import hashlib
import os
from pathlib import Path
from typing import Final

import msgspec

from hearthbeat import data_directory
from hearthbeat.data_directory import READY_FILE
from hearthbeat.embedded.account import private_file
from hearthbeat.errors import DataDirectoryError, NotRunning


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the demonstration."""

    username: str
    password: str


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where gateways connect. In a demonstration no name is needed."""

    host: str
    port: int
    tls: bool = False
    username: str | None = None
    """A gateway that is ready for use, with its password."""
    password: str | None = None


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Written when everything answers, removed when it stops."""

    console: str
    api: str
    fhir: str
    mqtt: Broker
    database: str
    users: dict[str, SignIn]
    data: str
    """The data directory."""
    version: str

    @property
    def is_demonstration(self) -> bool:
        """Only the people of a demonstration have passwords that are written down."""
        return bool(self.users)


SYSTEMS: Final = "systems"
"""In the user's state directory: a file for each `hearthbeat up` of this user, with its data."""


def publish(ready: Ready, files: list[Path]) -> None:
    """Write the ready file, in one step: it is there as a whole or not at all."""
    text = msgspec.json.format(msgspec.json.encode(ready)).decode() + "\n"
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        private_file(file, text, None)


def withdraw(files: list[Path]) -> None:
    """It no longer runs."""
    for file in files:
        file.unlink(missing_ok=True)


def enlist(state: Path, data: Path) -> Path:
    """Remember that a system of this user runs on `data`; the file to withdraw when it stops."""
    listed = state / SYSTEMS
    listed.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()
    entry = msgspec.json.encode({"data": str(data)}).decode()
    return private_file(listed / f"{digest[:16]}.json", entry, None)


def find(*, data: Path | None, state: Path) -> Ready | None:
    """The system that runs on `data`, or this user's latest; None where it does not run.

    Raises DataDirectoryError for a directory that this user may not look into.
    """
    if data is None:
        return next(iter(all_running(state)), None)
    return read(data / "run" / READY_FILE) if data_directory.in_use(data) else None


def all_running(state: Path) -> list[Ready]:
    """The systems of this user that answer, the latest started first."""
    files = [(_started(file), file) for file in (state / SYSTEMS).glob("*.json")]
    found = [_running(_listed(file)) for _, file in sorted(files, reverse=True)]
    return [ready for ready in found if ready is not None]


def read(file: Path) -> Ready | None:
    """A ready file; None where there is none (it is starting, or has stopped)."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Ready)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise NotRunning(f"{file} cannot be read: {error}") from error


def _started(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


def _listed(file: Path) -> Path | None:
    """None for an entry that has gone, or is no entry."""
    try:
        return Path(msgspec.json.decode(file.read_bytes(), type=dict[str, str])["data"])
    except (OSError, msgspec.DecodeError, KeyError):
        return None


def _running(data: Path | None) -> Ready | None:
    """None for one that left without a word, and for a directory that is another's by now."""
    try:
        return None if data is None else find(data=data, state=data)
    except (DataDirectoryError, NotRunning):
        return None
