"""What fits in an advertisement."""

import pytest

from simulator import advertising
from simulator.errors import AdvertisementTooLongError
from simulator.traits import traits_of


def test_flags_and_short_uuids() -> None:
    said = advertising.advertisement(services=("1810", "180f"), service_data=())
    assert said == bytes.fromhex("020106 0503 1018 0f18")


def test_a_long_uuid_goes_beside_the_short_ones() -> None:
    said = advertising.advertisement(
        services=("1822", "46a970e0-0d5f-11e2-8b5e-0002a5d5c51b"), service_data=()
    )
    assert said == bytes.fromhex("020106 0303 2218 1107 1bc5d5a502005e8be2115f0de070a946")


@pytest.mark.parametrize("length", [26, 27])
def test_a_name_fills_the_scan_response_with_makers_data_and_no_further(length: int) -> None:
    def respond() -> bytes:
        return advertising.scan_response(name="x" * (length - 4), company=(0x020E, b"\x01"))

    assert len(respond()) == length + 3


def test_a_name_too_long_is_refused() -> None:
    with pytest.raises(AdvertisementTooLongError):
        advertising.scan_response(name="x" * 30, company=None)


@pytest.mark.parametrize(
    "profile",
    ["and-ua-651ble", "omron-standard", "nonin-3230", "xiaomi-mibfs", "accu-chek-guide", "generic"],
)
def test_each_profiles_device_fits_on_the_air(profile: str) -> None:
    traits = traits_of(profile, serial="0123456789")
    advertising.advertisement(services=traits.services, service_data=())
    advertising.scan_response(name=traits.name, company=traits.company)
