"""Services as discovered over the virtual radio, in bleak's own classes."""

from collections.abc import Callable
from typing import cast

from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bumble.core import UUID
from bumble.gatt_client import CharacteristicProxy, Client, ServiceProxy

from simulator.advertising import full


async def discover(client: Client, *, room: Callable[[], int]) -> BleakGATTServiceCollection:
    """Ask the device for all it has. `room` says how many bytes fit in a write command."""
    found = BleakGATTServiceCollection()
    for service in await client.discover_services():
        await client.discover_characteristics((), service)
        _add_service(found, service)
        for characteristic in service.characteristics:
            if characteristic.end_group_handle > characteristic.handle:
                await client.discover_descriptors(characteristic)
            # Or bumble asks again at each subscription.
            characteristic.descriptors_discovered = True
            _add_characteristic(found, service, characteristic, room)
    return found


def _add_service(found: BleakGATTServiceCollection, service: ServiceProxy) -> None:
    found.add_service(BleakGATTService(service, service.handle, _text(service.uuid)))


def _add_characteristic(
    found: BleakGATTServiceCollection,
    service: ServiceProxy,
    proxy: CharacteristicProxy[bytes],
    room: Callable[[], int],
) -> None:
    owner = cast(BleakGATTService, found.get_service(service.handle))
    characteristic = BleakGATTCharacteristic(
        proxy,
        proxy.handle,
        _text(proxy.uuid),
        list(gatt_char_props_to_strs(int(proxy.properties))),
        room,
        owner,
    )
    found.add_characteristic(characteristic)
    for descriptor in proxy.descriptors:
        found.add_descriptor(
            BleakGATTDescriptor(
                descriptor, descriptor.handle, _text(descriptor.type), characteristic
            )
        )


def _text(uuid: UUID) -> str:
    return full(uuid.to_bytes())
