"""Advertisements: written as a device sends them, read as a scanner reports them."""

from functools import lru_cache
from typing import Final

from bleak.backends.scanner import AdvertisementData
from bleak.uuids import normalize_uuid_str
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement

from simulator.errors import AdvertisementTooLongError

BYTES_MAX: Final = 31
"""A legacy advertisement and a scan response hold this much each, all headers included."""

_TYPE = AdvertisingData.Type
_GENERAL_DISCOVERABLE_NO_CLASSIC: Final = b"\x06"
_UUID_LISTS: Final = {
    _TYPE.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    _TYPE.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS: 2,
    _TYPE.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
    _TYPE.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS: 16,
}
_UUID_LISTS_SENT: Final = (
    (_TYPE.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, 2),
    (_TYPE.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS, 16),
)
_SERVICE_DATA: Final = {
    _TYPE.SERVICE_DATA_16_BIT_UUID: 2,
    _TYPE.SERVICE_DATA_128_BIT_UUID: 16,
}


def advertisement(
    *, services: tuple[str, ...], service_data: tuple[tuple[str, bytes], ...]
) -> bytes:
    """What is said unasked: flags, short service UUIDs, service data. At most 31 bytes."""
    structures = [(int(_TYPE.FLAGS), _GENERAL_DISCOVERABLE_NO_CLASSIC)]
    uuids = [_wire(uuid) for uuid in services]
    for kind, width in _UUID_LISTS_SENT:
        listed = b"".join(uuid for uuid in uuids if len(uuid) == width)
        structures.extend([(int(kind), listed)] if listed else [])
    for uuid, data in service_data:
        structures.append((int(_TYPE.SERVICE_DATA_16_BIT_UUID), _wire(uuid) + data))
    return _packed(structures)


def scan_response(*, name: str, company: tuple[int, bytes] | None) -> bytes:
    """What is said when asked: the name and the maker's own data. At most 31 bytes."""
    structures = [(int(_TYPE.COMPLETE_LOCAL_NAME), name.encode())] if name else []
    if company is not None:
        identifier, data = company
        said = identifier.to_bytes(2, "little") + data
        structures.append((int(_TYPE.MANUFACTURER_SPECIFIC_DATA), said))
    return _packed(structures)


def read(seen: Advertisement) -> AdvertisementData:
    """A report in bleak's words."""
    name: str | None = None
    company: dict[int, bytes] = {}
    service_data: dict[str, bytes] = {}
    services: list[str] = []
    for kind, data in seen.data.ad_structures:
        if kind in (_TYPE.COMPLETE_LOCAL_NAME, _TYPE.SHORTENED_LOCAL_NAME):
            name = data.decode(errors="replace")
        elif kind == _TYPE.MANUFACTURER_SPECIFIC_DATA:
            company[int.from_bytes(data[:2], "little")] = data[2:]
        elif kind in _SERVICE_DATA:
            width = _SERVICE_DATA[_TYPE(kind)]
            service_data[full(data[:width])] = data[width:]
        elif kind in _UUID_LISTS:
            width = _UUID_LISTS[_TYPE(kind)]
            steps = range(0, len(data), width)
            services.extend(full(data[at : at + width]) for at in steps)
    return AdvertisementData(name, company, service_data, services, None, seen.rssi, ())


@lru_cache(maxsize=1024)
def full(uuid: bytes) -> str:
    """A UUID as it is on the air (little-endian) in bleak's 36-character form."""
    return normalize_uuid_str(UUID.from_bytes(uuid).to_hex_str("-"))


def _wire(uuid: str) -> bytes:
    return UUID(uuid).to_bytes()


def _packed(structures: list[tuple[int, bytes]]) -> bytes:
    packed = bytes(AdvertisingData(structures))
    if len(packed) > BYTES_MAX:
        raise AdvertisementTooLongError(f"{len(packed)} bytes: {packed.hex()}")
    return packed
