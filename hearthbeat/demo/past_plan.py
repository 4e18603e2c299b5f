"""What the process of the demonstration's patients is told."""

from pathlib import Path
from typing import Final

import msgspec

from hearthbeat.embedded.account import private_file

SEED: Final = 2026
"""Of the cast: the same people everywhere."""
PATIENTS: Final = 40
MOST_PATIENTS: Final = 300
"""With a telephone number of their own each."""


class PastPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Of which clinic, and how many people."""

    clinic: str
    patients: int
    base_url: str
    seed: int = SEED


def write(plan: PastPlan, file: Path) -> None:
    private_file(file, msgspec.json.encode(plan).decode(), None)


def read(file: Path) -> PastPlan:
    """As written."""
    return msgspec.json.decode(file.read_bytes(), type=PastPlan)
