"""A clock that cannot be read is asked: the maker's frame goes out, the time comes back."""

import asyncio
import datetime as dt

import structlog
from bleak.backends.characteristic import BleakGATTCharacteristic

from device_profiles.errors import DecodeError
from device_profiles.profile import ClosePolicy, Profile, VendorClock
from gateway.hub_clock import HubClock
from gateway.own_clock import Moment
from gateway.peer import Peer

Seen = tuple[dt.datetime, Moment]
"""The device's digits, and the moment in which the hub got them."""
log = structlog.get_logger()


async def ask(peer: Peer, profile: Profile, *, clock: HubClock, answer_s: float) -> Seen | None:
    """What the clock shows. None where the device has no such clock, or does not tell its time.

    Raises BleakError and VisitError, as any operation on a peer.
    """
    found = _first(peer, profile)
    if found is None:
        return None
    way, characteristic = found
    answer: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()

    def heard(_: str, data: bytes) -> None:
        at = clock.moment()
        digits = _digits(way, data)
        if digits is not None and not answer.done():
            answer.set_result((digits, at))

    await peer.subscribe(characteristic, heard)
    await peer.write(characteristic, way.ask)
    try:
        async with asyncio.timeout(answer_s):
            return await answer
    except TimeoutError:
        log.info("device does not tell its time", profile=profile.name)
        return None
    finally:
        # Some makers' devices take an unsubscription for the end of the bond: see ClosePolicy.
        if profile.close is ClosePolicy.STOP_NOTIFY:
            await peer.unsubscribe(characteristic)


def _first(peer: Peer, profile: Profile) -> tuple[VendorClock, BleakGATTCharacteristic] | None:
    for way in profile.vendor_clocks:
        characteristic = peer.find(way.characteristic, service=way.service)
        if characteristic is not None and {"notify", "indicate"} & set(characteristic.properties):
            return way, characteristic
    return None


def _digits(way: VendorClock, data: bytes) -> dt.datetime | None:
    try:
        return way.decode(data)
    except DecodeError as error:
        log.info("device tells its time in a way unknown", error=error.code)
        return None
