import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.errors import InvalidError
from care.orders import NPI_PREFIX, _luhn, check_diagnosis, check_npi

nine = st.text("0123456789", min_size=9, max_size=9)


def with_check_digit(digits: str) -> str:
    return digits + str(-_luhn(NPI_PREFIX + digits + "0") % 10)


@given(nine)
def test_nine_digits_and_their_check_digit_are_an_npi(digits: str) -> None:
    assert check_npi(with_check_digit(digits)) == with_check_digit(digits)


@given(nine, st.integers(0, 9), st.integers(1, 9))
def test_one_digit_wrong_is_seen(digits: str, place: int, more: int) -> None:
    good = with_check_digit(digits)
    wrong = good[:place] + str((int(good[place]) + more) % 10) + good[place + 1 :]
    with pytest.raises(InvalidError, match="check digit"):
        check_npi(wrong)


def test_a_published_example() -> None:
    assert check_npi("1234567893") == "1234567893"


@pytest.mark.parametrize("typed", ["123456789", "12345678930", "123456789x", "١٢٣٤٥٦٧٨٩٣", ""])
def test_an_npi_is_ten_digits(typed: str) -> None:
    with pytest.raises(InvalidError, match="must be ten digits"):
        check_npi(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("i10", "I10"), (" E11.65 ", "E11.65"), ("O10.011", "O10.011"), ("U07.1", "U07.1")],
)
def test_a_diagnosis_is_written_in_capitals(typed: str, code: str) -> None:
    assert check_diagnosis(typed) == code


@pytest.mark.parametrize("typed", ["", "10", "I1", "I10.", "I10.12345", "I10; J45"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(InvalidError, match="no ICD-10 code"):
        check_diagnosis(typed)
