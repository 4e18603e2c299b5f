"""Months of believable measurements of one person, day by day. Pure and seeded.

A day's acts depend on the person and the day only: what was made up to some day stays as it is when
more days follow.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from simulator import history_body as body
from simulator.history_chance import luck, measures
from simulator.history_events import events
from simulator.people_cast import Character
from simulator.people_stories import Tale
from vitals.flags import Flag, Meal, Special
from vitals.kinds import Kind

EVENING_LEFT_OUT: Final = 0.12
MOVED: Final = 0.01
"""So often the cuff says that the arm moved."""
AFTER_MEAL: Final = 0.35
TEMPERATURE_EVERY: Final = 3
"""Days, of those whose plan does not ask for it daily."""
PRESSURE_DAYS: Final = frozenset({2, 6})
"""Wednesday and Sunday, of those whose plan does not ask for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act of measurement."""

    kind: Kind
    at: dt.datetime
    """With the offset that the home had then."""
    values: dict[str, float]
    flags: tuple[str, ...] = ()
    special: dict[str, Special] = field(default_factory=dict)
    meal: Meal | None = None
    drift_s: float = 0.0
    """By how much the device's clock is wrong."""
    whose: str = "own"
    """`own`; `stranger`: somebody else used the device; `neighbour`: nobody's device."""


def anchor_day(anchor: dt.datetime, zone: str) -> dt.date:
    """Day 0 of somebody who lives there."""
    return anchor.astimezone(ZoneInfo(zone)).date()


def history(character: Character, *, anchor: dt.datetime, first: int, last: int) -> Iterator[Act]:
    """All that is measured on the days from `first` to `last`, in order of time."""
    for day in range(max(first, character.enrolled), last + 1):
        yield from day_of(character, anchor=anchor, day=day)


def day_of(character: Character, *, anchor: dt.datetime, day: int) -> list[Act]:
    """One day, in order of time."""
    date = anchor_day(anchor, character.zone) + dt.timedelta(days=day)
    acts: list[Act] = []
    if measures(character, day, date):
        for kind in character.kinds:
            acts += _ORDINARY[kind](character, day, date)
    acts += [
        Act(
            kind=event.kind, at=_local(event.at, date, character.zone, anchor), values=event.values,
            flags=event.flags, special=event.special, meal=event.meal, whose=event.whose,
        )
        for event in events(character, day)
    ]  # fmt: skip
    wrong = next((s.size for s in body.running(character, Tale.CLOCK, day)), 0.0)
    return sorted((_clocked(act, wrong) for act in acts), key=lambda act: act.at)


def _clocked(act: Act, wrong: float) -> Act:
    if not wrong or act.kind is not Kind.BLOOD_PRESSURE:
        return act
    return Act(
        kind=act.kind, at=act.at, values=act.values, flags=act.flags, special=act.special,
        meal=act.meal, drift_s=wrong, whose=act.whose,
    )  # fmt: skip


def _local(at: float, date: dt.date, zone: str, anchor: dt.datetime) -> dt.datetime:
    """Seconds after local midnight; negative: before the anchor."""
    if at < 0:
        return (anchor + dt.timedelta(seconds=round(at))).astimezone(ZoneInfo(zone))
    return moment(date, at, zone)


def moment(date: dt.date, seconds: float, zone: str) -> dt.datetime:
    """By the wall clock; in the hour that spring leaves out, an hour later."""
    naive = dt.datetime.combine(date, dt.time()) + dt.timedelta(seconds=round(seconds))
    there = naive.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
    return there.astimezone(ZoneInfo(zone))


def _session(character: Character, day: int, slot: str) -> tuple[float, np.random.Generator] | None:
    """When it begins, in seconds of the day, and the luck of it; None where it is left out."""
    chance = luck(character.key, day, slot)
    is_morning = slot.startswith("morning")
    middle, spread, latest = _MORNING if is_morning else _EVENING
    usual = middle + 0.5 * float(luck(character.key, slot).normal())
    at = min(max(usual + float(chance.normal()) * spread, _EARLIEST), latest)
    if not is_morning and chance.random() < EVENING_LEFT_OUT:
        return None
    return at * 3600, chance


def _pressures(character: Character, day: int, date: dt.date) -> Iterator[Act]:
    if character.programme == "diabetes-type-2" and date.weekday() not in PRESSURE_DAYS:
        return
    twice = character.programme == "hypertension-us"
    morning_only = character.programme in {"heart-failure", "diabetes-type-2"}
    for slot in ("morning",) if morning_only else ("morning", "evening"):
        session = _session(character, day, slot)
        if session is None:
            continue
        begins, chance = session
        begins += 240  # After the scale, and five minutes of rest.
        ours = float(chance.normal()) * 4.0
        for number in range(2 if twice else 1):
            at = moment(date, begins + number * float(chance.uniform(70, 110)), character.zone)
            yield _pressure(character, day, at, ours - number * 1.5, chance)


