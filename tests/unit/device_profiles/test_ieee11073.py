"""SFLOAT and FLOAT: decimal numbers as the device meant them, and five words that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_profiles.errors import EncodeError
from device_profiles.ieee11073 import float32, float32_word, sfloat, sfloat_word
from vitals.flags import Special

WORDS_16 = st.integers(0, 0xFFFF)
WORDS_32 = st.integers(0, 0xFFFF_FFFF)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        (0x0000, 0.0),
        (0x0080, 128.0),
        (0xF16E, 36.6),
        (0xF3E8, 100.0),
        (0x0064, 100.0),
        (0xF870, -193.6),
        (0x07FD, 2045.0),
        (0x0803, -2045.0),
        (0x17FE, 20460.0),  # The special words are whole words: with an exponent it is a number.
        (0x8001, 1e-8),
        (0x7001, 1e7),
    ],
)
def test_an_sfloat_is_the_decimal_it_stands_for(word: int, value: float) -> None:
    assert sfloat(word) == value


@pytest.mark.parametrize(
    ("word", "special"),
    [
        (0x07FE, Special.PLUS_INF),
        (0x07FF, Special.NAN),
        (0x0800, Special.NRES),
        (0x0801, Special.RESERVED),
        (0x0802, Special.MINUS_INF),
    ],
)
def test_an_sfloat_special_word_is_a_name_and_never_a_number(word: int, special: Special) -> None:
    assert sfloat(word) is special
    assert sfloat_word(special) == word


@pytest.mark.parametrize(
    ("word", "special"),
    [
        (0x007FFFFE, Special.PLUS_INF),
        (0x007FFFFF, Special.NAN),
        (0x00800000, Special.NRES),
        (0x00800001, Special.RESERVED),
        (0x00800002, Special.MINUS_INF),
    ],
)
def test_a_float_special_word_is_a_name_and_never_a_number(word: int, special: Special) -> None:
    assert float32(word) is special
    assert float32_word(special) == word


@pytest.mark.parametrize(
    ("word", "value"),
    [
        (0xFF00016C, 36.4),
        (0xFF00016E, 36.6),
        (0x04030201, 1971210000.0),
        (0x007FFFFD, 8388605.0),
        (0x7F7FFFFF, 8388607e127),
        (0x80000001, 1e-128),
    ],
)
def test_a_float_is_the_decimal_it_stands_for(word: int, value: float) -> None:
    assert float32(word) == value


def test_a_shift_moves_the_point_without_float_noise() -> None:
    assert sfloat(0xB062, shift=5) == 98.0  # 98 x 10^-5 kg/L is 98 mg/dL.
    assert sfloat(0xC037, shift=3) == 5.5


def test_hi_and_lo_travel_as_infinities() -> None:
    assert sfloat(sfloat_word(Special.HI)) is Special.PLUS_INF
    assert sfloat(sfloat_word(Special.LO)) is Special.MINUS_INF


def test_whole_numbers_are_sent_as_cuffs_send_them() -> None:
    assert sfloat_word(128.0) == 0x0080
    assert sfloat_word(2045.0) == 0x07FD


def test_a_number_goes_to_the_nearest_that_fits() -> None:
    assert sfloat(sfloat_word(98.64)) == 98.6
    assert sfloat(sfloat_word(99.087)) == 99.1
    assert sfloat(sfloat_word(1e-12)) == 0.0


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e12, -1e12])
def test_what_does_not_fit_is_refused(value: float) -> None:
    with pytest.raises(EncodeError):
        sfloat_word(value)


@given(WORDS_16)
def test_an_sfloat_round_trips(word: int) -> None:
    assert sfloat(sfloat_word(sfloat(word))) == sfloat(word)


@given(WORDS_32)
def test_a_float_round_trips(word: int) -> None:
    assert float32(float32_word(float32(word))) == float32(word)
