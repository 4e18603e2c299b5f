import tomllib

from hypothesis import given
from hypothesis import strategies as st

from care.faults import Path
from care.lines import line_of
from tests.unit.care.test_programme_files import GOOD

parts = st.one_of(st.integers(0, 5), st.sampled_from(["rules", "bounds", "id", "hours", "end", ""]))


def line(path: Path) -> str:
    number = line_of(GOOD, path)
    assert number is not None
    return GOOD.splitlines()[number - 1]


def test_a_key_of_the_file_is_found() -> None:
    assert line(("title",)) == 'title = "Small"'


def test_a_key_of_a_table_is_found() -> None:
    assert line(("hours", "end")) == 'end = "18:00"'


def test_a_key_of_the_second_table_of_an_array_is_found() -> None:
    assert line(("rules", 1, "id")) == 'id = "mean"'
    assert line(("rules", 1, "bounds", 0, "value")).startswith("bounds = [{ metric")


def test_a_key_that_is_missing_is_told_at_its_table() -> None:
    assert line(("rules", 1, "label")) == "[[rules]]"
    assert line_of(GOOD, ("rules", 7)) is None
    assert line_of(GOOD, ()) is None


@given(st.lists(parts, max_size=5).map(tuple))
def test_any_path_has_a_line_of_the_file_or_none(path: Path) -> None:
    found = line_of(GOOD, path)
    assert found is None or 1 <= found <= len(GOOD.splitlines())


def test_the_file_of_these_tests_is_toml() -> None:
    assert tomllib.loads(GOOD)["rules"][1]["id"] == "mean"
