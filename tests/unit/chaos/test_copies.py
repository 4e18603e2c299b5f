from pathlib import Path

import pytest

from tests.chaos import copies
from tests.chaos.copies import LARGE, Copies


def test_before_the_first_copy_there_is_none(tmp_path: Path) -> None:
    assert copies.read(tmp_path) == Copies()


def test_a_copy_without_an_end_was_cut_off(tmp_path: Path) -> None:
    lines = ["0 1-0 B 3", "0 1-0 E 3", "1 2-0 B 7", "0 1-1 B 4", "0 1-1 U 4", "0 3-0 B 5"]
    (tmp_path / copies.NAME).write_text("\n".join([*lines, "0 3-0 X 5"]))
    found = copies.read(tmp_path)
    assert (found.begun, found.refused, found.cut_off, found.largest) == (4, 1, 2, 7)


@pytest.mark.parametrize(("rows", "large"), [(LARGE - 1, 0), (LARGE, 1), (LARGE + 1, 1)])
def test_a_large_copy_is_one_that_production_makes(tmp_path: Path, rows: int, large: int) -> None:
    (tmp_path / copies.NAME).write_text(f"0 1-0 B {rows}\n")
    assert copies.read(tmp_path).large == large
