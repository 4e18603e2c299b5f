"""What the demonstration's nurses do with an alert, and when. Pure: a list of deeds."""

import datetime as dt
from random import Random
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from alerts.life.alert import Alert
from alerts.life.events import (
    Acknowledge,
    ByPerson,
    Claim,
    Escalate,
    Note,
    Reopen,
    Resolve,
    Snooze,
)
from care.rules import Severity
from hearthbeat.demo import past_words as words
from simulator.people_cast import Stands

MINUTE: Final = dt.timedelta(minutes=1)
OPENS, CLOSES = 8, 18
WEEKEND: Final = 5
ON_CALL_HIGH: Final = 0.3
"""So many high ones that come in the night are seen by who is on call."""

_DELAYS: Final = {
    Severity.CRITICAL: (3, 14),
    Severity.HIGH: (12, 170),
    Severity.MEDIUM: (40, 400),
    Severity.LOW: (300, 1500),
}
"""Minutes until somebody takes it on, by severity; of all but critical ones working time."""
_LEFT: Final = 0.5
"""So many low ones close by themselves."""


class Staff(Struct, frozen=True, kw_only=True):
    """Who works here."""

    nurse: UUID
    second: UUID
    clinician: UUID
    zone: ZoneInfo


class Deed(Struct, frozen=True, kw_only=True):
    """Something done to an alert."""

    at: dt.datetime
    event: ByPerson


def handling(alert: Alert, staff: Staff, *, now: dt.datetime) -> list[Deed]:
    """From taking it on to its end. The same alert is always dealt with in the same way."""
    chance = Random(f"{alert.id} {alert.generation}")  # noqa: S311 - not for secrets
    if alert.severity is Severity.LOW and not alert.latch and chance.random() < _LEFT:
        return []
    who, other = staff.nurse, staff.second
    if chance.random() < 0.4:  # noqa: PLR2004 - The second nurse works part-time.
        who, other = other, who
    taken = _taken(alert, staff, chance, now)
    end = words.ending(alert, chance)
    over = taken + (end.minutes + chance.uniform(1, 6)) * MINUTE
    resolved = Resolve(actor=who, outcome=end.outcome, note=end.note, minutes=end.minutes)
    deeds = [Deed(at=taken, event=Acknowledge(actor=who))]
    way = chance.random()
    grave = alert.severity in {Severity.CRITICAL, Severity.HIGH}
    if grave and way < 0.3:  # noqa: PLR2004 - The shares of what is done are a guess.
        deeds.insert(0, Deed(at=taken - 0.5 * MINUTE, event=Claim(actor=who)))
    if grave and way > 0.9:  # noqa: PLR2004
        return [*deeds, *_handed_up(resolved, staff, over, chance)]
    if way < 0.06:  # noqa: PLR2004
        deeds.append(Deed(at=over - 0.5 * MINUTE, event=Note(actor=who, text=words.TRIED)))
        over += 32 * MINUTE
    elif way < 0.1 and not grave:  # noqa: PLR2004
        return _put_off(resolved, taken, over)
    deeds.append(Deed(at=over, event=resolved))
    if 0.1 < way < 0.14:  # noqa: PLR2004
        again = over + chance.uniform(18, 55) * MINUTE
        deeds += [
            Deed(at=again, event=Reopen(actor=other, reason=words.REOPENED)),
            Deed(at=again + 2 * MINUTE, event=Acknowledge(actor=other)),
            Deed(
                at=again + 14 * MINUTE,
                event=Resolve(actor=other, outcome=end.outcome, note=end.note, minutes=9),
            ),
        ]
    return deeds


def left(alert: Alert, stands: Stands, staff: Staff, *, anchor: dt.datetime) -> list[Deed]:
    """What has been done, at the anchor, with what stands then."""
    at = max(alert.opened_at + MINUTE, anchor - _SINCE.get(stands, 60) * MINUTE)
    match stands:
        case Stands.ACKNOWLEDGED:
            return [Deed(at=at, event=Acknowledge(actor=staff.nurse, note=words.TAKEN_ON))]
        case Stands.CLAIMED:
            return [Deed(at=at, event=Claim(actor=staff.second))]
        case Stands.SNOOZED:
            until = anchor + dt.timedelta(hours=20)
            event = Snooze(actor=staff.nurse, until=until, reason=words.SNOOZED)
            return [Deed(at=at, event=event)]
        case _:
            return []


_SINCE: Final = {Stands.ACKNOWLEDGED: 25, Stands.CLAIMED: 2, Stands.SNOOZED: 180}
"""Minutes before the anchor."""


def _taken(alert: Alert, staff: Staff, chance: Random, now: dt.datetime) -> dt.datetime:
    delay = chance.uniform(*_DELAYS[alert.severity]) * MINUTE
    if alert.generation > 1:
        delay /= 3
    if alert.severity is Severity.CRITICAL:
        if chance.random() < 0.08:  # noqa: PLR2004 - Nobody sees it in time, and the ladder runs.
            delay += 22 * MINUTE
        return now + delay
    if alert.severity is Severity.HIGH and chance.random() < ON_CALL_HIGH:
        return now + delay
    return in_hours(now + delay / 2, staff.zone) + delay / 2


def in_hours(at: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """The same instant within working hours, else when they begin next."""
    there = at.astimezone(zone)
    if there.hour >= CLOSES:
        there = there.replace(hour=OPENS, minute=0) + dt.timedelta(days=1)
    elif there.hour < OPENS:
        there = there.replace(hour=OPENS, minute=0)
    while there.weekday() >= WEEKEND:
        there = there.replace(hour=OPENS, minute=0) + dt.timedelta(days=1)
    return there.astimezone(dt.UTC)


def _handed_up(resolved: Resolve, staff: Staff, over: dt.datetime, chance: Random) -> list[Deed]:
    up = Escalate(actor=resolved.actor, reason=words.ESCALATED)
    taken = over + chance.uniform(4, 25) * MINUTE
    return [
        Deed(at=over, event=up),
        Deed(at=taken, event=Acknowledge(actor=staff.clinician)),
        Deed(
            at=taken + 11 * MINUTE,
            event=Resolve(
                actor=staff.clinician,
                outcome=resolved.outcome,
                note=resolved.note,
                minutes=resolved.minutes,
            ),
        ),
    ]


def _put_off(resolved: Resolve, taken: dt.datetime, over: dt.datetime) -> list[Deed]:
    until = taken + dt.timedelta(hours=16)
    event = Snooze(actor=resolved.actor, until=until, reason=words.SNOOZED)
    return [Deed(at=taken, event=event), Deed(at=over + dt.timedelta(hours=17), event=resolved)]
