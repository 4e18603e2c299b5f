"""Bonding on both ends: what a device demands, what the person at the adapter types."""

from enum import StrEnum
from typing import Final

from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate
from bumble.smp import ErrorCode, Session, SMP_Pairing_Request_Command
from typing_extensions import override

from simulator.stack import KEYS, Stack

NO_INPUT: Final = PairingDelegate.IoCapability.NO_OUTPUT_NO_INPUT
DISPLAY: Final = PairingDelegate.IoCapability.DISPLAY_OUTPUT_ONLY
KEYBOARD: Final = PairingDelegate.IoCapability.KEYBOARD_INPUT_ONLY


class Bonding(StrEnum):
    """What a device asks of a central before it hands out measurements."""

    NONE = "none"
    JUST_WORKS = "just_works"
    PASSKEY = "passkey"  # Six digits on its display or label; a central without them is refused.


class _Shower(PairingDelegate):
    """The device's end: shows its passkey, if it has one, and agrees to what it is allowed."""

    def __init__(self, *, passkey: int | None, willing: bool) -> None:
        capability = NO_INPUT if passkey is None else DISPLAY
        super().__init__(capability, KEYS, KEYS)
        self._passkey = passkey
        self._willing = willing

    @override
    async def accept(self) -> bool:
        return self._willing

    @override
    async def generate_passkey(self) -> int:
        return self._passkey or 0


class _Typist(PairingDelegate):
    """The adapter's end: types what the person knows, or agrees to Just Works."""

    def __init__(self, *, passkey: int | None) -> None:
        super().__init__(NO_INPUT if passkey is None else KEYBOARD, KEYS, KEYS)
        self._passkey = passkey

    @override
    async def get_number(self) -> int | None:
        return self._passkey


class _PasskeySession(Session):
    """A device with a passkey refuses a central that cannot type; bumble's would let it in."""

    @override
    def on_smp_pairing_request_command(self, command: SMP_Pairing_Request_Command) -> None:
        if int(command.io_capability) == int(NO_INPUT):
            self.send_pairing_failed(ErrorCode.AUTHENTICATION_REQUIREMENTS)
            return
        super().on_smp_pairing_request_command(command)


def guard(stack: Stack, *, passkey: int | None, willing: bool) -> None:
    """Set how a device answers the next pairing request. `passkey` None means Just Works."""
    needs_passkey = passkey is not None

    def configure(_: Connection) -> PairingConfig:
        delegate = _Shower(passkey=passkey, willing=willing)
        return PairingConfig(sc=True, mitm=needs_passkey, bonding=True, delegate=delegate)

    stack.device.pairing_config_factory = configure
    stack.device.smp_session_proxy = _PasskeySession if needs_passkey else Session


async def pair(connection: Connection, *, passkey: int | None) -> None:
    """Pair as the central, and bond. Raises bumble's ProtocolError when the device refuses."""

    def configure(_: Connection) -> PairingConfig:
        delegate = _Typist(passkey=passkey)
        return PairingConfig(sc=True, mitm=passkey is not None, bonding=True, delegate=delegate)

    connection.device.pairing_config_factory = configure
    await connection.pair()
