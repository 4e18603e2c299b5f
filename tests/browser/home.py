"""A simulated cuff on a virtual radio, and the real gateway that reads it and sends to a system."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gateway.hub import Hub
from gateway.settings import GatewaySettings, RadioRules
from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from wire.address import BrokerAddress

NEVER = float("inf")


@asynccontextmanager
async def cuff_at_home(
    ready: dict[str, Any], directory: Path, *, address: str, zone: str, profile: str = "generic"
) -> AsyncIterator[Cuff]:
    """Its gateway signs in as the spare one of a demonstration."""
    broker, stop = ready["mqtt"], asyncio.Event()
    place = BrokerAddress.from_url(f"mqtt://{broker['host']}:{broker['port']}")
    async with VirtualRadio() as radio:
        cuff = await radio.add(Cuff(address=address, profile=profile, zone=ZoneInfo(zone)))
        settings = GatewaySettings(
            gateway_id=broker["username"],
            data_dir=directory,
            mqtt=replace(place, username=broker["username"], password=broker["password"]),
            allow_plain_mqtt=True,
            time_zone=zone,
            scanner_backend=radio.scanner_class(),
            client_backend=radio.client_class(),
            time_sync_grace_s=0,
            radio=RadioRules(
                pace=0.05, exit_when_silent=False, silence_restart_s=NEVER, silence_reset_s=NEVER
            ),
        )
        running = asyncio.create_task(Hub(settings).run(stop))
        try:
            yield cuff
        finally:
            stop.set()
            await asyncio.wait([running], timeout=20)
            running.cancel()
