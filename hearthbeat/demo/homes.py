"""Simulated homes: in each, devices on a radio, people who use them, and the real gateway."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from gateway.hub import Hub
from gateway.prompt import HomePrompt, Prompt
from gateway.settings import GatewaySettings, RadioRules, utc_now
from hearthbeat.demo.homes_plan import HomePlan, HomesPlan
from hearthbeat.version import VERSION
from simulator.home import Home
from simulator.household import household
from simulator.memory import Record
from simulator.radio import VirtualRadio
from simulator.schedule import Act
from wire.address import BrokerAddress
from wire.messages import MeasureAgain

REMEMBERED_DAYS: Final = 2
"""At their first start the devices hold so many days: there is something to see at once."""
MOVED_IN: Final = "moved-in"
"""The file in a home's directory that says how far its people have got in their days."""
LONGEST_WAIT_S: Final = 20.0
"""Where days pass faster than life, nobody wants to watch the nights: there is always something
to see, at the second start too, when no past waits on the devices any more."""
MOMENT: Final = dt.timedelta(seconds=1)
NEVER: Final = float("inf")

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
    days = Days(directory)
    async with VirtualRadio() as radio:
        people = Home(household(plan.seed, home.number), radio, zone=zone, told=days.told)
        await people.move_in()
        if days.first_time:
            await people.remember(days=REMEMBERED_DAYS)
        # At the speed of life, seven in the morning is seven in the morning.
        fast = speed > 1
        living = asyncio.create_task(
            people.live(
                speed=speed,
                start=days.start(utc_now().astimezone(zone)) if fast else None,
                longest_wait_s=LONGEST_WAIT_S if fast else None,
            )
        )
        try:
            settings = _settings(plan, home, directory, radio)
            await Hub(settings, prompt=Heard(people, HomePrompt(directory))).run(stop)
        finally:
            living.cancel()
            await asyncio.wait([living])
            await people.rest()


class Heard:
    """The prompt of a simulated home: shown as anywhere, and the people hear of it."""

    def __init__(self, people: Home, shown: Prompt) -> None:
        self._people = people
        self._shown = shown

    async def show(self, requests: Sequence[MeasureAgain]) -> None:
        await self._shown.show(requests)
        for each in requests:
            self._people.ask_again(each.device, until=each.until)


class Days:
    """How far the people of a home have got, kept from one start to the next.

    Fast days run ahead of the calendar. A later start goes on from there: the same past twice would
    be twice in the meters' memory, and the same morning twice is no life.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, exist_ok=True)
        self._file = directory / MOVED_IN
        self.first_time = not self._file.exists()
        self._until = self._read()

    def start(self, now: dt.datetime) -> dt.datetime:
        """When the people's day begins: after what they have measured, and not before now."""
        here = now.replace(tzinfo=None)
        return here if self._until is None else max(here, self._until + MOMENT)

    def told(self, act: Act, _: Record) -> None:
        """Remember that this was measured."""
        self._until = act.at if self._until is None else max(self._until, act.at)
        with suppress(OSError):  # A full disk must not keep people from measuring.
            self._file.write_text(self._until.isoformat(), encoding="utf-8")

    def _read(self) -> dt.datetime | None:
        try:
            return dt.datetime.fromisoformat(self._file.read_text(encoding="utf-8")).replace(
                tzinfo=None
            )
        except (OSError, ValueError):  # None yet, or of a version that did not write it.
            return None


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
        radio=RadioRules(exit_when_silent=False, silence_restart_s=NEVER, silence_reset_s=NEVER),
        version=VERSION,
    )
