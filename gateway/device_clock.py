"""The device's own clock: read it first, for what it tells of the past; then set it."""

import datetime as dt
import struct
from collections.abc import Callable

import structlog
from bleak.exc import BleakError

from device_profiles import current_time, date_time
from device_profiles.errors import DecodeError
from device_profiles.profile import ClockPolicy, Profile
from gateway import vendor_clock
from gateway.clock import ClockReading, drift_s
from gateway.commands import HomePolicy
from gateway.home_time import digits_at_home
from gateway.hub_clock import HubClock
from gateway.journal import Journal
from gateway.peer import Peer
from gateway.radio_errors import Meaning, meaning

Encode = Callable[[dt.datetime], bytes]
log = structlog.get_logger()


async def look(
    peer: Peer,
    profile: Profile,
    *,
    journal: Journal,
    policy: HomePolicy,
    clock: HubClock,
    answer_s: float,
) -> float | None:
    """The drift, where the clock could be read and the hub itself knows the time.

    The digits go to the journal in any case: with them the session's records are timed. A maker's
    own clock has `answer_s` to tell its time.
    """
    try:
        if profile.clock is ClockPolicy.VENDOR:
            seen = await vendor_clock.ask(peer, profile, clock=clock, answer_s=answer_s)
        else:
            seen = await _read(peer, profile, clock)
    except BleakError as error:
        _unless_gone(error)
        return None
    if seen is None:
        return None
    digits, at = seen
    journal.note_clock(digits, at=at)
    if not clock.trusted:
        return None
    return drift_s(ClockReading(digits=digits, read_at=at.now), policy.zone)


async def _read(peer: Peer, profile: Profile, clock: HubClock) -> vendor_clock.Seen | None:
    uuid = profile.clock_characteristic
    characteristic = None if uuid is None else peer.find(uuid, service=profile.clock_service)
    if characteristic is None or "read" not in characteristic.properties:
        return None
    data = await peer.read(characteristic)
    at = clock.moment()
    digits = _digits(profile, data)
    if digits is None:
        log.info("device clock shows no possible time")
        return None
    return digits, at


async def set_right(
    peer: Peer,
    profile: Profile,
    *,
    journal: Journal,
    policy: HomePolicy,
    clock: HubClock,
    drift: float | None,
) -> None:
    """Home-local digits, each session: a wrong zone would show to the person who reads them.

    `drift` is what `look` found.
    """
    if not policy.set_clocks or not clock.trusted:
        return
    if drift is not None and abs(drift) > policy.rules.agrees_s:
        journal.note_clock_replaced()
    for service, uuid, encode in _ways(profile):
        characteristic = peer.find(uuid, service=service)
        if characteristic is None:
            continue
        try:
            await peer.write(characteristic, encode(digits_at_home(clock.now(), policy.zone)))
        except BleakError as error:
            _unless_gone(error)
            log.info("device clock cannot be set", error=str(error))
        else:
            journal.note_clock_set()
        return


def _ways(profile: Profile) -> list[tuple[str | None, str, Encode]]:
    if profile.clock is ClockPolicy.VENDOR:
        return [(one.service, one.characteristic, one.encode) for one in profile.vendor_clocks]
    encoders: dict[ClockPolicy, Encode] = {
        ClockPolicy.DATE_TIME_2A08: date_time.encode,
        ClockPolicy.CURRENT_TIME_2A2B: current_time.encode,
    }
    uuid = profile.clock_characteristic
    return [] if uuid is None else [(profile.clock_service, uuid, encoders[profile.clock])]


def _digits(profile: Profile, data: bytes) -> dt.datetime | None:
    """None for a time that cannot be, and for a frame cut short."""
    try:
        if profile.clock is ClockPolicy.CURRENT_TIME_2A2B:
            return current_time.decode(data).time
        return date_time.parse(data)
    except (DecodeError, struct.error):
        return None


def _unless_gone(error: BleakError) -> None:
    """A device that has no use for its clock may still have a measurement."""
    if meaning(error) is Meaning.GONE:
        raise error
