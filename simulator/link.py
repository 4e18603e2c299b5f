"""The air between controllers: bumble's LocalLink with its gotchas taken out.

What bumble 0.0.236 gets wrong and this puts right: data always goes out under the random address
(a device with a public address connects but never answers), each advertisement goes to every
controller (n devices cost n * n callbacks), and a controller is looked for by walking all of them.
"""

import asyncio

from bumble import hci, ll
from bumble.controller import Controller
from bumble.core import PhysicalTransport
from bumble.link import LocalLink
from typing_extensions import override

from simulator.errors import AddressTakenError


class VirtualLink(LocalLink):
    """Carries packets between the controllers of one radio. Each has one address, and keeps it."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._controllers: dict[hci.Address, Controller] = {}
        self._addresses: dict[Controller, hci.Address] = {}
        self._centrals: set[Controller] = set()

    def join(self, controller: Controller, address: hci.Address, *, central: bool) -> None:
        """Put a controller on the air; only centrals are given advertisements to hear."""
        if address in self._controllers:
            raise AddressTakenError(address.to_string(with_type_qualifier=False))
        self._controllers[address] = controller
        self._addresses[controller] = address
        if central:
            self._centrals.add(controller)
        self.controllers.add(controller)

    def leave(self, controller: Controller) -> None:
        """Take a controller off the air; packets on their way to it are lost."""
        address = self._addresses.pop(controller)
        del self._controllers[address]
        self._centrals.discard(controller)
        self.controllers.discard(controller)

    def address_of(self, controller: Controller) -> hci.Address:
        return self._addresses[controller]

    def lookup(self, address: str) -> hci.Address | None:
        """The full address, with its type, of the controller that goes by these six bytes."""
        wanted = address.upper()
        for known in self._controllers:
            if known.to_string(with_type_qualifier=False) == wanted:
                return known
        return None

    @override
    def find_le_controller(self, address: hci.Address) -> Controller | None:
        return self._controllers.get(address)

    @override
    def send_acl_data(
        self,
        sender_controller: Controller,
        destination_address: hci.Address,
        transport: PhysicalTransport,
        data: bytes,
    ) -> None:
        source = self._addresses.get(sender_controller)
        destination = self._controllers.get(destination_address)
        if source is not None and destination is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(_deliver, destination, source, transport, data)

    @override
    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        if isinstance(packet, ll.ConnectInd):
            advertiser = self._controllers.get(packet.advertiser_address)
            if advertiser is not None:
                # At once: whoever asks first has it, and the second hears nothing.
                advertiser.on_ll_advertising_pdu(packet)
            return
        loop = asyncio.get_running_loop()
        for central in self._centrals:
            if central.le_scan_enable or central.pending_le_connection is not None:
                loop.call_soon(central.on_ll_advertising_pdu, packet)

    @override
    def send_ll_control_pdu(
        self,
        sender_address: hci.Address,
        receiver_address: hci.Address,
        packet: ll.ControlPdu,
    ) -> None:
        # A peer that has left the air hears nothing, and that is no error of the sender's.
        receiver = self._controllers.get(receiver_address)
        if receiver is not None:
            loop = asyncio.get_running_loop()
            loop.call_soon(receiver.on_ll_control_pdu, sender_address, packet)


def _deliver(
    destination: Controller, source: hci.Address, transport: PhysicalTransport, data: bytes
) -> None:
    # The link may have been lost while the packet was on its way.
    if source in destination.le_connections:
        destination.on_link_acl_data(source, transport, data)
