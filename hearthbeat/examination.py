"""Goes and looks, for `doctor`: at this machine, the database, the broker."""

import asyncio
import datetime as dt
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hearthbeat import checks
from hearthbeat.checks import Check, good, note, trouble
from hearthbeat.embedded import binaries, mosquitto
from hearthbeat.errors import HearthbeatError
from hearthbeat.finding import running_here
from hearthbeat.ports import taken
from hearthbeat.running import all_running
from hearthbeat.settings import Settings, state_directory
from hearthbeat.settings_check import doubts

BLUETOOTH: Final = Path("/sys/class/bluetooth")
ANSWER_WITHIN_S: Final = 3.0


async def examine(settings: Settings, *, data: Path | None, now: dt.datetime) -> list[Check]:
    """Everything; what hangs on something that is in trouble is left out."""
    data, which = _which(settings, data)
    return [
        *which,
        checks.python(sys.version_info[:3]),
        _settings(settings),
        _disk(_existing(settings, data)),
        _postgres(settings),
        # `up` has a key of its own beside the database that it brings.
        checks.second_factors(
            sealed=settings.database.url is None or settings.console.secret_key is not None
        ),
        checks.brokers(mosquitto.find(), amqtt=find_spec("amqtt") is not None),
        checks.bluetooth(_adapters(), bleak=find_spec("bleak") is not None),
        *await _clinic(settings, data, now),
        *await _broker(settings, data),
    ]


def _which(settings: Settings, data: Path | None) -> tuple[Path | None, list[Check]]:
    """The directory that all that follows is about; where that was a choice, it is said."""
    named = data or settings.up.data
    if named is not None or settings.database.url is not None:
        return named if settings.database.url is None else data, []
    found = all_running(state_directory())
    if len(found) < 2:  # noqa: PLR2004 - Several.
        return None, []
    latest = Path(found[0].data)
    others = ", ".join(ready.data for ready in found[1:])
    said = f"{len(found)} `hearthbeat up` run here; this is about the latest, {latest}"
    return latest, [note("system", said, f"--data or HB_UP_DATA names another: {others}")]


async def _clinic(settings: Settings, data: Path | None, now: dt.datetime) -> list[Check]:
    if find_spec("asyncpg") is None:
        return [note("database", "this installation has no clinic part", "hearthbeat[server]")]
    # A gateway's installation has no database driver to import.
    from hearthbeat.examined_database import examine_database  # noqa: PLC0415

    return await examine_database(settings, data=data, now=now)


def _settings(settings: Settings) -> Check:
    try:
        found = list(doubts(settings))
    except HearthbeatError as error:
        return trouble(
            "settings", str(error), "put it right; `hearthbeat config check` agrees then"
        )
    return note("settings", "; ".join(found)) if found else good("settings", "can be used")


def _postgres(settings: Settings) -> Check:
    if settings.database.url is not None:
        return good("PostgreSQL", "a database is named; none is embedded")
    found = [f"{'embedded ' if one.embedded else ''}{one.major}" for one in binaries.find()]
    if not found:
        return trouble(
            "PostgreSQL",
            "no binaries for `hearthbeat up`",
            "pip install hearthbeat[demo], or name a database: HB_DATABASE_URL",
        )
    return good("PostgreSQL", "binaries for `hearthbeat up`: " + ", ".join(found))


def _disk(path: Path) -> Check:
    return checks.disk(str(path), shutil.disk_usage(path).free)


def _existing(settings: Settings, data: Path | None) -> Path:
    """The data directory, or the nearest directory above it that is there."""
    ready = running_here(settings, data)
    wanted = Path(ready.data) if ready else data or state_directory()
    return next(path for path in (wanted, *wanted.absolute().parents) if path.exists())


def _adapters() -> list[str]:
    return sorted(path.name for path in BLUETOOTH.iterdir()) if BLUETOOTH.is_dir() else []


async def _broker(settings: Settings, data: Path | None) -> list[Check]:
    ready = running_here(settings, data)
    if settings.mqtt.url is not None:
        line = urlsplit(settings.mqtt.url)
        host, port = line.hostname or "", line.port or (8883 if line.scheme == "mqtts" else 1883)
    elif ready is not None:
        host, port = ready.mqtt.host, ready.mqtt.port
    else:
        return [
            _own_port("broker", settings.up.mqtt_port, "--mqtt-port"),
            _own_port("console", settings.console.port, "--port"),
        ]
    try:
        async with asyncio.timeout(ANSWER_WITHIN_S):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError) as error:
        return [trouble("broker", f"{host}:{port} does not answer: {error}", "start it")]
    writer.close()
    return [good("broker", f"{host}:{port} answers")]


def _own_port(about: str, port: int, option: str) -> Check:
    trouble_ = taken(port) if port else None
    if trouble_ is None:
        return good(f"{about} port", f"{port} is free")
    return note(f"{about} port", trouble_, f"`hearthbeat up` takes another; {option} chooses")
