import pytest

from store.queries import split


def test_statements_are_found_by_the_names_above_them() -> None:
    text = "-- remarks --- on the file\n\n-- one --\nSELECT 1\n\n-- view two --\n-- why\nSELECT 2\n"
    assert split(text) == {"one": "SELECT 1", "view two": "-- why\nSELECT 2"}


def test_a_name_that_is_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        split("-- one --\nSELECT 1\n-- one --\nSELECT 2")
