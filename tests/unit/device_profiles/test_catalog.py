"""Which profile a device gets, by what it advertises."""

from pathlib import Path

import pytest

from device_profiles import gatt
from device_profiles.catalog import CATALOG, GENERIC, by_name, match
from device_profiles.decoding import DECODERS
from device_profiles.errors import UnknownProfile
from device_profiles.profile import BondPolicy, ClockPolicy, Profile


@pytest.mark.parametrize(
    ("name", "services", "companies", "profile"),
    [
        ("A&D_UA-651BLE_B5583A", ["1810"], [], "and-ua-651ble"),
        ("A&D_UC-352BLE_AA26F0", ["181d"], [], "and-uc-352ble"),
        ("BLESmart_00000154ABCDEF", ["1810"], [], "omron-standard"),
        (None, ["1810"], [0x020E], "omron-standard"),
        ("meter+05213457", ["1808"], [], "accu-chek-guide"),
        ("Contour7830H5012345", ["1808"], [], "contour-next-one"),
        ("CareSens 0A1B", ["1808"], [], "caresens"),
        ("BM85", ["1810"], [], "beurer-bm85"),
        ("Nonin3230_502112345", [gatt.full("1822")], [], "nonin-3230"),
        ("MI SCALE2", [gatt.full("181d")], [], "xiaomi-scale1"),
        ("MIBFS", [gatt.full("181b").upper()], [], "xiaomi-mibfs"),
        ("mibfs", ["181b"], [], "xiaomi-mibfs"),
        ("Nobody's cuff", ["1810"], [], "generic"),
        (None, ["1810"], [], "generic"),
        ("A&D_UA-651BLE_B5583A", ["181d"], [], "generic"),
        ("BLESmart_00000154ABCDEF", ["ecbe3980-c9a2-11e1-b1bd-0002a5d5c51b"], [0x020E], None),
        ("a neighbour's watch", ["180d"], [], None),
        ("a lamp", [], [], None),
    ],
)
def test_a_device_that_is_heard_gets_this_profile(
    name: str | None, services: list[str], companies: list[int], profile: str | None
) -> None:
    found = match(name, services, companies)
    assert (found and found.name) == profile


def test_a_profile_is_found_by_its_name() -> None:
    assert by_name("generic") is GENERIC
    assert all(by_name(name).name == name for name in CATALOG)


def test_a_name_that_no_profile_has_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownProfile, match="and-ua-651ble"):
        by_name("sphygmomanometer")


@pytest.mark.parametrize("profile", CATALOG.values(), ids=lambda profile: profile.name)
def test_a_profile_is_whole(profile: Profile) -> None:
    assert profile.sources
    assert profile.kinds
    assert profile.services
    assert set(profile.measurements) <= {*DECODERS, gatt.GLUCOSE_CONTEXT}
    assert (profile.clock is ClockPolicy.VENDOR) == bool(profile.vendor_clocks)
    if profile.advertised:
        assert profile.bond is BondPolicy.NEVER
    if profile.clock_characteristic:
        assert profile.clock_service


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("2a35", "00002a35-0000-1000-8000-00805f9b34fb"),
        (
            "46a970e0-0d5f-11e2-8b5e-0002a5d5c51b",
            "46a970e0-0d5f-11e2-8b5e-0002a5d5c51b",
        ),
    ],
)
def test_a_uuid_has_a_short_and_a_full_form(short: str, full: str) -> None:
    assert gatt.full(short) == full
    assert gatt.short(full.upper()) == short
    assert gatt.short(short) == short


def test_a_32_bit_uuid_is_lengthened_too() -> None:
    assert gatt.full("0000FE95") == "0000fe95-0000-1000-8000-00805f9b34fb"


def test_every_profile_and_characteristic_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[3] / "docs" / "devices.md").read_text()
    missing = [name for name in CATALOG if f"| `{name}` |" not in page]
    assert not missing
    assert not [uuid for uuid in DECODERS if uuid not in page]


def test_a_profile_can_be_a_key() -> None:
    assert len(set(CATALOG.values())) == len(CATALOG)
