import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.exports.npi import sound

BODY = st.integers(min_value=100_000_000, max_value=299_999_999)


def test_the_example_of_cms_is_sound() -> None:
    assert sound("1234567893")


@pytest.mark.parametrize("npi", ["1234567892", "1234567894", "1234567890"])
def test_a_check_digit_below_or_above_is_not(npi: str) -> None:
    assert not sound(npi)


@pytest.mark.parametrize(
    "npi",
    [
        "",
        "123456789",
        "12345678931",
        "123456789A",
        "\u0661234567893",
        "0000000006",
        "3234567891",
    ],
)
def test_what_has_not_ten_digits_or_begins_otherwise_is_not(npi: str) -> None:
    assert not sound(npi)


@given(BODY)
def test_of_ten_check_digits_exactly_one_is_sound(body: int) -> None:
    assert sum(sound(f"{body}{check}") for check in range(10)) == 1


@given(
    st.integers(min_value=100_000_000, max_value=299_999_999), st.integers(0, 8), st.integers(1, 9)
)
def test_any_single_wrong_digit_is_found(body: int, place: int, off: int) -> None:
    npi = next(f"{body}{check}" for check in range(10) if sound(f"{body}{check}"))
    wrong = str((int(npi[place]) + off) % 10)
    assert not sound(npi[:place] + wrong + npi[place + 1 :])
