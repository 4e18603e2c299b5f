"""A D-Bus connection that leaves nothing open, whatever happens to it."""

import asyncio
import contextlib

from dbus_fast import BusType
from dbus_fast.aio import MessageBus

GOODBYE_S = 1.0


async def open_bus(address: str | None = None) -> MessageBus:
    """The system bus, or the one at `address`. Raises OSError and the library's own errors."""
    bus = MessageBus(bus_address=address, bus_type=BusType.SYSTEM)
    try:
        return await bus.connect()
    except BaseException:
        bus.disconnect()
        raise


async def close_bus(bus: MessageBus) -> None:
    """Until the socket is closed; why it was lost does not matter any more."""
    bus.disconnect()
    with contextlib.suppress(OSError, EOFError, TimeoutError):
        async with asyncio.timeout(GOODBYE_S):
            await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
