"""The UDI that a device says itself: what is there, what is cut off, what cannot be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_profiles.errors import TRUNCATED, DecodeError
from device_profiles.udi_value import UdiValue, decode, encode, udi_of
from simulator.traits import traits_of

DI = "09506000134352"
LABEL = f"(01){DI}(21)1234"
texts = st.none() | st.text("()0123456789.ABCä", max_size=20)


@given(texts, texts, texts, texts, st.sampled_from([0, 0x10, 0xF0]))
def test_what_is_said_is_read_again(
    label: str | None, di: str | None, issuer: str | None, authority: str | None, reserved: int
) -> None:
    value = UdiValue(
        label=label,
        device_identifier=di,
        issuer=issuer,
        authority=authority,
        reserved_flags=reserved,
    )
    assert decode(encode(value)) == value


@given(st.integers(0, len(LABEL) + len(DI) + 2))
def test_a_frame_that_ends_too_early_says_nothing_at_all(length: int) -> None:
    whole = encode(UdiValue(label=LABEL, device_identifier=DI))
    assert length < len(whole)
    with pytest.raises(DecodeError) as refused:
        decode(whole[:length])
    assert refused.value.code == TRUNCATED
    assert udi_of(whole[:length]) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (UdiValue(label=LABEL, device_identifier=DI), LABEL),
        (UdiValue(label="see box", device_identifier=DI), f"(01){DI}"),
        (UdiValue(label=LABEL[:-7] + "x", device_identifier=DI), f"(01){DI}"),
        (UdiValue(device_identifier=DI), f"(01){DI}"),
    ],
)
def test_the_label_goes_before_the_identifier_where_it_can_be_read(
    value: UdiValue, text: str
) -> None:
    found = udi_of(encode(value))
    assert found is not None
    assert found.text == text


@pytest.mark.parametrize("value", [UdiValue(), UdiValue(label="see box"), UdiValue(issuer="x")])
def test_what_is_no_udi_is_none(value: UdiValue) -> None:
    assert udi_of(encode(value)) is None


def test_the_demonstrations_devices_are_of_no_product() -> None:
    for profile in ("generic", "and-ua-651ble", "nonin-3230"):
        found = udi_of(encode(UdiValue(label=traits_of(profile, serial="A-17").udi)))
        assert found is not None
        assert found.serial == "A-17"
        assert found.di[1:3] == "20"
