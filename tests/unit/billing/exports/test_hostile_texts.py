"""Names that somebody made to do harm, in every text that leaves the house."""

from pathlib import Path
from typing import Any, Final

import pytest
from msgspec import structs

from billing.exports.evidence import evidence_of
from billing.exports.manifest import FileKind
from billing.exports.shown import of_evidence, of_superbill
from billing.exports.superbill import superbill_of
from billing.exports.tables import TABLES
from billing.months.records import PatientMonth
from console.web.templates import environment
from tests.unit.billing.exports.conftest import Writing
from tests.unit.billing.exports.making import HEAD, PRACTICE, entry, line, patient
from tests.unit.billing.exports.readers import csv_rows, is_valid, x12_lines, xlsx_rows

HOSTILE: Final = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff20SUM",
    " =1+1",
    "\u200b=1+1",
    "\u202e=1+1",
    "~*:^",
    'He said "hi", and\r\nleft',
    "<r><t>bold</t></r>",
    "<script>alert(1)</script>",
    "_x003D_1+1",
    "علي\u202eabc",
    "🙂👩‍⚕️",
    "a\x07b",
    "x" * 40_000,
)
STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def hostile(text: str) -> PatientMonth:
    """The same text wherever there is one."""
    made = patient()
    cover = made.cover
    assert cover is not None
    texts: dict[str, Any] = {"payer_name": text, "payer_id": text, "member_id": text}
    return structs.replace(
        made,
        who=structs.replace(made.who, mrn=text, family_name=text, given_name=text, sex=text),
        cover=structs.replace(cover, **texts, prior_auth=text),
        lines=(line(why=text, flags=(text,), rules=(text,), modifiers=(text,)),),
        days=tuple(
            structs.replace(each, device_serial=text, reason=text, source=text)
            for each in made.days
        ),
        time=(
            entry(
                4, staff_name=text, credential=text, role=text, note=text, with_whom=text,
                recorded_by=text, activity=text, mode=text, reason_not_counted=text,
            ),
        ),
        not_eligible=tuple(
            structs.replace(each, why=text, reason=text, flags=(text,))
            for each in made.not_eligible
        ),
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_no_cell_of_csv_or_workbook_begins_a_formula(
    text: str, written: Writing, tmp_path: Path
) -> None:
    head = structs.replace(HEAD, practice=structs.replace(PRACTICE, name=text))
    for kind in (FileKind.CSV, FileKind.XLSX):
        written(kind, [hostile(text)], head=head)
    cells = [
        cell
        for table in TABLES
        for row in csv_rows(tmp_path / "csv" / f"{table.name}.csv")
        for cell in row.values()
    ]
    book = tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx"
    shown = [
        cell
        for sheet in ("Summary", *(table.sheet for table in TABLES))
        for row in xlsx_rows(book, sheet)
        for cell in row.values()
        if isinstance(cell, str)
    ]
    assert len(cells) > 100
    assert len(shown) > 20
    for cell in cells + shown:
        assert not cell.lstrip(" \u200b\u202e").startswith(STARTS), cell


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=repr)
def test_a_workbook_still_says_what_was_written(
    text: str, written: Writing, tmp_path: Path
) -> None:
    written(FileKind.XLSX, [hostile(text)])
    (row,) = xlsx_rows(tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx", "Lines")
    said = str(row["last"]).removeprefix("'")
    assert said.replace("_x0007_", "\x07").replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_claims_of_others_stay_valid_and_the_reason_is_told(
    text: str, written: Writing, tmp_path: Path
) -> None:
    manifest = written(FileKind.X12, [patient("P-1"), hostile(text), patient("P-3")])
    file = tmp_path / "837p" / "claims-2026-10.837"
    assert is_valid(file)
    assert len(list(x12_lines(file))) == 4
    claims = manifest.claims
    assert claims is not None
    assert [each.mrn for each in claims.left_out] == [text]
    problems = csv_rows(tmp_path / "837p" / "problems.csv")
    assert {row["field"] for row in problems} >= {"modifiers"}


@pytest.mark.parametrize("text", HOSTILE, ids=repr)
def test_documents_show_it_and_do_nothing_else(text: str) -> None:
    made = hostile(text)
    evidence = evidence_of(HEAD, made, made.lines[0].line_id)
    for template, context in (
        ("billing/evidence.html", of_evidence(evidence)),
        ("billing/superbill.html", of_superbill(superbill_of(HEAD, made))),
    ):
        page = environment().get_template(template).render(**context)
        assert "<script" not in page
        assert "<r>" not in page
        assert " style=" not in page
