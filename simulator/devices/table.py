"""Rows of a device's attribute table: characteristics as bumble's GATT server wants them."""

from collections.abc import Awaitable, Callable
from typing import Final

from bumble import att
from bumble.core import UUID
from bumble.device import Connection
from bumble.gatt import Characteristic, Descriptor, Service
from bumble.gatt_server import Server

from simulator.faults import Refusal

Read = Callable[[], Awaitable[bytes]]
Write = Callable[[bytes], Awaitable[None]]
Subscribed = Callable[[str], Awaitable[None]]
"""Told the short UUID before the subscription is answered."""

_PROPERTIES = Characteristic.Properties
_PERMISSIONS = att.Attribute.Permissions
_CCCD: Final = UUID.from_16_bits(0x2902)
_READ_NEEDS: Final = {
    Refusal.INSUFFICIENT_AUTHENTICATION: _PERMISSIONS.READ_REQUIRES_AUTHENTICATION,
    Refusal.INSUFFICIENT_ENCRYPTION: _PERMISSIONS.READ_REQUIRES_ENCRYPTION,
}
_WRITE_NEEDS: Final = {
    Refusal.INSUFFICIENT_AUTHENTICATION: _PERMISSIONS.WRITE_REQUIRES_AUTHENTICATION,
    Refusal.INSUFFICIENT_ENCRYPTION: _PERMISSIONS.WRITE_REQUIRES_ENCRYPTION,
}


def readable(uuid: str, read: Read) -> Characteristic[bytes]:
    """Read-only, and open to everybody: the battery, who made it."""
    value = att.AttributeValue[bytes](read=lambda _: read())
    return Characteristic(uuid, _PROPERTIES.READ, _PERMISSIONS.READABLE, value)


def settable(uuid: str, read: Read, write: Write) -> Characteristic[bytes]:
    """Read, and written with a response: a clock."""
    return Characteristic(
        uuid,
        _PROPERTIES.READ | _PROPERTIES.WRITE,
        _PERMISSIONS.READABLE | _PERMISSIONS.WRITEABLE,
        att.AttributeValue[bytes](read=lambda _: read(), write=_taking(write)),
    )


def indicated(uuid: str) -> Characteristic[bytes]:
    """A measurement that the gateway confirms."""
    return Characteristic(uuid, _PROPERTIES.INDICATE, _PERMISSIONS(0), b"")


def notified(uuid: str) -> Characteristic[bytes]:
    """A measurement that nobody confirms."""
    return Characteristic(uuid, _PROPERTIES.NOTIFY, _PERMISSIONS(0), b"")


def control_point(uuid: str, write: Write) -> Characteristic[bytes]:
    """Written with a response, answered by an indication."""
    return Characteristic(
        uuid,
        _PROPERTIES.WRITE | _PROPERTIES.INDICATE,
        _PERMISSIONS.WRITEABLE,
        att.AttributeValue[bytes](write=_taking(write)),
    )


def answering(uuid: str, write: Write) -> Characteristic[bytes]:
    """Written with a response, answered by a notification: a maker's own door."""
    return Characteristic(
        uuid,
        _PROPERTIES.WRITE | _PROPERTIES.NOTIFY,
        _PERMISSIONS.WRITEABLE,
        att.AttributeValue[bytes](write=_taking(write)),
    )


def service(uuid: str, *characteristics: Characteristic[bytes]) -> Service:
    return Service(uuid, list(characteristics))


def protect(row: Characteristic[bytes], refusal: Refusal) -> None:
    """Refuse to read or write the value for a central without a bond."""
    if row.permissions & _PERMISSIONS.READABLE:
        row.permissions |= _READ_NEEDS[refusal]
    if row.permissions & _PERMISSIONS.WRITEABLE:
        row.permissions |= _WRITE_NEEDS[refusal]


def configure(
    row: Characteristic[bytes], server: Server, *, refusal: Refusal | None, told: Subscribed
) -> None:
    """Give a measurement its CCCD. The one that bumble adds by itself never asks for a bond."""
    permissions = _PERMISSIONS.READABLE | _PERMISSIONS.WRITEABLE
    if refusal is not None:
        permissions |= _WRITE_NEEDS[refusal]

    async def write(bearer: att.Bearer, value: bytes) -> None:
        server.write_cccd(bearer, row, value)
        if any(value):
            await told(name_of(row))

    value = att.AttributeValueV2[bytes](
        read=lambda bearer: server.read_cccd(bearer, row), write=write
    )
    row.descriptors = [Descriptor(_CCCD, permissions, value)]


def is_sent(row: Characteristic[bytes]) -> bool:
    return bool(row.properties & (_PROPERTIES.NOTIFY | _PROPERTIES.INDICATE))


def is_writable(row: Characteristic[bytes]) -> bool:
    return bool(row.permissions & _PERMISSIONS.WRITEABLE)


def watch_reads(row: Characteristic[bytes], tell: Callable[[], Awaitable[None]]) -> None:
    """Await `tell` while the value is being read, before the answer goes out."""
    value = row.value
    if isinstance(value, att.AttributeValue) and row.permissions & _PERMISSIONS.READABLE:

        async def read(connection: Connection) -> bytes:
            await tell()
            answer = value.read(connection)
            return answer if isinstance(answer, bytes) else await answer

        async def write(connection: Connection, data: bytes) -> None:
            done = value.write(connection, data)
            if done is not None:
                await done

        row.value = att.AttributeValue[bytes](read=read, write=write)


def is_indicated(row: Characteristic[bytes]) -> bool:
    return bool(row.properties & _PROPERTIES.INDICATE)


def name_of(row: Characteristic[bytes]) -> str:
    """The short UUID where it is Bluetooth's own, else the long one; lower case."""
    return row.uuid.to_hex_str("-").lower()


def _taking(write: Write) -> Callable[[Connection, bytes], Awaitable[None]]:
    async def take(_: Connection, value: bytes) -> None:
        await write(value)

    return take
