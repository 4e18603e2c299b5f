"""The pairing agent: answers BlueZ's questions when a device wants a bond (org.bluez.Agent1).

bleak has none (its #1100), so that a device with a passkey cannot be paired without a person at a
terminal. BlueZ asks the default agent, because bleak calls Pair on a connection of its own. The
agent is registered anew before each visit that may pair: the capability differs from device to
device, and bluetoothd forgets agents when it restarts.
"""

import asyncio
from typing import Final

import structlog
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusFastError

from gateway.device_book import DeviceNotes
from gateway.pairing_words import Capability, Refusal, answer, capability
from gateway.system_bus import close_bus, open_bus

PATH: Final = "/org/hearthbeat/agent"
BLUEZ: Final = "org.bluez"
MANAGER: Final = "org.bluez.AgentManager1"
AGENT: Final = "org.bluez.Agent1"
SIGNATURES: Final = {"RequestPasskey": "u", "RequestPinCode": "s"}
CALL_S: Final = 5.0
log = structlog.get_logger()


class PairingAgent:
    """`bus_address` None is the system bus; tests have one of their own."""

    def __init__(self, *, bus_address: str | None = None) -> None:
        self._bus_address = bus_address
        self._bus: MessageBus | None = None
        self._visiting: DeviceNotes | None = None

    async def expect(self, notes: DeviceNotes, *, shows_passkey: bool) -> bool:
        """Be ready to answer for this device, and for no other. False: BlueZ does not have us."""
        self._visiting = notes
        try:
            async with asyncio.timeout(CALL_S):
                return await self._register(capability(notes, shows_passkey=shows_passkey))
        except (OSError, EOFError, TimeoutError, DBusFastError) as error:
            log.warning("pairing agent is not registered", error=type(error).__name__)
            await self.close()
            return False

    def expect_nobody(self) -> None:
        self._visiting = None

    async def close(self) -> None:
        bus, self._bus = self._bus, None
        if bus is not None:
            await close_bus(bus)

    async def _register(self, wanted: Capability) -> bool:
        if self._bus is None or not self._bus.connected:
            await self.close()
            self._bus = await open_bus(self._bus_address)
            self._bus.add_message_handler(self._called)
        await self._manager("UnregisterAgent", "o", PATH)  # There may be none: never mind.
        registered = await self._manager("RegisterAgent", "os", PATH, str(wanted))
        return registered and await self._manager("RequestDefaultAgent", "o", PATH)

    async def _manager(self, member: str, signature: str, *body: str) -> bool:
        if self._bus is None:
            return False
        reply = await self._bus.call(
            Message(
                destination=BLUEZ,
                path="/org/bluez",
                interface=MANAGER,
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        return reply.message_type is MessageType.METHOD_RETURN

    def _called(self, message: Message) -> Message | bool | None:
        """D-Bus calls of Agent1's methods; everything else is left to the library."""
        ours = message.path == PATH and message.interface == AGENT
        if message.message_type is not MessageType.METHOD_CALL or not ours:
            return None
        if message.member in {"Release", "Cancel"}:
            return Message.new_method_return(message)
        said = answer(message.member or "", message.body, visiting=self._visiting)
        if isinstance(said, Refusal):
            log.warning("pairing refused", question=message.member, why=said.why)
            return Message.new_error(message, said.error, said.why)
        signature = SIGNATURES.get(message.member or "")
        if signature is None or said is None:
            return Message.new_method_return(message)
        return Message.new_method_return(message, signature, [said])
