import pytest

from care.errors import InvalidError
from care.phones import checked, dialled


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("+1 (555) 010-9999", "+15550109999"),
        ("555-010-9999", "5550109999"),
        ("555 010 9999 ext. 12", "5550109999;ext=12"),
        ("0555/010999 x7", "0555010999;ext=7"),
        ("(030) 901820", "030901820"),
        ("  +49  30 901820 ", "+4930901820"),
    ],
)
def test_a_number_is_kept_as_typed_and_dialled_by_digits(typed: str, link: str) -> None:
    kept = checked("phone", typed)
    assert kept == " ".join(typed.split())
    assert dialled(kept) == link


@pytest.mark.parametrize("digits", [6, 7, 15, 16])
def test_a_number_has_seven_to_fifteen_digits(digits: int) -> None:
    typed = "5" * digits
    if 7 <= digits <= 15:
        assert checked("phone", typed) == typed
    else:
        with pytest.raises(InvalidError, match=f"has {digits} digits"):
            checked("phone", typed)


@pytest.mark.parametrize(
    "typed",
    ["", "call me", "+", "555 0100 <b>", "5550100\x00", "++15550100", "5" * 41, "\uff15" * 8],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InvalidError):
        checked("phone", typed)


@pytest.mark.parametrize("typed", ["15", "112", "911"])
def test_an_emergency_number_may_be_short(typed: str) -> None:
    assert checked("emergency_number", typed, short=True) == typed


def test_one_digit_is_no_emergency_number() -> None:
    with pytest.raises(InvalidError, match="2 to 15"):
        checked("emergency_number", "9", short=True)


def test_what_was_kept_before_there_were_checks_is_dialled_as_well_as_may_be() -> None:
    assert dialled("home: 555 0100") == "5550100"
