"""Xiaomi scales: nobody connects to them, the weight is in what they advertise."""

import asyncio
import datetime as dt
from typing import Final

from typing_extensions import override

from device_profiles import encoding, gatt
from simulator import advertising
from simulator.clock import Now, system_now
from simulator.devices.peripheral import Peripheral
from simulator.faults import Faults
from simulator.traits import Traits, traits_of
from vitals.kinds import Kind
from vitals.reading import Measurement

_BODY: Final = "xiaomi-mibfs"


class XiaomiScale(Peripheral):
    """Advertises the swaying weight, then the still one for a while, then that nobody stands on it.

    `profile` is "xiaomi-scale1" (10 bytes, 0x181D) or "xiaomi-mibfs" (13 bytes, 0x181B).
    """

    def __init__(
        self,
        *,
        address: str,
        profile: str = _BODY,
        traits: Traits | None = None,
        faults: Faults | None = None,
        zone: dt.tzinfo = dt.UTC,
        now: Now = system_now,
    ) -> None:
        own = traits or traits_of(profile, connectable=False)
        super().__init__(address=address, traits=own, faults=faults, zone=zone, now=now)
        is_body = gatt.BODY_COMPOSITION_SERVICE in self.traits.services
        self._source = (
            gatt.XIAOMI_BODY_ADVERTISEMENT if is_body else gatt.XIAOMI_WEIGHT_ADVERTISEMENT
        )
        self._payload = b""

    async def measure(
        self,
        *,
        weight: float,
        impedance: int | None = None,
        at: dt.datetime | None = None,
        sways_s: float = 0.2,
        shows_s: float = 0.6,
    ) -> None:
        """Stand on it; kg and ohm. Returns when the person has stepped off again."""
        shown = self.clock.shown(at).replace(microsecond=0)
        still: dict[str, bool | int] = {"stable": True}
        if impedance is not None:
            still["impedance"] = impedance
        await self._show(weight * 0.97, shown, {"stable": False}, for_s=sways_s)
        await self._show(weight, shown, still, for_s=shows_s)
        await self._show(weight, shown, {**still, "removed": True}, for_s=sways_s)
        await self.hush()

    @override
    def advertisement(self) -> bytes:
        uuid = self._source.removesuffix("-service-data")
        said = ((uuid, self._payload),) if self._payload else ()
        return advertising.advertisement(services=self.traits.services, service_data=said)

    async def _show(
        self, weight: float, shown: dt.datetime, details: dict[str, bool | int], *, for_s: float
    ) -> None:
        said = Measurement(
            kind=Kind.WEIGHT, values={"weight": weight}, device_time=shown, details={**details}
        )
        self._payload = encoding.encode(self._source, said)
        await self.advertise()
        await asyncio.sleep(for_s)
