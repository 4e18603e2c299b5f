import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care import addresses
from care.errors import InvalidError

UUID = "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"


@pytest.mark.parametrize(
    "typed", ["A0:B1:C2:D3:E4:F5", "a0:b1:c2:d3:e4:f5", "A0-B1-C2-d3-e4-f5", " a0b1c2D3E4F5 "]
)
def test_an_address_has_one_spelling_however_it_was_typed(typed: str) -> None:
    assert addresses.on_the_air(typed) == "A0:B1:C2:D3:E4:F5"


def test_the_uuid_that_a_mac_shows_instead_is_an_address() -> None:
    assert addresses.on_the_air(UUID.lower()) == UUID


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("A0:B1:C2:D3:E4", "has 5 parts instead of 6 pairs"),
        ("A0:B1:C2:D3:E4:F5:A6", "has 7 parts instead of 6 pairs"),
        ("A0:B1:C2:D3:E4:FO", "has 'O' in it, which is no hexadecimal digit: is it 0?"),
        ("A0:B1:C2:D3:E4:FX", "has 'X' in it, which is no hexadecimal digit"),
        ("A0:B1:C2-D3:E4:F5", "has another form"),
        ("A0:B1:C2:D3:E4:F", "has another form"),
        ("A0:B1:C2:D3:E4:\u0665\u0665", "which is no hexadecimal digit"),
        ("A0B1C2D3E4F", "has another form"),
        (UUID[:-1], "has 5 parts"),
        ("00:00:00:00:00:00", "is no device's"),
        ("ff:ff:ff:ff:ff:ff", "is no device's"),
        ("cuff", "has another form"),
        ("", "has another form"),
    ],
)
def test_what_is_no_address_is_told_why(typed: str, why: str) -> None:
    assert addresses.on_the_air(typed) is None
    assert why in addresses.complaint(typed)


@given(st.binary(min_size=6, max_size=6))
def test_every_address_of_a_device_is_kept_as_it_is(raw: bytes) -> None:
    text = raw.hex(":").upper()
    found = addresses.on_the_air(text)
    assert found == text or raw in {bytes(6), b"\xff" * 6}
    assert addresses.mistyped(text) is (found is None)


@given(st.text(max_size=40))
def test_nothing_typed_upsets_it(typed: str) -> None:
    found = addresses.on_the_air(typed)
    assert found is None or addresses.on_the_air(found) == found
    assert addresses.complaint(typed)


@pytest.mark.parametrize(
    "typed", ["B0:00", "IMEI-356938035643809", "123456789012", "urn:imei:35693"]
)
def test_other_names_are_not_taken_for_mistyped_addresses(typed: str) -> None:
    assert not addresses.mistyped(typed)


IMEI = "imei-356938035643809"


@pytest.mark.parametrize(
    ("typed", "own", "kept"),
    [
        ("a0-b1-c2-d3-e4-f5", False, "A0:B1:C2:D3:E4:F5"),
        ("a0b1c2d3e4f5", False, "A0:B1:C2:D3:E4:F5"),
        ("c0:b1:c2:d3:e4:f5", None, "C0:B1:C2:D3:E4:F5"),  # A random one looks like any other.
        (UUID.lower(), False, UUID),
        (UUID.lower(), None, UUID),
        (IMEI, None, IMEI.upper()),
        (IMEI, True, IMEI.upper()),
        ("860000000001", None, "860000000001"),
        ("860000000001", True, "860000000001"),
        ("860000000001", False, "86:00:00:00:00:01"),
        ("a0b1c2d3e4f5", True, "A0B1C2D3E4F5"),
        ("B0:00", None, "B0:00"),
        ("x" * 64, None, "X" * 64),
        ("a b", True, "A B"),
    ],
)
def test_a_device_is_called_one_thing(typed: str, own: bool | None, kept: str) -> None:  # noqa: FBT001
    assert addresses.called(typed, own=own) == kept
    assert addresses.sound(kept) == kept


@pytest.mark.parametrize(
    ("typed", "own", "why"),
    [
        (IMEI, False, "has another form"),
        ("A0:B1:C2:D3:E4", None, "5 parts instead of 6"),
        ("A0:B1:C2:D3:E4", True, "5 parts instead of 6"),
        ("A0:B1:C2:D3:E4:FO", None, "is it 0?"),
        ("a0-b1-c2-d3-e4-f5", None, "write A0:B1:C2:D3:E4:F5, or say which"),
        ("a0b1c2d3e4f5", None, "write A0:B1:C2:D3:E4:F5, or say which"),
        ("x" * 65, None, "1 to 64"),
        ("", True, "1 to 64"),
        ("\u00e4-1", True, "plain ASCII"),
        ("a\nb", True, "plain ASCII"),
        ("\u0663" * 12, None, "plain ASCII"),
    ],
)
def test_what_readings_could_not_find_is_refused(typed: str, own: bool | None, why: str) -> None:  # noqa: FBT001
    with pytest.raises(InvalidError, match=re.escape(why)):
        addresses.called(typed, own=own)


@given(st.text(max_size=70), st.sampled_from([True, False, None]))
def test_what_is_kept_is_what_a_reading_can_carry(typed: str, own: bool | None) -> None:  # noqa: FBT001
    try:
        name = addresses.called(typed, own=own)
    except InvalidError:
        return
    assert name.isascii()
    assert 1 <= len(name) <= 64
    assert name == name.upper() == name.strip()