def _pressure(
    character: Character, day: int, at: dt.datetime, ours: float, chance: np.random.Generator
) -> Act:
    high = body.systolic(character, day, at) + ours + float(chance.normal()) * 2.5
    low = body.diastolic(character, day, at) + 0.5 * ours + float(chance.normal()) * 1.8
    beat = body.pulse(character, day, at) + float(chance.normal()) * 2.5
    flags: list[str] = []
    if any(True for _ in body.running(character, Tale.IRREGULAR, day)):
        flags.append(Flag.IRREGULAR_PULSE)
    if chance.random() < MOVED:
        flags.append(Flag.BODY_MOVEMENT)
    return Act(
        kind=Kind.BLOOD_PRESSURE, at=at, values=pressure(high, low, beat), flags=tuple(flags)
    )


def pressure(high: float, low: float, beat: float) -> dict[str, float]:
    """Whole numbers, as a cuff shows them."""
    systolic = round(high)
    diastolic = min(round(low), systolic - 22)
    return {
        "systolic": float(systolic),
        "diastolic": float(diastolic),
        "mean": float(round(diastolic + (systolic - diastolic) / 3)),
        "pulse": float(round(min(max(beat, 46), 128))),
    }


def _weights(character: Character, day: int, date: dt.date) -> Iterator[Act]:
    session = _session(character, day, "morning")
    if session is not None:
        at = moment(date, session[0], character.zone)
        kg = body.weight(character, day) + float(luck(character.key, day, "kg").normal()) * 0.16
        yield Act(kind=Kind.WEIGHT, at=at, values={"weight": round(kg * 20) / 20})


def _sugars(character: Character, day: int, date: dt.date) -> Iterator[Act]:
    chance = luck(character.key, day, "glucose")
    wanted = [("morning glucose", 0.0, Meal.FASTING), ("evening glucose", -3600.0, Meal.BEFORE)]
    if chance.random() < AFTER_MEAL:
        wanted.append(("evening glucose", 4200.0, Meal.AFTER))
    for slot, later, meal in wanted:
        session = _session(character, day, slot)
        if session is None:
            continue
        spread = 26.0 if meal is Meal.AFTER else 14.0
        found = body.glucose(character, day, meal) + float(chance.normal()) * spread
        at = moment(date, min(session[0] + later, 86_000), character.zone)
        values = {"glucose": float(round(min(max(found, 74), 580)))}
        yield Act(kind=Kind.GLUCOSE, at=at, values=values, meal=meal)


def _saturations(character: Character, day: int, date: dt.date) -> Iterator[Act]:
    for slot in ("morning", "evening"):
        session = _session(character, day, f"{slot} oximetry")
        if session is None:
            continue
        begins, chance = session
        found = body.saturation(character, day) + float(chance.normal()) * 0.7
        spo2 = round(min(max(found, 72), 100))
        for number in range(2 if spo2 <= 87 else 1):  # noqa: PLR2004 - A low one is looked at again.
            at = moment(date, begins + number * float(chance.uniform(100, 160)), character.zone)
            beat = body.pulse(character, day, at) + max(0, 91 - spo2) * 1.5
            again = min(spo2 + int(chance.integers(0, 2)) * number, 100)
            yield Act(kind=Kind.OXIMETRY, at=at, values=oximetry(again, beat))


def oximetry(spo2: float, beat: float) -> dict[str, float]:
    return {"spo2": float(spo2), "pulse": float(round(min(max(beat, 48), 126)))}


def _temperatures(character: Character, day: int, date: dt.date) -> Iterator[Act]:
    ill = any(True for _ in body.running(character, Tale.FEVER, day))
    if character.programme == "copd" and day % TEMPERATURE_EVERY and not ill:
        return
    session = _session(character, day, "morning temperature")
    if session is not None:
        at = moment(date, session[0] + 60, character.zone)
        found = body.temperature(character, day, at) + float(session[1].normal()) * 0.12
        yield Act(kind=Kind.TEMPERATURE, at=at, values={"temperature": round(found, 1)})


_MORNING: Final = (7.3, 0.55, 11.6)
_EVENING: Final = (19.0, 0.8, 23.2)
"""The hour at which most measure, its spread, and the latest."""
_EARLIEST: Final = 5.1

_ORDINARY: Final = {
    Kind.BLOOD_PRESSURE: _pressures,
    Kind.WEIGHT: _weights,
    Kind.GLUCOSE: _sugars,
    Kind.OXIMETRY: _saturations,
    Kind.TEMPERATURE: _temperatures,
}
