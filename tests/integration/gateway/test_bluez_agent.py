"""The pairing agent against a fake BlueZ, on a D-Bus of its own: no adapter, no root."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from gateway.bluez_agent import AGENT, MANAGER, PATH, PairingAgent
from gateway.device_book import DeviceNotes
from gateway.pairing_words import Capability
from gateway.system_bus import close_bus, open_bus

METER = DeviceNotes(address="A0:B1:C2:D3:E4:F5", passkey="012345")
CUFF = DeviceNotes(address="A0:B1:C2:D3:E4:F5")
OBJECT = "/org/bluez/hci0/dev_A0_B1_C2_D3_E4_F5"
STRANGER = "/org/bluez/hci0/dev_00_00_00_00_00_01"


@dataclass
class FakeBluez:
    """Answers org.bluez.AgentManager1 and asks what bluetoothd asks."""

    bus: MessageBus
    agents: dict[str, tuple[str, str]] = field(default_factory=dict)
    default: str | None = None
    refuses: bool = False

    def called(self, message: Message) -> Message | None:
        if message.interface != MANAGER or message.message_type is not MessageType.METHOD_CALL:
            return None
        if self.refuses:
            return Message.new_error(message, "org.bluez.Error.AlreadyExists", "no")
        match message.member:
            case "RegisterAgent":
                path, capability = message.body
                self.agents[path] = (message.sender or "", capability)
            case "UnregisterAgent" if message.body[0] not in self.agents:
                return Message.new_error(message, "org.bluez.Error.DoesNotExist", "no agent")
            case "UnregisterAgent":
                del self.agents[message.body[0]]
            case "RequestDefaultAgent":
                self.default = message.body[0]
        return Message.new_method_return(message)

    async def asks(self, member: str, signature: str, *body: object) -> Message:
        assert self.default == PATH
        sender, _ = self.agents[PATH]
        return await self.bus.call(
            Message(
                destination=sender,
                path=PATH,
                interface=AGENT,
                member=member,
                signature=signature,
                body=list(body),
            )
        )


@pytest.fixture
def bus_address() -> Iterator[str]:
    program = shutil.which("dbus-daemon")
    if program is None:
        pytest.skip("dbus-daemon is not installed")
    daemon = subprocess.Popen(
        [program, "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


@pytest.fixture
async def bluez(bus_address: str) -> AsyncIterator[FakeBluez]:
    bus = await open_bus(bus_address)
    await bus.request_name("org.bluez")
    fake = FakeBluez(bus)
    bus.add_message_handler(fake.called)
    yield fake
    await close_bus(bus)


@pytest.fixture
async def agent(bus_address: str) -> AsyncIterator[PairingAgent]:
    agent = PairingAgent(bus_address=bus_address)
    yield agent
    await agent.close()


async def test_the_passkey_that_the_clinic_told_is_typed(
    bluez: FakeBluez, agent: PairingAgent
) -> None:
    assert await agent.expect(METER, shows_passkey=True)
    assert bluez.agents[PATH][1] == Capability.KEYBOARD_DISPLAY
    reply = await bluez.asks("RequestPasskey", "o", OBJECT)
    assert (reply.signature, reply.body) == ("u", [12345])


async def test_a_pin_code_keeps_its_leading_zero(bluez: FakeBluez, agent: PairingAgent) -> None:
    await agent.expect(METER, shows_passkey=True)
    reply = await bluez.asks("RequestPinCode", "o", OBJECT)
    assert (reply.signature, reply.body) == ("s", ["012345"])


async def test_a_cuff_without_a_display_is_offered_just_works(
    bluez: FakeBluez, agent: PairingAgent
) -> None:
    await agent.expect(CUFF, shows_passkey=False)
    assert bluez.agents[PATH][1] == Capability.NO_INPUT_NO_OUTPUT
    reply = await bluez.asks("RequestAuthorization", "o", OBJECT)
    assert reply.message_type is MessageType.METHOD_RETURN


async def test_a_passkey_that_nobody_told_us_is_refused(
    bluez: FakeBluez, agent: PairingAgent
) -> None:
    await agent.expect(CUFF, shows_passkey=True)
    reply = await bluez.asks("RequestPasskey", "o", OBJECT)
    assert reply.error_name == "org.bluez.Error.Rejected"


@pytest.mark.parametrize(("shown", "agreed"), [(12345, True), (12346, False)])
async def test_two_numbers_are_compared(
    bluez: FakeBluez, agent: PairingAgent, shown: int, *, agreed: bool
) -> None:
    await agent.expect(METER, shows_passkey=True)
    reply = await bluez.asks("RequestConfirmation", "ou", OBJECT, shown)
    assert (reply.message_type is MessageType.METHOD_RETURN) is agreed


async def test_a_stranger_cannot_pair_while_another_is_visited(
    bluez: FakeBluez, agent: PairingAgent
) -> None:
    await agent.expect(METER, shows_passkey=True)
    for member in ("RequestPasskey", "RequestAuthorization"):
        reply = await bluez.asks(member, "o", STRANGER)
        assert reply.error_name == "org.bluez.Error.Rejected"


async def test_nobody_can_pair_when_nobody_is_visited(
    bluez: FakeBluez, agent: PairingAgent
) -> None:
    await agent.expect(METER, shows_passkey=True)
    agent.expect_nobody()
    reply = await bluez.asks("RequestPasskey", "o", OBJECT)
    assert reply.error_name == "org.bluez.Error.Rejected"


async def test_the_capability_changes_from_device_to_device(
    bluez: FakeBluez, agent: PairingAgent
) -> None:
    await agent.expect(METER, shows_passkey=True)
    await agent.expect(CUFF, shows_passkey=False)
    assert bluez.agents[PATH][1] == Capability.NO_INPUT_NO_OUTPUT


async def test_cancel_and_release_are_answered(bluez: FakeBluez, agent: PairingAgent) -> None:
    await agent.expect(METER, shows_passkey=True)
    for member in ("Cancel", "Release"):
        reply = await bluez.asks(member, "")
        assert reply.message_type is MessageType.METHOD_RETURN


async def test_a_bluetoothd_that_refuses_is_no_disaster(
    bluez: FakeBluez, agent: PairingAgent
) -> None:
    bluez.refuses = True
    assert not await agent.expect(METER, shows_passkey=True)


async def test_a_bus_without_bluez_is_no_disaster(agent: PairingAgent) -> None:
    assert not await agent.expect(METER, shows_passkey=True)


async def test_no_bus_at_all_is_no_disaster() -> None:
    agent = PairingAgent(bus_address="unix:path=/nonexistent/bus")
    assert not await agent.expect(METER, shows_passkey=True)
