"""One visit to one device: connect, bond, look around, take everything, leave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

import structlog
from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError

from device_profiles import gatt
from device_profiles.gatt import short
from device_profiles.profile import BondPolicy, ClosePolicy, Profile, RecordAccess
from gateway import bonding, device_clock, device_info
from gateway.commands import HomePolicy
from gateway.device_book import Bond, DeviceNotes
from gateway.errors import BondLost, DiskFull, NotReachable, VisitError, WentQuiet
from gateway.hub_clock import HubClock
from gateway.inflow import Inflow
from gateway.journal import Journal
from gateway.peer import Peer
from gateway.radio_errors import Meaning, meaning
from gateway.settings import RadioRules
from gateway.stored_records import ControlPoint, fetch

CLOSE_S: Final = 5.0
ON_REQUEST: Final = frozenset(
    {gatt.GLUCOSE_MEASUREMENT, gatt.GLUCOSE_CONTEXT, gatt.RECORD_ACCESS_CONTROL_POINT}
)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every visit needs."""

    client_backend: type[BaseBleakClient] | None
    rules: RadioRules
    clock: HubClock
    policy: Callable[[], HomePolicy]
    journal: Callable[[str, str], Journal]
    """A journal for a device's address and its profile's name."""
    pairing: Callable[[DeviceNotes, Profile], AbstractAsyncContextManager[None]]
    """Around a visit in which the device may want a bond: somebody answers for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a visit."""

    notes: DeviceNotes
    frames: int = 0
    news: int = 0
    """Frames that were not merely the end of the last report again."""
    only_streamed: bool = False
    failure: VisitError | DiskFull | None = None
    looking: bool = False
    """It ended while the hub looked around: at battery, nameplate and clock."""


