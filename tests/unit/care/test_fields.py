import pytest

from care import fields
from care.errors import InvalidError


def test_text_is_stripped_of_space_around_it() -> None:
    assert fields.text("name", "  Oak Street ") == "Oak Street"


@pytest.mark.parametrize("typed", ["", "   ", "a\x00b", "line\nbreak", "\u202eabc", "x" * 201])
def test_what_is_no_text_is_refused_by_name(typed: str) -> None:
    with pytest.raises(InvalidError, match=r"^name: "):
        fields.text("name", typed)


@pytest.mark.parametrize("length", [199, 200])
def test_text_may_be_as_long_as_it_may(length: int) -> None:
    assert fields.text("name", "x" * length) == "x" * length


@pytest.mark.parametrize("typed", ["g", "gw-1", "A_b-9", "x" * 64])
def test_gateway_ids_fit_into_topics(typed: str) -> None:
    assert fields.gateway_id(typed) == typed


@pytest.mark.parametrize("typed", ["", "-gw", "gw/1", "gw+", "gw#", "gw 1", "x" * 65, "gw\n"])
def test_other_gateway_ids_are_refused(typed: str) -> None:
    with pytest.raises(InvalidError, match="gateway"):
        fields.gateway_id(typed)


@pytest.mark.parametrize("typed", ["Europe/Berlin", "America/New_York", "UTC"])
def test_time_zones_are_of_the_iana(typed: str) -> None:
    assert fields.time_zone("time_zone", typed) == typed


@pytest.mark.parametrize("typed", ["Berlin", "", "../../etc/passwd", "America", "/etc/localtime"])
def test_other_time_zones_are_refused(typed: str) -> None:
    with pytest.raises(InvalidError, match="time_zone"):
        fields.time_zone("time_zone", typed)


@pytest.mark.parametrize(("slot", "taken"), [(-1, False), (0, True), (254, True), (255, False)])
def test_slot_255_means_unknown_and_is_no_slot(slot: int, *, taken: bool) -> None:
    if taken:
        assert fields.user_slot(slot) == slot
    else:
        with pytest.raises(InvalidError, match="user_slot"):
            fields.user_slot(slot)


def test_addresses_are_upper_case_as_readings_have_them() -> None:
    assert fields.address("a0:b1:c2:d3:e4:f5") == "A0:B1:C2:D3:E4:F5"


def test_user_names_are_the_same_in_either_case() -> None:
    assert fields.username("Nurse.Joy@Example.org") == "nurse.joy@example.org"


@pytest.mark.parametrize("typed", ["000000", "012345", "999999"])
def test_a_passkey_is_six_digits(typed: str) -> None:
    assert fields.passkey(typed) == typed


@pytest.mark.parametrize("typed", ["", "1", "12345", "1234567", "12345x", "12345\n", "٣٣٣٣٣٣"])
def test_what_is_no_passkey_is_refused(typed: str) -> None:
    with pytest.raises(InvalidError, match="passkey"):
        fields.passkey(typed)


def test_a_profile_is_as_long_as_a_gateway_can_be_told() -> None:
    assert fields.profile("") == ""
    assert fields.profile("x" * 64) == "x" * 64
    with pytest.raises(InvalidError, match="profile"):
        fields.profile("x" * 65)


@pytest.mark.parametrize("typed", ["A0:B1:C2:D3:E4", "a0:b1:c2:d3:e4:fo", "A0:B1:C2:D3:E4:F5:00"])
def test_what_is_nearly_a_bluetooth_address_is_a_typing_error(typed: str) -> None:
    with pytest.raises(InvalidError, match="is no Bluetooth address"):
        fields.address(typed)


def test_a_source_over_http_names_its_devices_as_it_likes() -> None:
    assert fields.address("imei-356938035643809") == "IMEI-356938035643809"
    assert fields.address("urn:imei:356938035643809") == "URN:IMEI:356938035643809"
