"""Seeded households: who lives there, which devices they have, who stands in which slot. Pure.

The same seed gives the same people, addresses and faults on every machine, so that a demonstration
clinic can be made beforehand: `households(7, count=20)` tells the front door what to enrol.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Final

from simulator.bonding import Bonding
from simulator.faults import ClockFaults, Faults
from simulator.people import Person, Trouble
from simulator.traits import Traits, traits_of


class DeviceKind(StrEnum):
    """What stands in the cupboard."""

    CUFF = "cuff"
    SCALE = "scale"
    BODY_SCALE = "body_scale"
    GLUCOSE_METER = "glucose_meter"
    OXIMETER = "oximeter"
    THERMOMETER = "thermometer"


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePlan:
    """One device and its users."""

    address: str
    kind: DeviceKind
    profile: str
    """Name of its profile in device_profiles.catalog."""
    label: str
    """For people: `Blood pressure cuff`."""
    serial: str
    slots: dict[int, str]
    """User slot to Person.key. One user: the device sends no slot, and the key stands under 0."""
    faults: Faults

    @property
    def traits(self) -> Traits:
        return traits_of(self.profile, serial=self.serial, passkey=_passkey(self.serial))

    @property
    def name(self) -> str:
        """As advertised."""
        return self.traits.name

    @property
    def passkey(self) -> int | None:
        """What it shows when it is paired, where it has a passkey at all."""
        return self.traits.passkey if self.traits.bonding == Bonding.PASSKEY else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """One or two people, their devices, their gateway."""

    gateway: str
    """Id of the hub: `home-0001`."""
    seed: int
    people: tuple[Person, ...]
    devices: tuple[DevicePlan, ...]


def households(seed: int, *, count: int, faulty: bool = True) -> tuple[Household, ...]:
    """So many homes. `faulty`: some devices go wrong in ordinary ways; else none does."""
    return tuple(household(seed, number, faulty=faulty) for number in range(1, count + 1))


def household(seed: int, number: int, *, faulty: bool = True) -> Household:
    """Home `number`, from 1 to 65535. Troubles come in turns, so that few homes show them all."""
    chance = Random(f"household {seed} {number}")  # noqa: S311 - not for secrets
    gateway = f"home-{number:04}"
    trouble = _TROUBLES[(number - 1) % len(_TROUBLES)]
    people = [_person(chance, f"{gateway}-p1", trouble)]
    if chance.random() < _COUPLE_CHANCE or number == 1:
        people.append(_person(chance, f"{gateway}-p2", Trouble.NONE, partner_of=people[0]))
    plans = [
        _plan(chance, kind, profile, people)
        for kind, profile in _CUPBOARDS[trouble]
        if kind in _SHARED or people[0].trouble != Trouble.NONE
    ]
    devices = tuple(
        replace(
            plan,
            address=_address(seed, number, position),
            faults=_ordinary_fault(chance) if faulty else Faults(),
        )
        for position, plan in enumerate(plans)
    )
    return Household(gateway=gateway, seed=seed, people=tuple(people), devices=devices)


def birth_date(person: Person, *, today: dt.date) -> dt.date:
    """A date of birth that fits the age, the same for the same person."""
    days = int.from_bytes(hashlib.sha256(person.key.encode()).digest()[:2], "big") % 365
    return today - dt.timedelta(days=person.age_years * 365.2425 + days)


def _person(
    chance: Random, key: str, trouble: Trouble, *, partner_of: Person | None = None
) -> Person:
    sex = chance.choice(("female", "male"))
    if partner_of is not None:
        sex = "male" if partner_of.sex == "female" else "female"
    height = chance.gauss(164 if sex == "female" else 177, 6)
    high = trouble == Trouble.HYPERTENSION
    return Person(
        key=key,
        sex=sex,
        age_years=chance.randint(52, 86),
        height_cm=round(height),
        weight_kg=round(chance.gauss(27, 3) * (height / 100) ** 2, 1),
        systolic=chance.gauss(152 if high else 126, 6),
        diastolic=chance.gauss(92 if high else 77, 4),
        pulse=chance.gauss(70, 6),
        trouble=trouble,
    )


def _plan(chance: Random, kind: DeviceKind, profile: str, people: list[Person]) -> DevicePlan:
    users = people if kind in _SHARED else people[:1]
    first = 1 if len(users) > 1 else 0
    return DevicePlan(
        address="",
        kind=kind,
        profile=profile,
        label=_LABELS[kind],
        serial=f"{chance.randrange(1_000_000):06}",
        slots={slot: person.key for slot, person in enumerate(users, start=first)},
        faults=Faults(),
    )


def _ordinary_fault(chance: Random) -> Faults:
    (fault,) = chance.choices(_FAULTS, weights=[weight for weight, _ in _FAULTS])
    return fault[1]


def _address(seed: int, number: int, position: int) -> str:
    house = hashlib.sha256(f"{seed}".encode()).digest()[:2]
    octets = (0xA0, *house, number >> 8, number & 0xFF, position)
    return ":".join(f"{octet:02X}" for octet in octets)


def _passkey(serial: str) -> int:
    return int(serial) % 900_000 + 100_000


_COUPLE_CHANCE: Final = 0.45
_SHARED: Final = frozenset({DeviceKind.CUFF, DeviceKind.SCALE, DeviceKind.BODY_SCALE})
_TROUBLES: Final = (
    Trouble.HEART_FAILURE,
    Trouble.HYPERTENSION,
    Trouble.DIABETES,
    Trouble.COPD,
    Trouble.NONE,
    Trouble.ARRHYTHMIA,
)
_CUPBOARDS: Final[dict[Trouble, tuple[tuple[DeviceKind, str], ...]]] = {
    Trouble.NONE: ((DeviceKind.CUFF, "omron-standard"), (DeviceKind.BODY_SCALE, "generic")),
    Trouble.HYPERTENSION: (
        (DeviceKind.CUFF, "and-ua-651ble"),
        (DeviceKind.SCALE, "and-uc-352ble"),
    ),
    Trouble.HEART_FAILURE: (
        (DeviceKind.CUFF, "and-ua-651ble"),
        (DeviceKind.SCALE, "and-uc-352ble"),
        (DeviceKind.OXIMETER, "nonin-3230"),
    ),
    Trouble.DIABETES: (
        (DeviceKind.GLUCOSE_METER, "accu-chek-guide"),
        (DeviceKind.CUFF, "beurer-bm85"),
        (DeviceKind.BODY_SCALE, "generic"),
    ),
    Trouble.COPD: (
        (DeviceKind.OXIMETER, "nonin-3230"),
        (DeviceKind.THERMOMETER, "generic"),
        (DeviceKind.CUFF, "omron-standard"),
    ),
    Trouble.ARRHYTHMIA: (
        (DeviceKind.CUFF, "omron-standard"),
        (DeviceKind.GLUCOSE_METER, "contour-next-one"),
    ),
}
_LABELS: Final = {
    DeviceKind.CUFF: "Blood pressure cuff",
    DeviceKind.SCALE: "Scale",
    DeviceKind.BODY_SCALE: "Body composition scale",
    DeviceKind.GLUCOSE_METER: "Glucose meter",
    DeviceKind.OXIMETER: "Pulse oximeter",
    DeviceKind.THERMOMETER: "Thermometer",
}
_FAULTS: Final = (
    (70, Faults()),
    (8, Faults(clock=ClockFaults(offset_s=-3600))),  # Nobody put it forward in spring.
    (6, Faults(clock=ClockFaults(offset_s=140))),
    (4, Faults(clock=ClockFaults(shows_utc=True))),
    (4, Faults(clock=ClockFaults(unset_year=2010))),  # New batteries.
    (4, Faults(send_twice=True)),
    (4, Faults(drop_link_after_frames=1, drop_link_times=3)),
)
"""Weights, of a hundred devices in real homes: our guess, no statistics."""
