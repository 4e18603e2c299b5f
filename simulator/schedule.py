"""When the people of a household measure what. Pure: the same household keeps the same days."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from simulator.household import DeviceKind, DevicePlan, Household
from simulator.people import Person
from vitals.flags import Meal


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One person measures once."""

    at: dt.datetime
    """The home's local time, naive."""
    device: DevicePlan
    person: Person
    slot: int
    """0 where the device has one user and sends no slot."""
    meal: Meal | None = None
    """For glucose."""
    first_at: dt.datetime | None = None
    """Where it repeats a measurement that the home was asked to repeat: when that one was."""


def acts(household: Household, day: dt.date) -> tuple[Act, ...]:
    """All of one day, in order. Now and then one is forgotten."""
    people = {person.key: person for person in household.people}
    found = [
        act
        for device in household.devices
        for slot, key in device.slots.items()
        for act in _of_one(household.seed, day, device, people[key], slot)
    ]
    return tuple(sorted(found, key=lambda act: (act.at, act.device.address, act.slot)))


def from_then_on(household: Household, start: dt.datetime) -> Iterator[Act]:
    """Every act from a local time on, without end."""
    day = start.date()
    while True:
        yield from (act for act in acts(household, day) if act.at >= start)
        day += dt.timedelta(days=1)


def _of_one(
    seed: int, day: dt.date, device: DevicePlan, person: Person, slot: int
) -> Iterator[Act]:
    for time, meal in _TIMES[device.kind]:
        chance = Random(f"{seed} {person.key} {device.kind} {day} {time}")  # noqa: S311 - as above
        if chance.random() < _FORGOTTEN_CHANCE:
            continue
        late = dt.timedelta(seconds=round(chance.uniform(0, _LATE_MAX_S)) + 240 * slot)
        at = dt.datetime.combine(day, time) + late
        yield Act(at=at, device=device, person=person, slot=slot, meal=meal)


_FORGOTTEN_CHANCE: Final = 0.06
_LATE_MAX_S: Final = 1500
_Times = tuple[tuple[dt.time, Meal | None], ...]
_MORNING: Final = dt.time(7, 0)
_TIMES: Final[dict[DeviceKind, _Times]] = {
    DeviceKind.CUFF: ((dt.time(7, 10), None), (dt.time(19, 0), None)),
    DeviceKind.SCALE: ((_MORNING, None),),
    DeviceKind.BODY_SCALE: ((_MORNING, None),),
    DeviceKind.GLUCOSE_METER: (
        (dt.time(7, 20), Meal.FASTING),
        (dt.time(12, 0), Meal.BEFORE),
        (dt.time(14, 10), Meal.AFTER),
        (dt.time(21, 30), Meal.BEDTIME),
    ),
    DeviceKind.OXIMETER: ((dt.time(7, 30), None), (dt.time(16, 0), None)),
    DeviceKind.THERMOMETER: ((dt.time(7, 40), None),),
}
