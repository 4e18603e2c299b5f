"""Broker, database, two ingest workers and some gateways, as real processes on loopback."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.rig.broker import Broker
from benchmarks.rig.clinic import furnish
from benchmarks.rig.database import Database
from benchmarks.rig.workload import homes
from gateway.settings import ForwardRules
from store import commit_batch
from tests.chaos.child import Child
from tests.chaos.workplace import Place

INGEST_WORKERS: Final = 2
AGAIN_S: Final = ForwardRules().resend_first_s
TEND_EVERY_S: Final = 0.1


@dataclass(slots=True, kw_only=True)
class World:
    """Everything that can be killed. `broker_port` is where gateways believe the broker to be."""

    folder: Path
    broker: Broker
    database: Database
    ingests: list[Child]
    gateways: list[Child]
    places: list[Place]
    kills: dict[str, int] = field(default_factory=dict)

    @property
    def children(self) -> list[Child]:
        return [*self.ingests, *self.gateways]

    def count(self, what: str) -> None:
        self.kills[what] = self.kills.get(what, 0) + 1

    @property
    def notes(self) -> Path:
        return self.places[0].notes

    def hush(self) -> None:
        """No new frames from now on."""
        self.places[0].hush.touch()

    async def tend(self) -> None:
        """A supervisor: whoever ends by itself is started again. For ever."""
        while True:
            for child in self.children:
                child.tend()
            await asyncio.sleep(TEND_EVERY_S)


@contextmanager
def created(
    folder: Path,
    *,
    gateways: int,
    per_s: float,
    data: dict[int, Path] | None = None,
    broker_port: int | None = None,
    database_port: int | None = None,
    copy_from_rows: int = commit_batch.COPY_FROM_ROWS,
    workers: int = INGEST_WORKERS,
    again_s: float = AGAIN_S,
) -> Iterator[World]:
    """A furnished clinic with everything running.

    `data` names other data folders for some gateways (a small disk), the ports other ways to the
    broker (for gateways) and to the database (for ingest), as through a proxy.
    """
    notes = folder / "notes"
    notes.mkdir()
    living = homes(gateways)
    with Broker(folder) as broker, Database(folder) as database:
        asyncio.run(furnish(database.dsn, living))
        places = [
            Place(
                gateway=home.gateway,
                data=(data or {}).get(home.number, folder / home.gateway),
                notes=notes,
            )
            for home in living
        ]
        port = broker_port or broker.port
        dsn = database.dsn.replace(f":{database.port}/", f":{database_port or database.port}/")
        world = World(
            folder=folder,
            broker=broker,
            database=database,
            ingests=[
                _ingest(folder, (broker.port, number, dsn, notes, copy_from_rows))
                for number in range(workers)
            ],
            gateways=[_gateway(folder, place, port, (per_s, again_s)) for place in places],
            places=places,
        )
        for child in world.children:
            child.start()
        try:
            yield world
        finally:
            for child in world.children:
                child.kill()


def _ingest(folder: Path, arguments: tuple[int, int, str, Path, int]) -> Child:
    """The arguments as tests.chaos.ingest_process has them."""
    name = f"ingest-{arguments[1]}"
    return Child(
        name,
        [sys.executable, "-m", "tests.chaos.ingest_process", *map(str, arguments)],
        folder / f"{name}.log",
    )


def _gateway(folder: Path, place: Place, port: int, pace: tuple[float, float]) -> Child:
    """The arguments as tests.chaos.gateway_process has them."""
    return Child(
        place.gateway,
        [
            *(sys.executable, "-m", "tests.chaos.gateway_process"),
            *(place.gateway, str(place.data), str(place.notes), str(port), *map(str, pace)),
        ],
        folder / f"{place.gateway}.log",
    )
