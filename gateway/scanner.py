"""One long-lived scan, watched: restarted when it falls silent, patient when there is no radio."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog
from bleak import BleakScanner
from bleak.args.bluez import BlueZDiscoveryFilters, BlueZScannerArgs
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError

from gateway.errors import ScannerStuck
from gateway.scan_watch import Remedy, remedy
from gateway.settings import RadioRules

START_S: Final = 15.0
STOP_S: Final = 5.0
LOOK_S: Final = 1.0
Heard = Callable[[BLEDevice, AdvertisementData], None]
log = structlog.get_logger()


class Scanner:
    """Calls `heard` for every advertisement."""

    def __init__(
        self,
        heard: Heard,
        *,
        rules: RadioRules,
        backend: type[BaseBleakScanner] | None,
        reset_adapter: Callable[[], Awaitable[None]],
    ) -> None:
        self._heard = heard
        self._rules = rules
        self._backend = backend
        self._reset_adapter = reset_adapter
        self._loop = asyncio.get_running_loop()
        self._last_heard = self._loop.time()
        self._last_remedy = Remedy.NONE
        self._visits = 0
        self._resting = asyncio.Event()
        self.obstacle: str | None = None
        """Why there is no scan, in plain words; None while there is one."""

    async def run(self) -> None:
        """For ever. Raises ScannerStuck when only a new process may help."""
        while True:
            await self._while_resting()
            scanner = await self._start()
            if scanner is None:
                await asyncio.sleep(self._rules.retry_no_adapter_s)
                self._last_heard = self._loop.time()
                continue
            try:
                found = await self._watch()
            finally:
                await _stop(scanner)
            if found is Remedy.RESET_ADAPTER:
                await self._reset()
            elif found is Remedy.GIVE_UP:
                raise ScannerStuck(str(found))

    @asynccontextmanager
    async def visit(self) -> AsyncIterator[None]:
        """Around a connection: an adapter in use is not silent, and a weak one stops scanning."""
        self._visits += 1
        try:
            if self._rules.pause_scan_while_connected and self.obstacle is None:
                await self._resting.wait()
            yield
        finally:
            self._visits -= 1
            self._last_heard = self._loop.time()

    def _advertised(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        self._last_heard = self._loop.time()
        self._last_remedy = Remedy.NONE
        self._heard(device, advertisement)

    async def _start(self) -> BleakScanner | None:
        try:
            scanner = BleakScanner(
                self._advertised,
                # A scale that tells its result in advertisements changes nothing else in them:
                # without this BlueZ reports each device once and the result never comes.
                bluez=self._bluez(),
                backend=self._backend,
            )
            async with asyncio.timeout(START_S):
                await scanner.start()
        except (BleakError, OSError, EOFError, TimeoutError, AssertionError) as error:
            self._say(obstacle(error))
            return None
        self._say(None)
        return scanner

    def _bluez(self) -> BlueZScannerArgs:
        filters: BlueZDiscoveryFilters = {"DuplicateData": True}
        if self._rules.adapter is None:
            return {"filters": filters}
        return {"filters": filters, "adapter": self._rules.adapter}

    def _say(self, words: str | None) -> None:
        if words == self.obstacle:
            return
        self.obstacle = words
        if words is None:
            log.info("scanning")
        else:
            log.error("not scanning", why=words, next_try_s=self._rules.retry_no_adapter_s)

    async def _watch(self) -> Remedy:
        while True:
            await asyncio.sleep(min(LOOK_S, self._rules.silence_restart_s / 2))
            if self._must_rest:
                return Remedy.NONE
            if self._visits:
                self._last_heard = self._loop.time()
            silent_s = self._loop.time() - self._last_heard
            found = remedy(self._rules, silent_s=silent_s, last=self._last_remedy)
            if found is not Remedy.NONE:
                self._last_remedy = found
                log.warning("radio is silent", silent_s=round(silent_s), remedy=found.name)
                return found

    @property
    def _must_rest(self) -> bool:
        return self._rules.pause_scan_while_connected and self._visits > 0

    async def _while_resting(self) -> None:
        while self._must_rest:
            self._resting.set()
            await asyncio.sleep(LOOK_S / 5)
        self._resting.clear()

    async def _reset(self) -> None:
        try:
            await self._reset_adapter()
        except (BleakError, OSError, EOFError, TimeoutError) as error:
            log.warning("adapter could not be reset", error=str(error))


# The clinic reads the first 64 characters (gateway.heartbeat): none is longer.
_REASONS: Final = {
    BleakBluetoothNotAvailableReason.NO_BLUETOOTH: "no Bluetooth adapter",
    BleakBluetoothNotAvailableReason.NO_BLE_CENTRAL_ROLE: (
        "no Bluetooth adapter with the central role: it cannot connect"
    ),
    BleakBluetoothNotAvailableReason.POWERED_OFF: "the Bluetooth adapter is switched off",
    BleakBluetoothNotAvailableReason.DENIED_BY_SYSTEM: (
        "no Bluetooth adapter: the system does not let us use it"
    ),
}


def obstacle(error: Exception) -> str:
    """Why there is no scan, for the person who can help."""
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, f"no Bluetooth adapter that will do: {error.args[0]}")
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "no Bluetooth adapter: the system's D-Bus is not running"
    if "ServiceUnknown" in str(error) or "NameHasNoOwner" in str(error):
        return "no Bluetooth adapter: BlueZ (bluetoothd) is not running"
    if isinstance(error, TimeoutError):
        return "the Bluetooth adapter does not answer"
    return f"the Bluetooth adapter refuses to scan: {error}"


async def _stop(scanner: BleakScanner) -> None:
    try:
        async with asyncio.timeout(STOP_S):
            await scanner.stop()
    except (BleakError, OSError, EOFError, TimeoutError) as error:
        log.info("scan could not be stopped in order", error=type(error).__name__)
