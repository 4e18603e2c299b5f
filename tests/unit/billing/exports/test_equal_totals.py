from decimal import Decimal
from pathlib import Path
from typing import Any

from billing.exports.manifest import FileKind
from billing.months.records import LineOf, PatientMonth, Status
from tests.unit.billing.exports.conftest import Writing
from tests.unit.billing.exports.making import line, patient
from tests.unit.billing.exports.readers import (
    Sums,
    csv_rows,
    csv_sums,
    x12_lines,
    x12_sums,
    xlsx_rows,
    xlsx_sums,
)


def further(mrn: str, charge: str, **changes: Any) -> LineOf:
    return line("99458", mrn, charge=Decimal(charge), **changes)


def month() -> list[PatientMonth]:
    return [
        patient("P-1"),
        patient("P-2", lines=(line("99457", "P-2"), further("P-2", "124.26", units=3))),
        patient("P-3", lines=()),
        *(patient(f"Q-{n}") for n in range(40)),
    ]


def test_csv_workbook_and_claims_say_the_same(written: Writing, tmp_path: Path) -> None:
    manifests = [written(kind, month()) for kind in FileKind]
    csv = csv_sums(tmp_path / "csv" / "claim_lines.csv")
    assert csv == Sums(84, 86, Decimal("4435.45"))
    assert xlsx_sums(tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx") == csv
    assert x12_sums(tmp_path / "837p" / "claims-2026-10.837") == csv
    for manifest in manifests:
        told = manifest.totals
        assert Sums(told.lines, told.units, told.charge) == csv
        assert manifest.patients == 43
        assert manifest.rows == manifests[0].rows


def test_lines_left_out_of_claims_make_up_the_difference(written: Writing, tmp_path: Path) -> None:
    stays = (line(status=Status.HELD), further("P-2", "82.84", units=2, status=Status.HELD))
    held = patient("P-2", lines=stays)
    written(FileKind.CSV, [patient(), held])
    claims = written(FileKind.X12, [patient(), held]).claims
    assert claims is not None
    csv = csv_sums(tmp_path / "csv" / "claim_lines.csv")
    sent = x12_sums(tmp_path / "837p" / "claims-2026-10.837")
    assert sent == Sums(2, 2, Decimal("103.88"))
    assert sent.lines + claims.left_out_totals.lines == csv.lines
    assert sent.units + claims.left_out_totals.units == csv.units
    assert sent.charge + claims.left_out_totals.charge == csv.charge


def test_every_line_has_the_same_id_in_all_three(written: Writing, tmp_path: Path) -> None:
    for kind in FileKind:
        written(kind, month())
    ids = {row["line_id"] for row in csv_rows(tmp_path / "csv" / "claim_lines.csv")}
    workbook = xlsx_rows(tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx", "Lines")
    assert {row["line_id"] for row in workbook} == ids
    echoed = {
        each.reference_identification
        for one in x12_lines(tmp_path / "837p" / "claims-2026-10.837")
        for each in one.ref_segment
    }
    assert echoed == {each.replace("-", "")[:30].upper() for each in ids}


def test_a_month_without_lines_has_tables_and_no_claims(written: Writing, tmp_path: Path) -> None:
    empty = [patient(lines=(), days=(), time=(), not_eligible=())]
    for kind in FileKind:
        assert written(kind, empty).totals.lines == 0
    assert csv_rows(tmp_path / "csv" / "claim_lines.csv") == []
    assert xlsx_rows(tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx", "Lines") == []
    assert [file.name for file in sorted((tmp_path / "837p").iterdir())] == [
        "manifest.json",
        "problems.csv",
    ]


def test_a_month_without_patients_too(written: Writing) -> None:
    for kind in FileKind:
        assert written(kind, []).patients == 0