class Visit:
    """The steps, in order, are in `_steps`."""

    def __init__(
        self,
        device: BLEDevice,
        profile: Profile,
        notes: DeviceNotes,
        *,
        tools: Tools,
        look_around: bool = True,
    ) -> None:
        """Without `look_around` it goes straight for the records."""
        self._look_around = look_around
        self._looking = False
        self._device = device
        self._profile = profile
        self._tools = tools
        self._over = asyncio.Event()
        self._report = Report(notes=notes)
        self._subscribed: list[tuple[BleakGATTCharacteristic, Callable[[str, bytes], None]]] = []

    async def run(self) -> Report:
        """Never raises for what a device or the radio does: that is in the report."""
        failure: VisitError | DiskFull | None = None
        try:
            async with (
                asyncio.timeout(self._tools.rules.session_deadline_s),
                self._tools.pairing(self._report.notes, self._profile),
                self._connection() as client,
            ):
                await self._session(client)
        except (VisitError, DiskFull) as error:
            failure = error
        except TimeoutError:
            failure = WentQuiet("The visit took too long.")
        except (BleakError, OSError, EOFError) as error:
            failure = WentQuiet(f"The link broke: {error}")
        return replace(self._report, failure=failure)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[BleakClient]:
        rules, notes = self._tools.rules, self._report.notes
        client = BleakClient(
            self._device,
            disconnected_callback=lambda _: self._over.set(),
            timeout=rules.connect_timeout_s,
            pair=self._profile.bond is BondPolicy.BEFORE,
            bluez={} if rules.adapter is None else {"adapter": rules.adapter},
            backend=self._tools.client_backend,
        )
        try:
            async with asyncio.timeout(rules.connect_timeout_s + 5):
                await client.connect()
        except (BleakError, TimeoutError, OSError, EOFError) as error:
            await self._connect_failed(client, error)
        if self._profile.bond is BondPolicy.BEFORE:
            notes = bonding.worked(notes)
        self._report = replace(
            self._report, notes=replace(notes, last_seen=self._tools.clock.now())
        )
        try:
            yield client
        finally:
            await _hang_up(client)

    async def _connect_failed(self, client: BleakClient, error: Exception) -> None:
        await _hang_up(client)
        if meaning(error) is not Meaning.BOND_REFUSED:
            raise NotReachable(str(error) or "No connection in time.") from error
        # Keys may be left over from before this book was begun, so an unknown bond counts as one.
        notes = bonding.refused(self._report.notes, while_pairing=False)
        self._report = replace(self._report, notes=notes)
        await self._remove_keys(client)
        raise BondLost(str(error)) from error

    async def _remove_keys(self, client: BleakClient) -> None:
        """Once: see gateway.bonding. BlueZ forgets the device; it is found again by scanning."""
        if self._report.notes.bond is not Bond.REMOVED:
            return
        log.warning("bond does not work, removing it once", profile=self._profile.name)
        try:
            async with asyncio.timeout(CLOSE_S):
                await client.unpair()
        except (BleakError, TimeoutError, OSError, NotImplementedError) as error:
            log.warning("the bond could not be removed", error=type(error).__name__)

    async def _session(self, client: BleakClient) -> None:
        notes = self._report.notes
        await asyncio.sleep(self._profile.settle_ms / 1000 * self._tools.rules.pace)
        journal = self._tools.journal(notes.address, self._profile.name)
        peer = Peer(client, self._profile, notes)
        inflow = Inflow(
            journal,
            self._profile,
            clock=self._tools.clock,
            anchor=_anchor(notes),
            over=self._over,
        )
        try:
            await self._steps(peer, journal, inflow)
        finally:
            journal.end()
            self._report = Report(
                notes=peer.notes,
                frames=inflow.frames,
                news=inflow.frames - inflow.repeats,
                only_streamed=0 < inflow.frames == inflow.streamed,
                looking=self._looking,
            )
            if peer.notes.bond is Bond.REMOVED and notes.bond is not Bond.REMOVED:
                await self._remove_keys(client)
        if inflow.refusal is not None:
            raise inflow.refusal

    async def _steps(self, peer: Peer, journal: Journal, inflow: Inflow) -> None:
        tools, profile = self._tools, self._profile
        if self._look_around:
            self._looking = True
            await self._look(peer, journal)
            self._looking = False
        await self._subscribe(peer, inflow)
        told_all = await self._ask_for_records(peer, inflow)
        idle_s = profile.idle_close_s
        if not (told_all and self._only_on_request()):
            await inflow.until_idle(
                idle_s=idle_s * tools.rules.pace,
                first_s=max(tools.rules.first_frame_s, idle_s) * tools.rules.pace,
            )
        if profile.close is ClosePolicy.STOP_NOTIFY and not self._over.is_set():
            for characteristic, _ in self._subscribed:
                await peer.unsubscribe(characteristic)

    async def _look(self, peer: Peer, journal: Journal) -> None:
        tools, profile, policy = self._tools, self._profile, self._tools.policy()
        await device_info.look(peer)
        drift = await device_clock.look(
            peer,
            profile,
            journal=journal,
            policy=policy,
            clock=tools.clock,
            answer_s=tools.rules.clock_answer_s,
        )
        if drift is not None:
            peer.notes = replace(peer.notes, drift_s=drift)
        await device_clock.set_right(
            peer, profile, journal=journal, policy=policy, clock=tools.clock, drift=drift
        )

    async def _subscribe(self, peer: Peer, inflow: Inflow) -> None:
        for uuid in self._profile.measurements:
            characteristic = peer.find(uuid)
            if characteristic is not None:
                await peer.subscribe(characteristic, inflow.take)
                self._subscribed.append((characteristic, inflow.take))
        if not self._subscribed:
            raise VisitError("The device offers none of the measurements of its profile.")

    def _only_on_request(self) -> bool:
        """Nothing is subscribed that would come of itself."""
        return {short(one.uuid) for one, _ in self._subscribed} <= ON_REQUEST

    async def _ask_for_records(self, peer: Peer, inflow: Inflow) -> bool:
        """Whether the device has told all that it holds."""
        characteristic = peer.find(gatt.RECORD_ACCESS_CONTROL_POINT, service=gatt.GLUCOSE_SERVICE)
        if self._profile.records is not RecordAccess.RACP or characteristic is None:
            return False
        point = ControlPoint(
            peer,
            characteristic,
            settle_s=self._profile.racp_settle_ms / 1000 * self._tools.rules.pace,
            silence_s=self._tools.rules.racp_silence_s,
            last_arrival=lambda: inflow.last_arrival,
            resubscribe=lambda: self._subscribe_again(peer),
            over=self._over,
        )
        heard = lambda _, data: point.heard(data)  # noqa: E731
        await peer.subscribe(characteristic, heard)
        self._subscribed.append((characteristic, heard))
        found = await fetch(point, last=peer.notes.last_sequence, arrived=lambda: inflow.arrived)
        if found is not None and found.last_sequence is not None:
            peer.notes = replace(
                peer.notes, last_sequence=found.last_sequence, last_record=found.last_record
            )
        return True

    async def _subscribe_again(self, peer: Peer) -> None:
        for characteristic, receiver in self._subscribed:
            await peer.unsubscribe(characteristic)
            await peer.subscribe(characteristic, receiver)


def _anchor(notes: DeviceNotes) -> tuple[int, str] | None:
    if notes.last_sequence is None or notes.last_record is None:
        return None
    return notes.last_sequence, notes.last_record


async def _hang_up(client: BleakClient) -> None:
    try:
        async with asyncio.timeout(CLOSE_S):
            await client.disconnect()
    except (BleakError, TimeoutError, OSError, EOFError, AssertionError) as error:
        log.info("could not hang up in order", error=type(error).__name__)
