"""The scanner that bleak drives when it is given the virtual radio as its backend."""

from typing import Any, ClassVar, Literal

from bleak.backends.scanner import AdvertisementDataCallback, BaseBleakScanner
from bumble.device import Advertisement
from typing_extensions import override

from simulator import advertising
from simulator.adapter import Adapter, Port


class RadioScanner(BaseBleakScanner):
    """Reports what one adapter hears. VirtualRadio.scanner_class() makes a subclass with a port."""

    port: ClassVar[Port]

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        **_platform: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"
        self._adapter: Adapter | None = None

    @override
    async def start(self) -> None:
        self.seen_devices = {}
        self._adapter = await self.port.open()
        await self._adapter.start_scan(self._hear, active=self._active)

    @override
    async def stop(self) -> None:
        if self._adapter is not None:
            await self._adapter.stop_scan(self._hear)

    def _hear(self, seen: Advertisement) -> None:
        said = advertising.read(seen)
        if not self.is_allowed_uuid(said.service_uuids):
            return
        address = seen.address.to_string(with_type_qualifier=False)
        details = {"address": seen.address}
        device = self.create_or_update_device(address, address, said.local_name, details, said)
        self.call_detection_callbacks(device, said)
