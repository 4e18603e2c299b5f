"""Whom a step of a ladder tells, and why them. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from care.programme import Step

ROLES: Final = ("nurse", "clinician", "admin")


class Colleague(Struct, frozen=True, kw_only=True):
    """Somebody of the clinic who can be told."""

    id: UUID
    username: str
    role: str
    team_role: str | None = None
    """What they are in this patient's team; None where they are not in it."""
    on_call: bool = False
    """By the schedule, at this minute."""


class Chosen(Struct, frozen=True, kw_only=True):
    people: tuple[Colleague, ...]
    why: str
    """For the history: how it came to these people, or to nobody."""


def whom(step: Step, colleagues: Sequence[Colleague]) -> Chosen:
    """The step's people; where there are none, the next best, and the reason says so."""
    ways = _WAYS[step.to]
    for why, is_meant in ways:
        people = tuple(each for each in colleagues if is_meant(each))
        if people:
            return Chosen(people=people, why=why)
    tried = "; ".join(why for why, _ in ways)
    return Chosen(people=(), why=f"nobody found (tried: {tried})")


_Way = tuple[str, Callable[[Colleague], bool]]


def _in_team_as(role: str) -> _Way:
    return f"{role} of the care team", lambda each: each.team_role == role


def _anybody_as(role: str) -> _Way:
    return f"any {role} of the clinic", lambda each: each.role == role


_TEAM: Final[_Way] = ("the care team", lambda each: each.team_role is not None)
_ON_CALL: Final[_Way] = ("on call now", lambda each: each.on_call)

_WAYS: Final[dict[str, Iterable[_Way]]] = {
    "care_team": (_TEAM, _anybody_as("nurse"), _anybody_as("clinician"), _anybody_as("admin")),
    "nurse": (_in_team_as("nurse"), _anybody_as("nurse"), _anybody_as("admin")),
    "clinician": (_in_team_as("clinician"), _anybody_as("clinician"), _anybody_as("admin")),
    "admin": (_in_team_as("admin"), _anybody_as("admin")),
    "on_call": (_ON_CALL, _in_team_as("clinician"), _anybody_as("clinician"), _anybody_as("admin")),
}
