"""Simulated homes: in each, devices on a radio, people who use them, and the real gateway."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from gateway.hub import Hub
from gateway.settings import GatewaySettings, RadioRules
from hearthbeat.demo.homes_plan import HomePlan, HomesPlan
from hearthbeat.version import VERSION
from simulator.home import Home
from simulator.household import household
from simulator.radio import VirtualRadio
from wire.address import BrokerAddress

REMEMBERED_DAYS: Final = 2
"""At their first start the devices hold so many days: there is something to see at once."""
MOVED_IN: Final = "moved-in"

log = structlog.get_logger()


async def live(plan: HomesPlan, *, speed: float, stop: asyncio.Event) -> None:
    """All homes, until `stop` is set."""
    async with asyncio.TaskGroup() as group:
        for home in plan.homes:
            group.create_task(_live(plan, home, speed=speed, stop=stop))
    log.info("homes have stopped", homes=len(plan.homes))


async def _live(plan: HomesPlan, home: HomePlan, *, speed: float, stop: asyncio.Event) -> None:
    directory = Path(plan.directory) / home.gateway
    zone = ZoneInfo(home.time_zone)
    async with VirtualRadio() as radio:
        people = Home(household(plan.seed, home.number), radio, zone=zone)
        await people.move_in()
        if _first_time(directory):
            await people.remember(days=REMEMBERED_DAYS)
        living = asyncio.create_task(people.live(speed=speed))
        try:
            await Hub(_settings(plan, home, directory, radio)).run(stop)
        finally:
            living.cancel()
            await asyncio.wait([living])


def _first_time(directory: Path) -> bool:
    """Once for each data directory: the same past twice would be twice in the meters' memory."""
    directory.mkdir(mode=0o700, exist_ok=True)
    marker = directory / MOVED_IN
    first = not marker.exists()
    marker.touch(mode=0o600)
    return first


def _settings(
    plan: HomesPlan, home: HomePlan, directory: Path, radio: VirtualRadio
) -> GatewaySettings:
    address = BrokerAddress.from_url(plan.mqtt, protocol=plan.protocol)
    return GatewaySettings(
        gateway_id=home.gateway,
        data_dir=directory,
        mqtt=replace(address, username=home.gateway, password=home.secret),
        allow_plain_mqtt=True,
        time_zone=home.time_zone,
        scanner_backend=radio.scanner_class(),
        client_backend=radio.client_class(),
        # In a house with three devices, all silent for hours, silence is no sign of trouble.
        radio=RadioRules(exit_when_silent=False),
        version=VERSION,
    )
