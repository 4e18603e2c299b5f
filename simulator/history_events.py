"""Single moments of the stories: a crisis, a night's low, somebody else on the scale. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from simulator.history_chance import luck
from simulator.people_cast import Character
from simulator.people_stories import Story, Tale
from vitals.flags import Flag, Meal, Special
from vitals.kinds import Kind

MINUTE: Final = 60.0
HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One measurement of a story."""

    kind: Kind
    at: float
    """Seconds after local midnight; negative: before the anchor."""
    values: dict[str, float]
    flags: tuple[str, ...] = ()
    special: dict[str, Special] = field(default_factory=dict)
    meal: Meal | None = None
    whose: str = "own"


def events(character: Character, day: int) -> Iterator[Event]:
    """Of the stories that happen on this day."""
    for story in character.stories:
        tell = _TOLD.get(story.tale)
        if tell is not None and story.day == day and day >= character.enrolled:
            yield from tell(character, story)


def _at(character: Character, story: Story, hour: float) -> float:
    """Some minutes about the hour, or before the anchor."""
    if story.minutes is not None:
        return -story.minutes * MINUTE
    return hour * HOUR + float(luck(character.key, story.day, story.tale).uniform(-15, 15)) * MINUTE


def _crisis(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 9.6)
    low, beat = story.size * 0.4 + 38, character.person.pulse + 14
    yield _pressure(begins, story.size, low, beat)
    yield _pressure(begins + 150, story.size - 3, low - 1, beat - 2)


def _startled(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 10.2)
    person = character.person
    yield _pressure(begins, story.size, story.size * 0.4 + 28, person.pulse + 16)
    yield _pressure(begins + 420, person.systolic + 4, person.diastolic + 3, person.pulse + 4)


def _faint(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 8.9)
    beat = character.person.pulse + 12
    yield _pressure(begins, story.size, story.size - 34, beat)
    yield _pressure(begins + 200, story.size + 2, story.size - 33, beat - 3)


def _moved(character: Character, story: Story) -> Iterator[Event]:
    """The lower number above the higher one: no arm has that."""
    values = {"systolic": 81.0, "diastolic": 97.0, "pulse": 70.0}
    begins = _at(character, story, 9.9)
    yield Event(kind=Kind.BLOOD_PRESSURE, at=begins, values=values, flags=(Flag.BODY_MOVEMENT,))


def _low_night(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 3.2)
    yield _sugar(begins, story.size, Meal.CASUAL)
    yield _sugar(begins + 17 * MINUTE, story.size + 34, Meal.CASUAL)


def _hi(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 20.4)
    yield Event(
        kind=Kind.GLUCOSE, at=begins, values={}, special={"glucose": Special.HI}, meal=Meal.AFTER
    )


def _lo(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 10.7)
    yield Event(
        kind=Kind.GLUCOSE, at=begins, values={}, special={"glucose": Special.LO}, meal=Meal.CASUAL
    )
    yield _sugar(begins + 18 * MINUTE, 86, Meal.CASUAL)


def _control(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 9.1)
    yield Event(
        kind=Kind.GLUCOSE, at=begins, values={"glucose": 112.0}, flags=(Flag.CONTROL_SOLUTION,)
    )


def _dip(character: Character, story: Story) -> Iterator[Event]:
    """Only that of a moment: a dip of days is in what is measured every day."""
    if story.minutes is None:
        return
    begins = _at(character, story, 0)
    for number, spo2 in enumerate((92 - story.size, 91 - story.size)):
        values = {"spo2": float(round(spo2)), "pulse": character.person.pulse + 17 - number}
        values["pulse"] = float(round(values["pulse"]))
        yield Event(kind=Kind.OXIMETRY, at=begins + number * 140, values=values)


def _stranger(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 7.9)
    yield Event(kind=Kind.WEIGHT, at=begins, values={"weight": story.size}, whose="stranger")


def _neighbour(character: Character, story: Story) -> Iterator[Event]:
    begins = _at(character, story, 8.4)
    for number in range(2):
        event = _pressure(begins + number * 90, 133 - number, 79, 72)
        yield Event(kind=event.kind, at=event.at, values=event.values, whose="neighbour")


def _pressure(at: float, high: float, low: float, beat: float) -> Event:
    systolic, diastolic = round(high), round(low)
    values = {
        "systolic": float(systolic),
        "diastolic": float(diastolic),
        "mean": float(round(diastolic + (systolic - diastolic) / 3)),
        "pulse": float(round(beat)),
    }
    return Event(kind=Kind.BLOOD_PRESSURE, at=at, values=values)


def _sugar(at: float, found: float, meal: Meal) -> Event:
    return Event(kind=Kind.GLUCOSE, at=at, values={"glucose": float(round(found))}, meal=meal)


_TOLD: Final = {
    Tale.CRISIS: _crisis,
    Tale.STARTLED: _startled,
    Tale.FAINT: _faint,
    Tale.MOVED: _moved,
    Tale.LOW_NIGHT: _low_night,
    Tale.HI: _hi,
    Tale.LO: _lo,
    Tale.CONTROL: _control,
    Tale.DIP: _dip,
    Tale.STRANGER: _stranger,
    Tale.NEIGHBOUR: _neighbour,
}
