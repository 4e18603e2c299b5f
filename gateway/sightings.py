"""Which device to visit next, and when. Pure: no radio, no clock of its own."""

from dataclasses import dataclass, replace
from typing import Final

from bleak.backends.device import BLEDevice

from device_profiles.profile import Profile
from gateway.backoff import full_jitter
from gateway.device_book import Bond, DeviceNotes

STALE_S: Final = 30.0
"""Not heard for so long: gone, or asleep. Connecting would only wait."""
EMPTY_FIRST_S: Final = 10.0
MOST_WAIT_S: Final = 300.0
BOND_LOST_WAIT_S: Final = 60.0
"""Short enough to catch a pairing button held for a minute or two; one attempt each."""
STREAM_WAIT_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A device that was heard and may have something for us. Times are loop seconds."""

    device: BLEDevice
    profile: Profile
    known: bool
    first_heard: float
    last_heard: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOff:
    """Leave a device alone until then; `in_vain` counts visits in a row that brought nothing."""

    until: float = 0
    in_vain: int = 0


ASKED_WAIT_S: Final = 10.0
"""Between visits to a device of which a measurement is awaited: soon, and with air to measure."""


def hurried(held: HoldOff, *, now: float, pace: float = 1.0) -> HoldOff:
    """No longer than for a device of which a measurement is awaited."""
    return replace(held, until=min(held.until, now + ASKED_WAIT_S * pace))


def next_visit(
    sightings: dict[str, Sighting], holdoffs: dict[str, HoldOff], *, now: float
) -> Sighting | None:
    """The home's own devices before strangers, then whoever has waited longest."""
    ready = [
        one
        for address, one in sightings.items()
        if now - one.last_heard <= STALE_S and holdoffs.get(address, HoldOff()).until <= now
    ]
    return min(ready, key=lambda one: (not one.known, one.first_heard), default=None)


def after_visit(
    before: HoldOff,
    *,
    profile: Profile,
    notes: DeviceNotes,
    news: int,
    only_streamed: bool,
    now: float,
    chance: float,
    pace: float = 1.0,
) -> HoldOff:
    """How long to leave the device alone: longer and longer when visits are in vain."""
    in_vain = 0 if news else before.in_vain + 1
    wait = profile.holdoff_s
    if only_streamed:
        wait = max(wait, STREAM_WAIT_S)
    if in_vain:
        wait = max(
            wait,
            full_jitter(in_vain, first_s=EMPTY_FIRST_S, most_s=MOST_WAIT_S, chance=chance),
        )
    if notes.bond is Bond.LOST:
        wait = max(profile.holdoff_s, min(wait, BOND_LOST_WAIT_S))
    return replace(before, until=now + wait * pace, in_vain=in_vain)
