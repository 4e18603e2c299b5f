"""The claims, as bytes on disk; and copies of them, broken on purpose."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import structs

from billing.exports.manifest import FileKind
from billing.exports.x12 import envelope
from billing.exports.x12.balance import unbalanced
from billing.exports.x12.segments import decode
from billing.months.records import PatientMonth
from tests.unit.billing.exports.conftest import Writing
from tests.unit.billing.exports.making import (
    COVER,
    OTHER_DOCTOR,
    line,
    of_lines,
    patient,
)
from tests.unit.billing.exports.readers import (
    Sums,
    is_valid,
    parses,
    x12_as_written_again,
    x12_sums,
)

GOLDEN = Path(__file__).parents[3] / "golden" / "billing" / "claims.837"


def month() -> list[PatientMonth]:
    """Everything that a claim of ours may say."""
    ranged = structs.replace(
        COVER, payer="united", payer_name="United Example", payer_id="87726", member_id="900 1234",
        filing_code="CI", prior_auth="PA-778", corrects_by="replacement", date_range=True,
    )  # fmt: skip
    replaced = line(
        "99454", "P-2", frequency="7", original_claim="ICN-2026-1", ordering=OTHER_DOCTOR,
        supervising=OTHER_DOCTOR, modifiers=("GP", "KX"), units=1, exported_before=True,
    )  # fmt: skip
    further = line("99458", "P-1", units=3, charge=Decimal("124.20"), diagnoses=("E11.9", "I10"))
    return [
        structs.replace(patient("P-1"), lines=(*patient("P-1").lines, further)),
        structs.replace(of_lines("P-2", (replaced,)), cover=ranged),
    ]


@pytest.fixture
def file(written: Writing, tmp_path: Path) -> Path:
    written(FileKind.X12, month())
    return tmp_path / "837p" / "claims-2026-10.837"


def test_it_is_the_file_that_was_looked_at(file: Path) -> None:
    assert file.read_text() == GOLDEN.read_text()


def test_other_programs_believe_it(file: Path) -> None:
    assert is_valid(file)
    assert x12_sums(file) == Sums(4, 6, Decimal("280.19"))


def test_another_program_writes_it_again_as_it_was(file: Path) -> None:
    (again,) = x12_as_written_again(file)
    segments = file.read_text().splitlines()[2:-2]
    assert again.split() == [part for segment in segments for part in segment.split()]


BREAKAGES: dict[str, Callable[[str], str]] = {
    "a date that is none": lambda text: text.replace("D8*20261030", "D8*20261330"),
    "units that are none": lambda text: text.replace("*UN*3*", "*UN*three*"),
    "a line without its date": lambda text: re.sub(r"DTP\*472\*D8\*20261031~\n", "", text, count=1),
    "a wrong count of segments": lambda text: re.sub(r"SE\*\d+", "SE*7", text),
    "a total that is not the sum": lambda text: text.replace("*228.08***", "*229.08***"),
    "a claim without diagnoses": lambda text: re.sub(r"HI\*ABK:I10[^~]*~\n", "", text, count=1),
    "no subscriber's level": lambda text: re.sub(r"HL\*2[^~]*~\n", "", text),
    "no end of the interchange": lambda text: re.sub(r"IEA[^~]*~\n", "", text),
    "another control number at the end": lambda text: text.replace(
        "IEA*1*000000042", "IEA*1*000000043"
    ),
    "a delimiter in a name": lambda text: text.replace("MUNOZ", "MU*NOZ"),
    "a state that is too long": lambda text: text.replace("*IL*62704", "*ILLINOIS*62704"),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_a_broken_copy_is_seen_by_readers(name: str, file: Path) -> None:
    text = file.read_text()
    broken = BREAKAGES[name](text)
    assert broken != text
    file.write_text(broken)
    assert not (is_valid(file) and parses(file))


def test_our_own_check_sees_a_total_that_is_not_the_sum(file: Path) -> None:
    segments = [decode(each) for each in file.read_text().splitlines()[2:]]
    first = next(n for n, each in enumerate(segments) if each[0] == "CLM")
    last = next(n for n in range(first + 1, len(segments)) if segments[n][0] in {"HL", "CLM"})
    claim = segments[first:last]
    assert not unbalanced(claim)
    for total in ("228.07", "228.09"):
        (name, number, _, *rest), *others = claim
        assert unbalanced([(name, number, total, *rest), *others])


def test_each_interchange_has_the_number_it_is_given(file: Path) -> None:
    head, tail = file.read_text().splitlines()[0], file.read_text().splitlines()[-1]
    assert head.split("*")[13] == "000000042"
    assert len(head) == 106
    assert tail == "IEA*1*000000042~"


def test_more_claims_than_a_set_holds_are_two_sets(
    written: Writing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.exports.x12.writer.CLAIMS_MOST", 2)
    assert envelope.CLAIMS_MOST == 5_000
    written(FileKind.X12, [patient(f"P-{n}") for n in range(5)])
    file = tmp_path / "837p" / "claims-2026-10.837"
    assert is_valid(file)
    assert x12_sums(file).lines == 10
    assert file.read_text().count("\nST*") == 3
    assert "GE*3*42~" in file.read_text()
