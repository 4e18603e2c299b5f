"""The messages that every contender gets: believable blood pressures, each one different."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from vitals.identity import reading_id
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality
from wire import topics
from wire.messages import Readings

ZONE: Final = dt.timezone(dt.timedelta(hours=-5))
EVERY: Final = dt.timedelta(minutes=10)
ENCODER: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One gateway with one cuff."""

    number: int

    @property
    def gateway(self) -> str:
        return f"bench-{self.number:05}"

    @property
    def device(self) -> str:
        high, low = divmod(self.number, 256)
        return f"A0:B1:C2:00:{high:02X}:{low:02X}"


def homes(count: int) -> list[Home]:
    return [Home(number=number) for number in range(count)]


def frame(systolic: int, diastolic: int, pulse: int, at: dt.datetime, user: int = 1) -> bytes:
    """A 0x2A35 frame with time stamp, pulse, user and status."""
    return (
        b"\x1e"
        + b"".join(
            value.to_bytes(2, "little")
            for value in (systolic, diastolic, mean(systolic, diastolic))
        )
        + at.year.to_bytes(2, "little")
        + bytes((at.month, at.day, at.hour, at.minute, at.second))
        + pulse.to_bytes(2, "little")
        + bytes((user, 0, 0))
    )


def mean(systolic: int, diastolic: int) -> int:
    """The usual estimate of the mean arterial pressure."""
    return diastolic + (systolic - diastolic) // 3


def reading(home: Home, seq: int, *, first_at: dt.datetime, dice: random.Random) -> Reading:
    """The reading number `seq` of a home; `first_at` is when its number 1 was taken."""
    at = (first_at + EVERY * (seq - 1)).replace(microsecond=0)
    systolic, diastolic, pulse = dice.randint(105, 165), dice.randint(62, 98), dice.randint(52, 96)
    raw = frame(systolic, diastolic, pulse, at)
    digits = at.replace(tzinfo=None)
    return Reading(
        id=reading_id(
            device=home.device,
            kind=Kind.BLOOD_PRESSURE,
            frame=raw,
            device_time=digits,
            sequence=None,
            captured_at=at,
        ),
        device=home.device,
        kind=Kind.BLOOD_PRESSURE,
        measured_at=at,
        time_quality=TimeQuality.DEVICE,
        values={
            "systolic": float(systolic),
            "diastolic": float(diastolic),
            "mean": float(mean(systolic, diastolic)),
            "pulse": float(pulse),
        },
        device_time=digits,
        clock_drift_s=1.5,
        user=1,
        frame=raw.hex(),
        profile="ua651",
        seq=seq,
    )


def readings(count: int, *, of: Sequence[Home], now: dt.datetime, seed: int) -> list[Reading]:
    """`count` readings, the homes taking turns, the newest an hour before `now`."""
    dice = random.Random(seed)
    rounds = -(-count // len(of))
    first_at = (now - dt.timedelta(hours=1) - EVERY * rounds).astimezone(ZONE)
    turns = ((seq, home) for seq in range(1, rounds + 1) for home in of)
    return [
        reading(home, seq, first_at=first_at, dice=dice)
        for seq, home in itertools.islice(turns, count)
    ]


def messages(
    made: Sequence[Reading], *, of: Sequence[Home], each: int, now: dt.datetime
) -> list[tuple[str, bytes]]:
    """(topic, payload) with `each` readings per message, no message mixing homes."""
    return [
        (topics.readings(home.gateway), encode(group, now=now))
        for home, group in _grouped(made, of=of, each=each)
    ]


def encode(group: Sequence[Reading], *, now: dt.datetime) -> bytes:
    """One message of INTERFACES.md."""
    return ENCODER.encode(Readings(v=1, sent_at=now, readings=list(group)))


def _grouped(
    made: Sequence[Reading], *, of: Sequence[Home], each: int
) -> Iterator[tuple[Home, list[Reading]]]:
    by_device = {home.device: home for home in of}
    waiting: dict[str, list[Reading]] = {home.device: [] for home in of}
    for item in made:
        group = waiting[item.device]
        group.append(item)
        if len(group) == each:
            yield by_device[item.device], group
            waiting[item.device] = []
    for device, group in waiting.items():
        if group:
            yield by_device[device], group
