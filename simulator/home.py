"""A household come alive: its devices on a radio, its people measuring as time goes by."""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from simulator import people
from simulator.clock import Now, system_now
from simulator.devices.cuff import Cuff
from simulator.devices.glucose_meter import GlucoseMeter
from simulator.devices.oximeter import Oximeter
from simulator.devices.recorder import Circumstances, Recorder
from simulator.devices.scale import BodyScale, Scale
from simulator.devices.thermometer import Thermometer
from simulator.household import DeviceKind, Household
from simulator.memory import Record
from simulator.radio import VirtualRadio
from simulator.schedule import Act, acts, from_then_on
from vitals.flags import Meal

Told = Callable[[Act, Record], None]
"""Called after each measurement: what was meant, and the frames that the device made of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How people answer when they are asked to measure again: our guess."""

    least_s: float = 75
    most_s: float = 240
    unwilling: float = 0.15
    """Chance that nobody does: out of the house, or tired of it."""


PATIENCE: Final = Patience()
ALARMING_MMHG: Final = 180


class Home:
    """Puts the devices of a household on a radio, and has its people use them."""

    def __init__(
        self,
        household: Household,
        radio: VirtualRadio,
        *,
        zone: dt.tzinfo = dt.UTC,
        now: Now = system_now,
        advertising_interval_ms: float = 250,
        told: Told | None = None,
        patience: Patience = PATIENCE,
    ) -> None:
        """`zone` is where the home is: its devices' clocks and its people's days go by it."""
        self.household = household
        self.radio = radio
        self.measured = 0
        self._zone = zone
        self._now = now
        self._interval_ms = advertising_interval_ms
        self._told = told
        self._devices: dict[str, Recorder] = {}
        self._latest: dict[str, Act] = {}
        """By device: who used it last."""
        self._patience = patience
        self._asked: dict[str, asyncio.Task[None]] = {}

    def device(self, address: str) -> Recorder:
        """One of its devices, once moved in."""
        return self._devices[address]

    async def move_in(self) -> None:
        """Switch the devices on; who lives here knows the passkeys on their displays."""
        for plan in self.household.devices:
            traits = replace(plan.traits, advertising_interval_ms=self._interval_ms)
            self._devices[plan.address] = await self.radio.add(
                _KINDS[plan.kind](
                    address=plan.address,
                    traits=traits,
                    faults=plan.faults,
                    zone=self._zone,
                    now=self._now,
                )
            )
            if plan.passkey is not None:
                self.radio.passkeys[plan.address] = plan.passkey

    async def remember(self, *, days: int) -> int:
        """Have the past days already measured and stored, for the gateway to collect; how many."""
        now = self._now().astimezone(self._zone).replace(tzinfo=None)
        past = [
            act
            for back in range(days, -1, -1)
            for act in acts(self.household, now.date() - dt.timedelta(days=back))
            if act.at < now
        ]
        repeats = (self._of_own_accord(act) for act in past)
        past += [act for act in repeats if act is not None and act.at < now]
        for act in sorted(past, key=lambda act: act.at):
            await self.perform(act, at=act.at.replace(tzinfo=self._zone))
        return len(past)

    async def live(
        self,
        *,
        speed: float = 1,
        start: dt.datetime | None = None,
        longest_wait_s: float | None = None,
    ) -> None:
        """Measure as the days go by, until cancelled.

        The people's day, which begins at `start` (naive local time, now if not given), runs `speed`
        times as fast as the clock; each measurement happens, for the device, when it happens. Hours
        in which nobody measures are cut short where they would take longer than `longest_wait_s`.
        """
        loop = asyncio.get_running_loop()
        seen = start or self._now().astimezone(self._zone).replace(tzinfo=None)
        due_s = loop.time()
        for act in from_then_on(self.household, seen):
            wait_s = (act.at - seen).total_seconds() / speed
            due_s += wait_s if longest_wait_s is None else min(wait_s, longest_wait_s)
            seen = act.at
            await asyncio.sleep(max(0.0, due_s - loop.time()))
            await self.perform(act, at=self._now())

    def ask_again(self, address: str, *, until: dt.datetime) -> None:
        """The hub asks to measure again: after some minutes whoever used the device last does, or
        not, as people are. Asked for the same again, they have heard.
        """
        key = f"{address} {until.isoformat()}"
        act = self._latest.get(address)
        if act is None or key in self._asked:
            return
        chance = Random(f"{self.household.seed} again {key}")  # noqa: S311 - not for secrets
        if chance.random() < self._patience.unwilling:
            return
        wait_s = chance.uniform(self._patience.least_s, self._patience.most_s)
        self._asked[key] = asyncio.create_task(self._measure_again(act, wait_s=wait_s))

    def _of_own_accord(self, act: Act) -> Act | None:
        """Who sees 180 on the display measures again, without being asked; not everybody does."""
        if act.device.kind != DeviceKind.CUFF:
            return None
        chance = Random(f"{self.household.seed} unasked {act.person.key} {act.at}")  # noqa: S311 - as above
        wait_s = chance.uniform(self._patience.least_s, self._patience.most_s)
        willing = chance.random() >= self._patience.unwilling
        if not willing or people.blood_pressure(act.person, act.at).systolic < ALARMING_MMHG:
            return None
        return replace(act, at=act.at + dt.timedelta(seconds=wait_s), first_at=act.at)

    async def rest(self) -> None:
        """Nobody measures again any more."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    async def _measure_again(self, act: Act, *, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        again = replace(act, at=act.at + dt.timedelta(seconds=wait_s), first_at=act.at)
        await self.perform(again, at=self._now())

    async def perform(self, act: Act, *, at: dt.datetime) -> None:
        circumstances: Circumstances = {"at": at}
        if act.slot:
            circumstances["user"] = act.slot
        device = self._devices[act.device.address]
        record = await _measure(device, act, circumstances)
        self.measured += 1
        self._latest[act.device.address] = act
        if self._told is not None:
            self._told(act, record)


def _pressure(act: Act) -> people.Pressure:
    """What the cuff finds; a repeat follows from what it found first."""
    if act.first_at is None:
        return people.blood_pressure(act.person, act.at)
    first = people.blood_pressure(act.person, act.first_at)
    return people.pressure_again(act.person, first, act.at)


async def _measure(device: Recorder, act: Act, circumstances: Circumstances) -> Record:
    person, at = act.person, act.at
    match device:
        case Cuff():
            found = _pressure(act)
            circumstances["flags"] = found.flags
            return await device.measure(
                systolic=found.systolic,
                diastolic=found.diastolic,
                mean=found.mean,
                pulse=found.pulse,
                **circumstances,
            )
        case BodyScale():
            return await device.measure_body(
                weight=people.weight(person, at),
                composition={"body_fat": people.body_fat(person, at)},
                **circumstances,
            )
        case Scale():
            return await device.measure(weight=people.weight(person, at), **circumstances)
        case GlucoseMeter():
            meal = act.meal or Meal.CASUAL
            mg_per_dl = people.glucose(person, at, meal)
            return await device.measure(glucose=mg_per_dl, context={"meal": meal}, **circumstances)
        case Oximeter():
            spo2, pulse = people.saturation(person, at)
            return await device.measure(spo2=spo2, pulse=pulse, **circumstances)
        case Thermometer():
            celsius = people.temperature(person, at)
            return await device.measure(temperature=celsius, site="ear", **circumstances)
        case _:
            raise TypeError(f"nobody measures with {type(device).__name__}")


_KINDS: Final[dict[DeviceKind, type[Recorder]]] = {
    DeviceKind.CUFF: Cuff,
    DeviceKind.SCALE: Scale,
    DeviceKind.BODY_SCALE: BodyScale,
    DeviceKind.GLUCOSE_METER: GlucoseMeter,
    DeviceKind.OXIMETER: Oximeter,
    DeviceKind.THERMOMETER: Thermometer,
}
