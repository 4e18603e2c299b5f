"""What the process of simulated homes is told: which homes, and how their gateways sign in."""

from pathlib import Path
from typing import Final

import msgspec

from hearthbeat.embedded.account import private_file
from wire.address import Protocol

SEED: Final = 2026
"""Of all demonstration homes: the same people and devices everywhere."""


class HomePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One home."""

    number: int
    gateway: str
    secret: str
    time_zone: str


class HomesPlan(msgspec.Struct, frozen=True, kw_only=True):
    """All of them; where they send is said by the settings of the process."""

    seed: int
    mqtt: str
    protocol: Protocol
    directory: str
    """Each gateway keeps its outbox in a directory of its own below."""
    homes: list[HomePlan]


def write(plan: HomesPlan, file: Path) -> None:
    """The plan holds secrets: for its owner only."""
    private_file(file, msgspec.json.encode(plan).decode(), None)


def read(file: Path) -> HomesPlan:
    """As written."""
    return msgspec.json.decode(file.read_bytes(), type=HomesPlan)
