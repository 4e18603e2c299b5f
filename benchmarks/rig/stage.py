"""Everything one benchmark run stands on: a folder, a broker, a database, homes."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks.rig.broker import Broker
from benchmarks.rig.clinic import furnish
from benchmarks.rig.database import Database
from benchmarks.rig.workload import Home, homes


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a row's `measure` gets. `homes` are enrolled, their cuffs assigned to patients."""

    folder: Path
    broker: Broker
    database: Database
    homes: list[Home]
    say: Callable[[str], None]
    quick: bool
    """Smaller work and fewer rounds: to see that it runs, not to be quoted."""

    def rounds(self, full: int) -> int:
        return 1 if self.quick else full

    def count(self, full: int) -> int:
        return full // 10 if self.quick else full

    def connect(self) -> "Session":
        return Session(self.database.dsn)


class Session:
    """A connection for preparing and checking, closed at the end of the block."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def __aenter__(self) -> "asyncpg.Connection[asyncpg.Record]":
        self._connection = await asyncpg.connect(self._dsn)
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            await self._connection.close()


@contextmanager
def set_up(say: Callable[[str], None], *, quick: bool, home_count: int = 200) -> Iterator[Stage]:
    """Start broker and database, migrate, enrol the homes; take everything away at the end."""
    with tempfile.TemporaryDirectory(prefix="hearthbeat-bench-") as name:
        folder = Path(name)
        with Broker(folder) as broker, Database(folder) as database:
            living = homes(home_count)
            asyncio.run(furnish(database.dsn, living))
            yield Stage(
                folder=folder,
                broker=broker,
                database=database,
                homes=living,
                say=say,
                quick=quick,
            )
