import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from billing.exports.claims import DIAGNOSES_MOST, LINES_MOST, claims_of
from billing.exports.manifest import FileKind
from billing.months.records import LineOf
from tests.unit.billing.exports.conftest import Writing
from tests.unit.billing.exports.making import DOCTOR, OTHER_DOCTOR, line, of_lines
from tests.unit.billing.exports.readers import is_valid, x12_lines, x12_sums


def lines(count: int, **changes: Any) -> list[LineOf]:
    return [line("99457", f"line {number}", **changes) for number in range(count)]


@pytest.mark.parametrize(("count", "claims"), [(49, 1), (50, 1), (51, 2), (100, 2), (101, 3)])
def test_fifty_lines_fit_a_claim_and_fifty_one_do_not(count: int, claims: int) -> None:
    found = claims_of(lines(count))
    assert len(found) == claims
    assert sum(len(each.lines) for each in found) == count
    assert max(len(each.lines) for each in found) <= LINES_MOST


def test_fifty_one_lines_are_two_claims_that_others_can_read(
    written: Writing, tmp_path: Path
) -> None:
    manifest = written(FileKind.X12, [of_lines("P-1", lines(51))])
    file = tmp_path / "837p" / "claims-2026-10.837"
    assert manifest.claims is not None
    assert manifest.claims.claims == 2
    assert is_valid(file)
    assert x12_sums(file).lines == 51


@pytest.mark.parametrize(
    "other",
    [
        {"place_of_service": "19"},
        {"rendering": OTHER_DOCTOR},
        {"ordering": OTHER_DOCTOR},
        {"supervising": OTHER_DOCTOR},
        {"frequency": "7", "original_claim": "C1"},
        {"dos_to": dt.date(2026, 11, 1)},
    ],
    ids=str,
)
def test_what_a_claim_says_once_is_one_thing(other: dict[str, Any]) -> None:
    assert len(claims_of([line("99454"), line("99457")])) == 1
    assert len(claims_of([line("99454"), line("99457", **other)])) == 2


def test_a_claim_has_at_most_twelve_diagnoses() -> None:
    first = line("99454", diagnoses=tuple(f"E11.{n}" for n in range(9)))
    second = line("99457", diagnoses=("I10", "I50.9", "E11.0"))
    third = line("99458", diagnoses=("J44.9", "I48.0"))
    assert [len(each.lines) for each in claims_of([first, second])] == [2]
    found = claims_of([first, second, third])
    assert [len(each.lines) for each in found] == [2, 1]
    assert all(len(each.diagnoses) <= DIAGNOSES_MOST for each in found)


def test_the_order_of_lines_changes_nothing() -> None:
    those = [*lines(3), line("99454"), line("99457", rendering=OTHER_DOCTOR)]
    there = {each.claim_id: each.lines for each in claims_of(those)}
    back = {each.claim_id: each.lines for each in claims_of(those[::-1])}
    assert there == back


def test_pointers_point_at_the_claims_diagnoses(written: Writing, tmp_path: Path) -> None:
    written(
        FileKind.X12,
        [
            of_lines(
                "P-1",
                (line("99454", diagnoses=("I10",)), line("99457", diagnoses=("E11.9", "I10"))),
            )
        ],
    )
    text = (tmp_path / "837p" / "claims-2026-10.837").read_text()
    assert "HI*ABK:I10*ABF:E119~" in text
    assert "SV1*HC:99454*52.11*UN*1***1~" in text
    assert "SV1*HC:99457*52.11*UN*1***2:1~" in text


def test_who_bills_alone_is_named_once(written: Writing, tmp_path: Path) -> None:
    alone = line(rendering=DOCTOR, ordering=OTHER_DOCTOR, supervising=DOCTOR)
    written(FileKind.X12, [of_lines("P-1", (alone,))])
    file = tmp_path / "837p" / "claims-2026-10.837"
    text = file.read_text()
    assert "NM1*82*1*OKAFOR*GRACE****XX*1245319599~" in text
    assert "NM1*DQ" not in text
    assert "NM1*DK*1*LINDQVIST*PER****XX*1497758544~" in text
    assert is_valid(file)
    assert len(list(x12_lines(file))) == 1
