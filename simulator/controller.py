"""Bluetooth controllers for the virtual air: bumble's, with scan responses and working cancels."""

import asyncio
from typing import Any, Final

from bumble import hci, ll
from bumble.controller import Connection, Controller, LegacyAdvertiser
from typing_extensions import override

from simulator.link import VirtualLink

SIGNAL_DBM: Final = -50
LINK_LOST: Final = 0x08
"""HCI error "connection timeout": what both ends see when the radio link is lost."""

_REPORTS = hci.HCI_LE_Advertising_Report_Event.EventType
_KINDS: Final[dict[int, hci.HCI_LE_Advertising_Report_Event.EventType]] = {
    0: _REPORTS.ADV_IND,
    2: _REPORTS.ADV_SCAN_IND,
    3: _REPORTS.ADV_NONCONN_IND,
}
"""How a scanner is told of each advertising type."""


class _Advertiser(LegacyAdvertiser):
    """Advertises in the interval it was told, and without being connectable where asked."""

    @override
    def send_advertising_data(self) -> None:
        if self.enabled:
            pdu = ll.AdvInd(advertiser_address=self.address, data=self.advertising_data)
            self.controller.send_advertising_pdu(pdu)

    @override
    def _on_timer_fired(self) -> None:
        self.send_advertising_data()
        interval_s = self.advertising_interval_min * 0.625 / 1000
        loop = asyncio.get_running_loop()
        self.timer_handle = loop.call_later(interval_s, self._on_timer_fired)


class VirtualController(Controller):
    """One end of the air. Advertises with legacy PDUs: real cuffs and scales do nothing else."""

    # One air packet holds any ATT packet: fragments would cost time and prove nothing.
    le_acl_data_packet_length = 1024
    le_features = Controller.le_features & ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING

    def __init__(
        self, name: str, *, link: VirtualLink, address: hci.Address, central: bool = False
    ) -> None:
        super().__init__(name, public_address=address if address.is_public else None)
        self.link = link
        self.air = link
        self.le_legacy_advertiser = _Advertiser(self)
        link.join(self, address, central=central)
        self.refuses_connections = False
        """Advertises, and never answers a request to connect."""

    def lose_link(self, peer: hci.Address, reason: int = LINK_LOST) -> None:
        """Cut the connection to `peer` with no goodbye, as walking out of range does."""
        mine = self.le_connections.get(peer)
        if mine is None:
            return
        other = self.air.find_le_controller(peer)
        self.on_le_disconnected(mine, reason)
        theirs = other.le_connections.get(self.air.address_of(self)) if other else None
        if other is not None and theirs is not None:
            other.on_le_disconnected(theirs, reason)

    @override
    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        # The inherited one formats every packet for a debug log that nobody reads.
        if self.host:
            asyncio.get_running_loop().call_soon(self.host.on_packet, bytes(packet))

    @override
    def on_hci_packet(self, packet: hci.HCI_Packet) -> None:
        if isinstance(packet, hci.HCI_Command):
            self.on_hci_command_packet(packet)
        elif isinstance(packet, hci.HCI_AclDataPacket):
            self.on_hci_acl_data_packet(packet)

    @override
    def on_hci_le_create_connection_cancel_command(
        self, _command: hci.HCI_LE_Create_Connection_Cancel_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Cancel for real: the inherited one says so and keeps the request for ever."""
        pending = self.pending_le_connection
        if pending is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self.pending_le_connection = None
        peer: Any = pending.peer_address
        event = hci.HCI_LE_Connection_Complete_Event(
            status=hci.HCI_ErrorCode.UNKNOWN_CONNECTION_IDENTIFIER_ERROR,
            connection_handle=0,
            role=hci.Role.CENTRAL,
            peer_address_type=peer.address_type,
            peer_address=peer,
            connection_interval=0,
            peripheral_latency=0,
            supervision_timeout=0,
            central_clock_accuracy=0,
        )
        asyncio.get_running_loop().call_soon(self.send_hci_packet, event)
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    @override
    def on_le_disconnected(self, connection: Connection, reason: int) -> None:
        # Both ends may hang up at once; the second word then finds the connection gone.
        if connection.peer_address in self.le_connections:
            super().on_le_disconnected(connection, reason)

    @override
    def on_advertising_pdu(self, pdu: ll.AdvInd | ll.AdvExtInd) -> None:
        advertiser = self.air.find_le_controller(pdu.advertiser_address)
        if not isinstance(advertiser, VirtualController):
            return
        if self.le_scan_enable:
            self.send_hci_packet(self._report(pdu, advertiser))
        wanted = self.pending_le_connection
        if wanted is None or wanted.peer_address != pdu.advertiser_address:
            return
        if advertiser.takes_connections:
            self.create_le_connection(pdu.advertiser_address)

    @property
    def takes_connections(self) -> bool:
        advertiser = self.le_legacy_advertiser
        kind = hci.HCI_LE_Set_Advertising_Parameters_Command.AdvertisingType.ADV_IND
        # Once somebody is connected the advertiser is off, though a last PDU may be in flight.
        return (
            advertiser.enabled
            and advertiser.advertising_type == kind
            and not self.refuses_connections
        )

    def _report(
        self, pdu: ll.AdvInd | ll.AdvExtInd, advertiser: "VirtualController"
    ) -> hci.HCI_LE_Advertising_Report_Event:
        event = hci.HCI_LE_Advertising_Report_Event
        source = advertiser.le_legacy_advertiser
        kinds = [(_KINDS[source.advertising_type], pdu.data)]
        active = self.le_scan_type == hci.HCI_LE_Set_Scan_Parameters_Command.ACTIVE_SCANNING
        if active and kinds[0][0] != _REPORTS.ADV_NONCONN_IND:
            kinds.append((_REPORTS.SCAN_RSP, source.scan_response_data))
        return event(
            [
                event.Report(
                    event_type=kind,
                    address_type=pdu.advertiser_address.address_type,
                    address=pdu.advertiser_address,
                    data=data,
                    rssi=SIGNAL_DBM,
                )
                for kind, data in kinds
            ]
        )
