"""Where one gateway keeps its data, and where the test keeps its notes about it."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One gateway's folders: the disk that may fill up, and the notes that must not."""

    gateway: str
    data: Path
    notes: Path

    @property
    def ledger(self) -> Path:
        return self.notes / f"{self.gateway}.ledger"

    @property
    def hush(self) -> Path:
        return self.notes / "hush"

    @property
    def device(self) -> str:
        number = int(self.gateway.rpartition("-")[2])
        return f"A0:B1:C2:00:{number // 256:02X}:{number % 256:02X}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What stands in one gateway's outbox file."""

    last_seq: int
    pending: int
    frames: int
    receipted: frozenset[str]
    """Ids with a receipt."""
    rejected: int


def holdings(place: Place) -> Holdings:
    """Looked at from outside, while the hub may be writing or dead: one moment of it."""
    path = place.data / "outbox.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as file:
        file.execute("BEGIN")
        (last_seq,) = file.execute("SELECT last_seq FROM counter").fetchone()
        (frames,) = file.execute("SELECT count(*) FROM frames").fetchone()
        states = file.execute("SELECT id, state FROM readings").fetchall()
    file.close()
    return Holdings(
        last_seq=last_seq,
        pending=sum(state == "pending" for _, state in states),
        frames=frames,
        receipted=frozenset(name for name, state in states if state != "pending"),
        rejected=sum(state == "rejected" for _, state in states),
    )
