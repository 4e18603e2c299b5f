"""Whether somebody at the clinic has looked at a reading, in plain words and no others. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from alerts.life.alert import Outcome, State


class Looked(StrEnum):
    """Keys of the catalogue's `nurse`."""

    NOT_ASKED = "not_asked"  # Nothing about it is on anybody's list.
    REPEAT = "repeat"  # The home was asked to measure again.
    NOT_YET = "not_yet"  # On the list; nobody has taken it on.
    SEEN = "seen"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnList:
    """What is on the nurses' list because of this reading."""

    state: str
    outcome: str | None
    acknowledged_at: dt.datetime | None
    """None where that was before the reading came: nobody has seen it by that."""
    ended_at: dt.datetime | None
    ended_by_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    looked: Looked
    at: dt.datetime | None = None


def attention(items: Sequence[OnList]) -> Attention:
    """A person's look at any of them is a look at the reading; the clock's own ends are none."""
    done = [each.ended_at for each in items if _by_person(each) and each.ended_at is not None]
    standing = [each for each in items if State(each.state).standing]
    if done and not standing:
        return Attention(looked=Looked.DONE, at=max(done))
    seen = [each.acknowledged_at for each in items if each.acknowledged_at is not None] + done
    if seen:
        return Attention(looked=Looked.SEEN, at=max(seen))
    if any(each.state != State.AWAITING_REPEAT for each in standing):
        return Attention(looked=Looked.NOT_YET)
    if standing:
        return Attention(looked=Looked.REPEAT)
    return Attention(looked=Looked.NOT_ASKED)


def nurse_word(looked: Looked, *, out: bool) -> str:
    """A key of the catalogue's `nurse`. A reading in its range can be on the list for the mean of a
    week: that nobody has looked yet would worry somebody for whom there is nothing to do.
    """
    return "not_yet_in_range" if looked is Looked.NOT_YET and not out else looked.value


def _by_person(item: OnList) -> bool:
    resolved = item.state == State.RESOLVED and item.outcome != Outcome.AUTO_CLEARED
    return resolved and item.ended_by_person
