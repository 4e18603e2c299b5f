import datetime as dt
from decimal import Decimal
from pathlib import Path

from msgspec import structs

from billing.exports.manifest import FileKind
from billing.exports.tables import DAYS, LINES, NOT_ELIGIBLE, TABLES, TIME_LOG
from tests.unit.billing.exports.conftest import Writing
from tests.unit.billing.exports.making import MADE, entry, line, patient
from tests.unit.billing.exports.readers import csv_rows, xlsx_rows

RULES_LINES = (
    "line_id, clinic, patient_id, mrn, last, first, dob, sex, payer_id, payer_name, member_id,"
    " prior_auth, program, code, modifier1, modifier2, modifier3, modifier4, units, dos_from,"
    " dos_to, pos, dx1, dx2, dx3, dx4, rendering_npi, billing_npi, supervising_npi, ordering_npi,"
    " window_from, window_to, days_counted, seconds_counted, live_contact_date, charge,"
    " expected_amount, status, reason_if_not_eligible, rules, flags, ruleset, evidence_url,"
    " exported_before"
)
RULES_TIME = (
    "entry_id, patient_id, mrn, program, staff_name, credential, role, start_local, end_local,"
    " zone, start_utc, end_utc, seconds_logged, seconds_counted, reason_not_counted, mode,"
    " live_contact, with_whom, activity, data_reviewed, note_excerpt, entered_at, entered_by,"
    " edited, late_entry, locked_month, line_id"
)
RULES_DAYS = (
    "patient_id, local_date, window_no, device_serial, source, first_measured_utc, received_utc,"
    " n_readings, counted, reason"
)


def test_columns_are_those_of_the_rules() -> None:
    asked = tuple(RULES_LINES.split(", "))
    assert LINES.header[: len(asked)] == asked
    # Ours stand behind them.
    assert LINES.header[len(asked) :] == ("frequency", "original_claim", "locked_version")
    assert TIME_LOG.header == tuple(RULES_TIME.split(", "))
    assert DAYS.header == tuple(RULES_DAYS.split(", "))
    assert "days_missing" in NOT_ELIGIBLE.header
    assert "seconds_missing" in NOT_ELIGIBLE.header


def test_times_stand_in_the_practices_zone_and_in_utc(written: Writing, tmp_path: Path) -> None:
    written(FileKind.CSV, [patient()])
    first, _ = csv_rows(tmp_path / "csv" / "time_log.csv")
    assert first["start_local"] == "2026-10-04T10:00:00-05:00"
    assert first["start_utc"] == "2026-10-04T15:00:00+00:00"
    assert first["zone"] == "America/Chicago"
    assert first["locked_month"] == "2026-10"
    assert first["live_contact"] == "yes"


def test_a_workbook_has_real_dates_and_numbers(written: Writing, tmp_path: Path) -> None:
    written(FileKind.XLSX, [patient()])
    book = tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx"
    supply, _ = xlsx_rows(book, "Lines")
    assert supply["dos_to"] == dt.date(2026, 10, 30)
    assert supply["dob"] == dt.date(1950, 2, 3)
    assert supply["units"] == 1
    assert supply["charge"] == 52.11
    assert supply["payer_id"] == "00952"
    call, _ = xlsx_rows(book, "Time")
    assert call["start_local"] == dt.datetime(2026, 10, 4, 10, 0)  # noqa: DTZ001 - As it is shown.
    assert call["start_utc"] == dt.datetime(2026, 10, 4, 15, 0)  # noqa: DTZ001
    assert [len(xlsx_rows(book, table.sheet)) for table in TABLES] == [2, 2, 3, 1, 0]


def test_every_cell_of_a_workbook_is_what_csv_says(written: Writing, tmp_path: Path) -> None:
    written(FileKind.CSV, [patient("P-1"), patient("P-2")])
    written(FileKind.XLSX, [patient("P-1"), patient("P-2")])
    for table in TABLES:
        rows = csv_rows(tmp_path / "csv" / f"{table.name}.csv")
        sheet = xlsx_rows(tmp_path / "xlsx" / "hearthbeat-billing-2026-10.xlsx", table.sheet)
        assert len(rows) == len(sheet)
        for row, shown in zip(rows, sheet, strict=True):
            for name, text in row.items():
                assert _alike(text, shown[name]), (table.name, name, text, shown[name])


def _alike(text: str, shown: object) -> bool:
    if isinstance(shown, dt.datetime):
        return dt.datetime.fromisoformat(text).replace(tzinfo=None) == shown
    if isinstance(shown, dt.date):
        return text == shown.isoformat()
    if isinstance(shown, int | float):
        return Decimal(text) == Decimal(str(shown))
    return text == shown


def test_a_byte_order_mark_stands_where_it_is_asked_for(written: Writing, tmp_path: Path) -> None:
    written(FileKind.CSV, [patient()], asked=structs.replace(MADE, byte_order_mark=True))
    assert (tmp_path / "csv" / "claim_lines.csv").read_bytes().startswith(b"\xef\xbb\xbfline_id,")


def test_lines_end_as_rfc_4180_has_it(written: Writing, tmp_path: Path) -> None:
    noted = patient(time=(entry(4, note="one\ntwo, “three”"),), lines=(line(charge=None),))
    written(FileKind.CSV, [noted])
    body = (tmp_path / "csv" / "time_log.csv").read_bytes()
    assert body.endswith(b"\r\n")
    assert body.count(b"\r\n") == 2
    assert csv_rows(tmp_path / "csv" / "claim_lines.csv")[0]["charge"] == ""


def test_a_draft_says_so_in_names_and_manifest(written: Writing, tmp_path: Path) -> None:
    asked = structs.replace(MADE, draft=True)
    for kind in FileKind:
        manifest = written(kind, [patient()], asked=asked)
        assert manifest.state == "DRAFT"
        assert all("DRAFT" in file.name for file in manifest.files)
    assert written(FileKind.X12, [patient()], asked=asked).claims
    assert "*T*:~" in (tmp_path / "837p" / "claims-2026-10.DRAFT.837").read_text()
