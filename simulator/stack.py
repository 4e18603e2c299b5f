"""A whole Bluetooth stack in memory: bumble's host on a virtual controller."""

import logging
from dataclasses import dataclass

from bumble import hci
from bumble.device import Device, DeviceConfiguration
from bumble.host import Host
from bumble.keys import MemoryKeyStore
from bumble.pairing import PairingDelegate
from typing_extensions import override

from simulator.controller import VirtualController
from simulator.link import VirtualLink

KEYS = PairingDelegate.KeyDistribution.DISTRIBUTE_ENCRYPTION_KEY
"""All that peers exchange. With identity keys bumble would scan before each connection."""


class _Host(Host):
    """Bumble's host; the inherited ones format every packet for a debug log that nobody reads."""

    @override
    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        if self.hci_sink:
            self.hci_sink.on_packet(bytes(packet))

    @override
    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        if isinstance(packet, hci.HCI_Event):
            self.on_hci_event_packet(packet)
        elif isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """A powered-on Bluetooth device and the controller under it."""

    device: Device
    controller: VirtualController
    keys: MemoryKeyStore

    async def power_off(self) -> None:
        """Leave the air: every connection is lost, and nothing of it stays running."""
        self.controller.le_legacy_advertiser.stop()
        for peer in list(self.controller.le_connections):
            self.controller.lose_link(peer)
        self.controller.air.leave(self.controller)
        await self.device.power_off()
        self.controller.host = None


async def power_on(
    link: VirtualLink, *, name: str, address: hci.Address, central: bool = False
) -> Stack:
    """Put a new stack on the air. The address' own type says whether it is public or random."""
    quieten()
    controller = VirtualController(name, link=link, address=address, central=central)
    configuration = DeviceConfiguration(
        name=name,
        address=hci.Address.ANY_RANDOM if address.is_public else address,
        # A device brings a GATT server of its own, a central needs none.
        gatt_service_enabled=False,
        gap_service_enabled=False,
    )
    device = Device(config=configuration, host=_Host(controller, controller))
    keys = MemoryKeyStore()
    device.keystore = keys
    await device.power_on()
    return Stack(device=device, controller=controller, keys=keys)


def quieten() -> None:
    """Faults are what the simulator is for; bumble need not warn of each."""
    logging.getLogger("bumble").setLevel(logging.ERROR)
    # Two ends that hang up at the same time are an error to this one logger.
    logging.getLogger("bumble.controller").setLevel(logging.CRITICAL)
