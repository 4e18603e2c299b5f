"""What people type of practices, payers and fees: taken as it is meant, or refused by its field."""

from decimal import Decimal

import msgspec
import pytest

from billing.months.records import Address
from billing.parties import checks
from billing.parties.fee_file import ROWS_MOST, fees_in
from billing.parties.payers import PayerTerms, checked_terms
from billing.parties.practice import Profile, checked_profile
from billing.rule_files import shipped
from care.errors import FaultsError, InvalidError


@pytest.mark.parametrize(
    ("text", "fees"),
    [
        ("code,amount\n99454,46\n", [("99454", "", "46.00", None)]),
        ("\ufeffCODE;Amount;charge;modifier\r\n99454;46.5;110;gp\r\n\r\n",
         [("99454", "GP", "46.50", "110.00")]),
        ('code\tamount\n99457\t"$1,050.25"\n', [("99457", "", "1050.25", None)]),
        ("code,amount,locality\n99454,1,\n99454,2,13282\n",
         [("99454", "", "1.00", None), ("99454", "", "2.00", None)]),
    ],
)  # fmt: skip
def test_a_fee_file_is_read_as_spreadsheets_save_it(
    text: str, fees: list[tuple[str, str, str, str | None]]
) -> None:
    assert [
        (each.code, each.modifier, str(each.amount),
         None if each.charge is None else str(each.charge))
        for each in fees_in(text)
    ] == fees  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "code is missing"),
        ("code\n99454\n", "amount is missing"),
        ("code,amount,price\n99454,1,1\n", "'price' is none of them"),
        ("code,amount\n", "no fee in it"),
        ("code,amount\n9945,1\n", "five characters"),
        ("code,amount\n99454,-0.01\n", "below 0"),
        ("code,amount\n99454,NaN\n", "no amount"),
        ("code,amount\n99454,1e9\n", "no amount"),
        ("code,amount\n99454,100000000\n", "too large"),
        ("code,amount\n99454,1_000\n", "no amount"),
        ("code,amount\n99454,٣\n", "no amount"),
        ("code,amount\n99454,=1+1\n", "no amount"),
        ("code;amount\n99454;52,11\n", "no amount"),
        ("code;amount\n99454;1,05,000\n", "no amount"),
        ("code,amount\n99454,1,050.25\n", "has 3 cells"),
        ("code,amount,charge\n99454,1,1,050.25\n", "has 4 cells"),
        ("code,amount\n99454,1.005\n", "two decimals"),
        ("code,amount\n99454,1\n99454,2\n", "twice"),
        ("code,amount\n" + "99454,1\n" * (ROWS_MOST + 1), "more than"),
    ],
)
def test_a_fee_file_that_cannot_be_meant_is_refused_by_its_line(text: str, words: str) -> None:
    with pytest.raises(FaultsError) as caught:
        fees_in(text)
    assert words in str(caught.value)


def test_every_fault_of_a_fee_file_is_told_with_its_line() -> None:
    with pytest.raises(FaultsError) as caught:
        fees_in("code,amount\nx,1\n99454,2\n99457,y\n")
    assert [each.line for each in caught.value.faults] == [2, 4]
    assert fees_in("code,amount\n99454,99999999.99\n")[0].amount == Decimal("99999999.99")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("12-3456789", "123456789"), (" 12 345 6789 ", "123456789"), ("", None), (None, None)],
)
def test_numbers_are_kept_without_their_marks(typed: str | None, kept: str | None) -> None:
    assert checks.tax_id(typed) == kept


@pytest.mark.parametrize("typed", ["12-345678", "1234567890", "12345678x"])
def test_a_tax_number_has_nine_digits(typed: str) -> None:
    with pytest.raises(InvalidError, match="tax_id"):
        checks.tax_id(typed)


def test_an_address_is_whole_or_none() -> None:
    assert checks.address(Address(line_1="", city="", state="", zip_code="")) is None
    found = checks.address(Address(line_1="1 Elm", city="Troy", state="ny", zip_code="12180-0001"))
    assert found is not None
    assert (found.state, found.zip_code) == ("NY", "121800001")
    with pytest.raises(InvalidError) as caught:
        checks.address(Address(line_1="", city="Troy", state="NY", zip_code="12180"))
    assert caught.value.field == "line_1"


def test_an_empty_profile_is_what_nobody_has_entered() -> None:
    assert checked_profile(Profile(legal_name=" ", npi="", phone="")) == Profile()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"authority": "nowhere"}, "authority"),
        ({"filing_code": "M"}, "filing_code"),
        ({"claim_form": "fax"}, "claim_form"),
        ({"corrects_by": "hope"}, "corrects_by"),
    ],
)
def test_what_a_payer_cannot_be_is_refused_by_its_field(
    changes: dict[str, str], field: str
) -> None:
    terms = msgspec.structs.replace(PayerTerms(name="Green"), **changes)
    with pytest.raises(InvalidError) as caught:
        checked_terms(terms, shipped())
    assert caught.value.field == field
