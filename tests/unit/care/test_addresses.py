import pytest
from hypothesis import given
from hypothesis import strategies as st

from care import addresses

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
