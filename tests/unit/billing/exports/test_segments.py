import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.claim_letters import CARRIED
from billing.exports.errors import NotCarriedError
from billing.exports.x12.charset import carried
from billing.exports.x12.segments import Segment, decode, encode

ALLOWED = st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="*:^~")
TEXT = st.text(ALLOWED, max_size=12)
COMPONENTS = st.lists(TEXT, min_size=1, max_size=4).map(
    lambda parts: (*parts, "Z")  # Without an end that is left out.
)
ELEMENT = st.one_of(TEXT, COMPONENTS)
SEGMENT = st.builds(
    lambda name, elements: (name, *elements, "END"),
    st.sampled_from(["NM1", "SV1", "CLM"]),
    st.lists(ELEMENT, max_size=8),
)


@given(SEGMENT)
def test_a_segment_is_read_back_as_it_was(segment: Segment) -> None:
    assert decode(encode(segment)) == segment


@given(st.text(max_size=40))
def test_no_text_ever_ends_a_segment_early(text: str) -> None:
    try:
        made = encode(("NM1", "IL", text, "END"))
    except NotCarriedError:
        return
    assert made.count("~") == 1
    assert made.count("*") == 3
    assert ":" not in made


@given(st.text(max_size=60))
def test_what_is_carried_is_of_the_basic_set_and_stays_so(text: str) -> None:
    try:
        found = carried(text, most=200)
    except NotCarriedError:
        return
    assert CARRIED.fullmatch(found)
    assert carried(found, most=200) == found
    assert encode(("NM1", found, "END"))


@pytest.mark.parametrize("delimiter", ["*", ":", "^", "~", "\n", "\x00", "é", "\u202e"])
def test_a_delimiter_or_odd_letter_is_refused(delimiter: str) -> None:
    with pytest.raises(NotCarriedError):
        encode(("NM1", f"A{delimiter}B"))


def test_empty_elements_at_the_end_are_left_out_and_others_are_not() -> None:
    assert encode(("NM1", "IL", "", "X", "", "")) == "NM1*IL**X~"
    assert encode(("SV1", ("HC", "99454", "", ""), "", "1")) == "SV1*HC:99454**1~"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Muñoz", "MUNOZ"),
        ("O\u2019Brien", "O'BRIEN"),
        ("Søren Łukasz", "SOREN LUKASZ"),
        ("Groß", "GROSS"),
        ("  de   la\nCruz ", "DE LA CRUZ"),
        ("Smith\u2013Jones", "SMITH-JONES"),
        ("Apt #4", "APT 4"),
    ],
)
def test_names_are_written_as_claims_can_carry_them(typed: str, found: str) -> None:
    assert carried(typed, most=60) == found


@pytest.mark.parametrize(
    "name", ["=cmd|x", "A~B", "A*B", "A:B", "A^B", "张伟", "علي", "Ann 🙂", "A\u202eB"]
)
def test_a_name_that_cannot_be_carried_is_refused_and_not_shortened(name: str) -> None:
    with pytest.raises(NotCarriedError, match="which a claim cannot carry"):
        carried(name, most=60)


def test_length_below_at_and_above_the_most() -> None:
    assert carried("A" * 34, most=35) == "A" * 34
    assert carried("A" * 35, most=35) == "A" * 35
    with pytest.raises(NotCarriedError, match="longer than 35"):
        carried("A" * 36, most=35)
