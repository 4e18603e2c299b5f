"""The ready file: what a running system says about itself, and how other commands find it."""

from pathlib import Path
from typing import Final

import msgspec

from hearthbeat import data_directory
from hearthbeat.data_directory import READY_FILE
from hearthbeat.embedded.account import private_file
from hearthbeat.errors import NotRunning


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


POINTER: Final = "running.json"
"""In the user's state directory: where the latest `hearthbeat up` of this user has its data."""


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


def point(state: Path, data: Path) -> None:
    """Remember where this user's latest system is, so that other commands find it."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    private_file(state / POINTER, msgspec.json.encode({"data": str(data)}).decode(), None)


def find(*, data: Path | None, state: Path) -> Ready | None:
    """The system that runs on `data`, or this user's latest; None where it does not run."""
    directory = data or _pointed(state)
    if directory is None or not data_directory.in_use(directory):
        return None
    return read(directory / "run" / READY_FILE)


def read(file: Path) -> Ready | None:
    """A ready file; None where there is none (it is starting, or has stopped)."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Ready)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise NotRunning(f"{file} cannot be read: {error}") from error


def _pointed(state: Path) -> Path | None:
    try:
        found = msgspec.json.decode((state / POINTER).read_bytes(), type=dict[str, str])
        return Path(found["data"])
    except (OSError, msgspec.DecodeError, KeyError):
        return None
