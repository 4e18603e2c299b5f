"""Fee localities: the one that the practice has named, and no other one by chance."""

import pytest

from billing.parties.localities import held, locality, words
from care.errors import InvalidError


@pytest.mark.parametrize(
    ("there", "stated", "holds"),
    [
        ({""}, "", ""),
        ({""}, "01", ""),
        ({"01"}, "", "01"),
        ({"01"}, "01", "01"),
        ({"01"}, "02", None),
        ({"01", "02"}, "", None),
        ({"01", "02"}, "02", "02"),
        ({"01", "02"}, "03", None),
        ({"01", "02"}, "2", "02"),
        ({"2", "12"}, "02", "2"),
        ({"01", "10"}, "0", None),
        ({"2", "02"}, "002", None),
        ({"2", "02"}, "02", "02"),
        ({"13282-01", "13282-02"}, "13282-1", "13282-01"),
        ({"13282-01", "13282-10"}, "1328-201", None),
        ({"", "01", "02"}, "", ""),
        ({"", "01", "02"}, "03", ""),
        ({"", "01", "02"}, "01", "01"),
    ],
)
def test_which_locality_of_a_file_holds(there: set[str], stated: str, holds: str | None) -> None:
    assert held(there, stated) == holds


@pytest.mark.parametrize(
    ("there", "stated", "said"),
    [
        ({""}, "", ""),
        ({"01"}, "", ""),
        ({"01"}, "02", "It has the locality 01, and the practice has named 02; none of it holds."),
        (
            {"01", "02"},
            "",
            "It has 2 localities: 01, 02, and the practice has not said which; none",
        ),
        (
            {"01", "02"},
            "3",
            "It has 2 localities: 01, 02, and the practice has named 3; none of it",
        ),
        ({"01", "02"}, "2", "It has 2 localities; the amounts of 02 hold"),
        ({f"{each:02}" for each in range(13)}, "99", "10, 11 and 1 more, and the practice has"),
        ({"01", "02"}, "02", "It has 2 localities; the amounts of 02 hold"),
        ({"", "01", "02"}, "", "of it only what names no locality holds. Name yours at Practice."),
    ],
)
def test_what_that_means_is_said(there: set[str], stated: str, said: str) -> None:
    assert said in words(there, stated)
    assert bool(words(there, stated)) == bool(said)


@pytest.mark.parametrize(
    ("typed", "kept"), [(" 13282  01 ", "13282 01"), ("a", "A"), ("x" * 20, "X" * 20), ("", "")]
)
def test_one_spelling(typed: str, kept: str) -> None:
    assert locality(typed) == kept


@pytest.mark.parametrize("typed", ["x" * 21, "a\x00b"])
def test_too_long_is_refused_and_not_cut(typed: str) -> None:
    with pytest.raises(InvalidError):
        locality(typed)
