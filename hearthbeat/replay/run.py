"""One replay from end to end: a system, the register, the homes, the reconciliation."""

import datetime as dt
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from hearthbeat import data_directory, everything, ports
from hearthbeat.everything import Plan
from hearthbeat.finding import running_meant
from hearthbeat.log_files import LogFiles
from hearthbeat.recordings.formats import Recording
from hearthbeat.replay import alerting, rooms
from hearthbeat.replay.alerting import Raised
from hearthbeat.replay.destination import Agree, System, destination
from hearthbeat.replay.load import DeviceLoad, device_loads
from hearthbeat.replay.reconcile import Account, Stored, accounts
from hearthbeat.replay.register import Home, register
from hearthbeat.settings import Settings, state_directory
from store.pool import Connection, connect
from store.queries import load
from vitals.kinds import PANELS, Kind
from wire.address import BrokerAddress, Protocol

QUERIES: Final = load("hearthbeat", "replay.sql")
MARGIN: Final = dt.timedelta(days=2)
"""Digits are local: no zone is more than a day away from UTC."""

Notice = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is wanted."""

    recordings: Sequence[Recording]
    zone: ZoneInfo
    speed: float | None
    organisation: str | None
    data: Path | None
    ephemeral: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it."""

    accounts: Sequence[Account]
    seconds: float
    readings: int
    new: int
    """Rows that this replay has added to the table."""
    awaiting_evaluation: int
    raised: Mapping[str, Raised]
    """By recording file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A system to send to."""

    system: System
    database: str
    mqtt: str
    protocol: Protocol


async def replayed(
    settings: Settings,
    wanted: Replay,
    *,
    notice: Notice,
    agree: Agree,
    begin: Callable[[int], None],
    report: rooms.Report,
) -> Outcome:
    """Send everything and say what became of it; `begin` is told how many readings there are.

    `agree` is asked before anything goes into a real clinic; raises ReplayRefused.
    """
    loads = device_loads(wanted.recordings, zone=wanted.zone)
    async with _line(settings, wanted, notice) as line:
        conn = await connect(line.database, application_name="hearthbeat replay")
        try:
            whose = await destination(
                conn,
                line.system,
                loads,
                named=wanted.organisation,
                clinic=settings.clinic.name,
                zone=wanted.zone.key,
                agree=agree,
            )
            began = dt.datetime.now(dt.UTC)
            homes = await register(conn, loads, whose, zone=wanted.zone.key, now=began)
            await alerting.plans(conn, whose, loads, zone=wanted.zone, now=began)
            readings = sum(len(one.readings) for one in loads)
            begin(readings)
            await _send(homes, line, settings, wanted, report)
            stored = await _stored(conn, loads)
            numbers = [one.number for one in loads]
            waiting = await alerting.settled(conn, numbers)
            raised = await alerting.raised(conn, numbers)
        finally:
            await conn.close(timeout=2)
    return Outcome(
        accounts=accounts(wanted.recordings, loads, stored, began=began, zone=wanted.zone),
        seconds=(dt.datetime.now(dt.UTC) - began).total_seconds(),
        readings=readings,
        new=sum(row.received_at >= began for row in stored),
        awaiting_evaluation=waiting,
        raised=_by_file(loads, raised),
    )


def _by_file(loads: Sequence[DeviceLoad], raised: Mapping[str, Raised]) -> dict[str, Raised]:
    """A person of several devices in one file is one person."""
    numbers: dict[str, set[str]] = {}
    for one in loads:
        numbers.setdefault(one.file, set()).add(one.number)
    return {
        file: alerting.together(raised[number] for number in theirs if number in raised)
        for file, theirs in numbers.items()
    }


@asynccontextmanager
async def _line(settings: Settings, wanted: Replay, notice: Notice) -> AsyncIterator[Line]:
    """The system that is named or runs here; else one that runs while the block does."""
    if wanted.data is None and not wanted.ephemeral and settings.database.url and settings.mqtt.url:
        yield Line(
            system=System(where="the database of the settings", is_demonstration=False),
            database=settings.database.url,
            mqtt=settings.mqtt.url,
            protocol=settings.mqtt.protocol,
        )
        return
    ready = None if wanted.ephemeral else running_meant(settings, wanted.data)
    if ready is not None:
        notice(f"Using the system that runs on {ready.data}.")
        yield Line(
            system=System(
                where=f"the system on {ready.data}", is_demonstration=ready.is_demonstration
            ),
            database=ready.database,
            mqtt=f"mqtt://{ready.mqtt.host}:{ready.mqtt.port}",
            protocol="auto",
        )
        return
    async with _started(settings, wanted, notice) as line:
        yield line


@asynccontextmanager
async def _started(settings: Settings, wanted: Replay, notice: Notice) -> AsyncIterator[Line]:
    with tempfile.TemporaryDirectory(prefix="hearthbeat-replay-") as thrown_away:
        named = wanted.data or settings.up.data
        where = Path(thrown_away) / "data" if wanted.ephemeral else named
        with data_directory.opened(where or state_directory() / "replay") as directory:
            notice(f"Starting a system on {directory.path} …")
            up = msgspec.structs.replace(settings.up, mqtt_port=ports.free())
            plan = Plan(
                settings=msgspec.structs.replace(settings, up=up),
                directory=directory,
                demo=False,
                homes=0,
                speed=1,
                console=False,
            )
            with LogFiles(directory.logs, aloud=notice, everything=False) as logs:
                async with everything.running(plan, lines=logs.line, notice=notice) as system:
                    yield Line(
                        system=System(
                            where=f"the system on {directory.path}",
                            is_demonstration=directory.signins.exists(),
                        ),
                        database=system.database,
                        mqtt=system.mqtt,
                        protocol=everything.protocol(system),
                    )


async def _send(
    homes: Sequence[Home], line: Line, settings: Settings, wanted: Replay, report: rooms.Report
) -> None:
    at = BrokerAddress.from_url(line.mqtt)

    def address(home: Home) -> BrokerAddress:
        if settings.mqtt.url == line.mqtt:
            return replace(at, protocol=line.protocol)
        own = home.credentials
        return replace(at, protocol=line.protocol, username=own.gateway_id, password=own.secret)

    with tempfile.TemporaryDirectory(prefix="hearthbeat-outboxes-") as outboxes:
        await rooms.send_all(
            homes,
            address=address,
            outboxes=Path(outboxes),
            zone=wanted.zone,
            speed=wanted.speed,
            report=report,
        )


async def _stored(conn: Connection, loads: Sequence[DeviceLoad]) -> list[Stored]:
    times = [
        loaded.measurement.device_time
        for load in loads
        for loaded in load.readings
        if loaded.measurement.device_time is not None
    ]
    if not times:
        return []
    rows = await conn.fetch(
        QUERIES["stored"],
        [load.address for load in loads],
        min(times).replace(tzinfo=dt.UTC) - MARGIN,
        max(times).replace(tzinfo=dt.UTC) + MARGIN,
        timeout=120,
    )
    return [_row(dict(row)) for row in rows]


def _row(row: dict[str, object]) -> Stored:
    columns = msgspec.json.decode(str(row.pop("columns")))
    kind = Kind(str(row.pop("kind")))
    special = columns["special"] or {}
    row.pop("special")
    return msgspec.convert(
        {
            **row,
            "kind": kind,
            "special": special,
            "values": {
                metric.name: columns[metric.name]
                for metric in PANELS[kind].metrics
                if columns[metric.name] is not None
            },
        },
        Stored,
        strict=False,
    )
