"""Resetting a wedged adapter through BlueZ: power off, power on."""

import asyncio
from typing import Final

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from gateway.system_bus import close_bus, open_bus

BLUEZ: Final = "org.bluez"
OFF_S: Final = 2.0
CALL_S: Final = 10.0


async def power_cycle(adapter: str | None) -> None:
    """Raises OSError where BlueZ cannot be reached or refuses, TimeoutError where it hangs."""
    async with asyncio.timeout(2 * CALL_S + OFF_S):
        bus = await open_bus()
        try:
            await _power(bus, adapter or "hci0", on=False)
            await asyncio.sleep(OFF_S)
            await _power(bus, adapter or "hci0", on=True)
        finally:
            await close_bus(bus)


async def _power(bus: MessageBus, adapter: str, *, on: bool) -> None:
    reply = await bus.call(
        Message(
            destination=BLUEZ,
            path=f"/org/bluez/{adapter}",
            interface="org.freedesktop.DBus.Properties",
            member="Set",
            signature="ssv",
            body=["org.bluez.Adapter1", "Powered", Variant("b", on)],
        )
    )
    if reply.message_type is MessageType.ERROR:
        raise OSError(f"BlueZ would not switch {adapter}: {reply.error_name}")
