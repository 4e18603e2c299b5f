"""What every simulated device has: a place on the air, bonds, a clock, a battery, one session."""

import asyncio
import datetime as dt
from collections.abc import Coroutine
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from bumble import hci
from bumble.device import AdvertisingType, Connection, Device
from bumble.gatt import Characteristic, Service

from device_profiles import gatt
from simulator import advertising, bonding
from simulator.bonding import Bonding
from simulator.clock import DeviceClock, Now, system_now
from simulator.controller import LINK_LOST
from simulator.devices import common, table
from simulator.devices.server import DeviceServer
from simulator.devices.session import Session
from simulator.errors import SwitchedOffError
from simulator.faults import Faults
from simulator.link import VirtualLink
from simulator.stack import Stack, power_on
from simulator.traits import ClockAccess, Traits, traits_of


class Peripheral:
    """A device on the radio. Subclasses say what it measures and what happens in a session."""

    SERVICES: ClassVar[tuple[str, ...]] = ()
    """What it advertises when its profile does not say."""

    def __init__(
        self,
        *,
        address: str,
        profile: str = "generic",
        traits: Traits | None = None,
        faults: Faults | None = None,
        zone: dt.tzinfo = dt.UTC,
        now: Now = system_now,
    ) -> None:
        """`traits` are those of the profile unless given: `traits_of("omron-standard", battery=8)`.
        `zone` is the home's: the device's clock shows local digits.
        """
        self.address = address.upper()
        self.traits = self._completed(traits or traits_of(profile))
        self.faults = faults or Faults()
        """May be replaced at any time by `set_faults`; clock faults count from the start only."""
        self.clock = DeviceClock(zone=zone, faults=self.faults.clock, now=now)
        self.battery = self.traits.battery
        self.sessions = 0
        """Connections that have ended."""
        self.drops = 0
        """How often a fault has cut the link."""
        self.session: Session | None = None
        self._stack: Stack | None = None
        self._server: DeviceServer
        self._rows: dict[str, Characteristic[bytes]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._advertiser = asyncio.Lock()

    @property
    def stack(self) -> Stack:
        if self._stack is None:
            raise SwitchedOffError(self.address)
        return self._stack

    @property
    def is_connected(self) -> bool:
        return self.session is not None

    @property
    def is_advertising(self) -> bool:
        return self._stack is not None and self._stack.controller.le_legacy_advertiser.enabled

    @property
    def has_news(self) -> bool:
        """Whether there is something for a gateway to collect, so that it advertises by itself."""
        return False

    # For subclasses.

    def services(self) -> list[Service]:
        """The services of this kind of device, made anew at each switch_on."""
        return []

    def on_connected(self) -> None:
        """A session begins."""

    async def on_subscribed(self, uuid: str) -> None:
        """A central has subscribed; its write is answered when this returns."""

    def advertisement(self) -> bytes:
        return advertising.advertisement(services=self.traits.services, service_data=())

    # On the air.

    async def switch_on(self, link: VirtualLink) -> None:
        """Put it on the air; VirtualRadio.add does so."""
        kind = (
            hci.Address.PUBLIC_DEVICE_ADDRESS
            if self.traits.public
            else hci.Address.RANDOM_DEVICE_ADDRESS
        )
        address = hci.Address(self.address, kind)
        self._stack = await power_on(link, name=self.traits.name, address=address)
        self._server = DeviceServer(self._stack.device)
        self._stack.device.gatt_server = self._server
        self._stack.device.add_default_services()
        self._stack.device.add_services(self._table(self._server))
        self._stack.device.on(Device.EVENT_CONNECTION, self._on_connection)
        self._arm()
        await self.call()

    async def switch_off(self) -> None:
        """Batteries out. Memory and counters stay; bonds do not."""
        for task in tuple(self._tasks):
            task.cancel()
        # A command that is being answered is not taken back, so the stack must outlive it.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        stack, self._stack = self.stack, None
        await stack.power_off()

    async def call(self) -> None:
        """Advertise if there is anything to collect."""
        if self.has_news and self._stack is not None and not self.is_advertising:
            await self.advertise()

    async def advertise(self, *, for_s: float | None = None) -> None:
        """Advertise until somebody connects, or for so long."""
        silent = self.faults.silent_after_sessions
        if self.is_connected or (silent is not None and self.sessions >= silent):
            return
        interval_ms = self.traits.advertising_interval_ms
        async with self._advertiser:
            await self.stack.device.start_advertising(
                advertising_type=(
                    AdvertisingType.UNDIRECTED_CONNECTABLE_SCANNABLE
                    if self.traits.connectable
                    else AdvertisingType.UNDIRECTED_SCANNABLE
                ),
                own_address_type=(
                    hci.OwnAddressType.PUBLIC if self.traits.public else hci.OwnAddressType.RANDOM
                ),
                advertising_data=self.advertisement(),
                scan_response_data=advertising.scan_response(
                    name=self.traits.name, company=self.traits.company
                ),
                advertising_interval_min=interval_ms,
                advertising_interval_max=interval_ms,
            )
        if for_s is not None:
            self._spawn(self._hush_after(for_s))

    async def hush(self) -> None:
        """Stop advertising."""
        async with self._advertiser:
            await self.stack.device.stop_advertising()

    def set_faults(self, faults: Faults) -> None:
        """From now on, go wrong in this way."""
        self.faults = faults
        if self._stack is not None:
            self._arm()

    def drop_link(self, reason: int = LINK_LOST) -> None:
        """Lose the radio link with no goodbye."""
        if self.session is not None:
            self.stack.controller.lose_link(self.session.peer, reason)

    async def hang_up(self) -> None:
        """End the session in an orderly way, from the device's side."""
        if self.session is not None:
            await self.session.connection.disconnect()

    async def forget_bonds(self) -> None:
        """As a change of batteries does; the other side goes on believing in the bond."""
        await self.stack.keys.delete_all()

    # Inside.

    def _completed(self, traits: Traits) -> Traits:
        return traits if traits.services else replace(traits, services=self.SERVICES)

    def _table(self, server: DeviceServer) -> list[Service]:
        services = [common.device_information(self.traits), self._battery(), *self.services()]
        if self.traits.clock == ClockAccess.CURRENT_TIME:
            clock = common.current_time_clock(self.clock)
            services.append(table.service(gatt.CURRENT_TIME_SERVICE, clock))
        if self.traits.clock == ClockAccess.CARESENS:
            services.append(common.caresens_clock(self.clock, self._tell))
        rows = [row for service in services for row in service.characteristics]
        self._rows = {table.name_of(row): row for row in rows}
        refusal = None if self.traits.bonding == Bonding.NONE else self.faults.refusal
        for row in rows:
            if table.is_sent(row):
                table.configure(row, server, refusal=refusal, told=self.on_subscribed)
            if refusal is not None and table.is_writable(row):
                table.protect(row, refusal)
            table.watch_reads(row, partial(self._on_read, table.name_of(row)))
        return services

    def _tell(self, uuid: str, frame: bytes) -> None:
        if self.session is not None:
            self.session.tell(uuid, frame)

    def _battery(self) -> Service:
        async def level() -> bytes:
            return bytes([self.battery])

        return table.service(gatt.BATTERY_SERVICE, table.readable(gatt.BATTERY_LEVEL, level))

    def _arm(self) -> None:
        self.stack.controller.refuses_connections = self.faults.refuses_connections
        passkey = self.traits.passkey if self.traits.bonding == Bonding.PASSKEY else None
        if passkey is not None and self.faults.wrong_passkey:
            passkey = passkey % 999_999 + 1
        bonding.guard(self.stack, passkey=passkey, willing=not self.faults.refuses_pairing)

    def _on_connection(self, connection: Connection) -> None:
        may_drop = self.drops < self.faults.drop_link_times
        self.session = Session(
            connection,
            server=self._server,
            rows=self._rows,
            frames_max=self.faults.drop_link_after_frames if may_drop else None,
            drop=self._drop_by_fault,
        )
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        self.on_connected()

    def _on_disconnection(self, _reason: int) -> None:
        self.session = None
        self.sessions += 1
        if self._stack is not None:
            self._spawn(self._after_session())

    async def _after_session(self) -> None:
        if self.faults.lose_bond_after_sessions == self.sessions:
            await self.forget_bonds()
        if self.has_news:
            await self.advertise()
        elif self.traits.lingers_s:
            await self.advertise(for_s=self.traits.lingers_s)

    async def _on_read(self, uuid: str) -> None:
        if uuid == self.faults.hangs_on_read and self.session is not None:
            await self.session.ended.wait()
        if uuid == self.faults.drop_link_on_read and self.drops < self.faults.drop_link_times:
            self._drop_by_fault()

    def _drop_by_fault(self) -> None:
        self.drops += 1
        self.drop_link()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _hush_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if not self.is_connected and not self.has_news:
            await self.hush()
