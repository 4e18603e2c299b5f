import datetime as dt
from pathlib import Path

import pytest

from hearthbeat.errors import RecordingError
from hearthbeat.recordings import formats, generic_csv, home_bp, home_weight, smbg_aim94
from hearthbeat.recordings.record import Record, Refusal, Row
from vitals.flags import Special
from vitals.kinds import Kind


def one(rows: list[Row]) -> Row:
    assert len(rows) == 1
    return rows[0]


def reason(row: Row) -> str:
    assert isinstance(row, Refusal), row
    return row.reason


def diary(line: str) -> Row:
    return one(list(smbg_aim94.parse([line])))


def test_a_glucose_row_becomes_a_record() -> None:
    assert diary("04-21-1991\t9:09\t58\t100") == Record(
        line=1,
        person="",
        kind=Kind.GLUCOSE,
        at=dt.datetime(1991, 4, 21, 9, 9),  # noqa: DTZ001
        values={"glucose": 100.0},
    )


@pytest.mark.parametrize(("value", "special"), [("0Hi", Special.HI), ("0Lo", Special.LO)])
def test_out_of_the_meters_range_is_censored(value: str, special: Special) -> None:
    row = diary(f"10-31-1989\t12:00\t60\t{value}")
    assert isinstance(row, Record)
    assert (row.values, row.special) == ({}, {"glucose": special})


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("10-12-1989\t12:00\t60\t0''", "value that is not a number"),
        ("10-12-1989\t12:00\t60\t", "no value"),
        ("10-12-1989\t12:00\t60\t\u0661\u0662\u0660", "value that is not a number"),
        ("\t138\t33\t3A", "no date"),
        ("02-31-1989\t12:00\t60\t100", "date or time that does not exist"),
        ("10-12-1989\t24:00\t60\t100", "date or time that does not exist"),
        ("10-12-1989\t11:3\t60\t100", "date or time that does not exist"),
        ("04-21-1991\t9:09\t33\t009", "insulin dose, not a measurement"),
        ("04-21-1991\t9:09\t66\t0", "meal, not a measurement"),
        ("04-21-1991\t9:09\t56\t120", "code that the data set does not document"),
        ("04-21-1991\t9:09\t58", "not four fields"),
        ("", "not four fields"),
    ],
)
def test_a_row_that_is_no_reading_is_refused_with_its_reason(line: str, why: str) -> None:
    assert reason(diary(line)) == why


def test_a_lone_zero_for_the_minutes_is_the_full_hour() -> None:
    row = diary("08-20-1990\t11:0\t60\t194")
    assert isinstance(row, Record)
    assert row.at.time() == dt.time(11)


BP_HEADER = "DateTime,Month,Sys.mmHg.,Dias.mmHg.,Pulse.bpm."


def test_a_blood_pressure_row_becomes_a_record() -> None:
    row = one(list(home_bp.parse([BP_HEADER, "2019-08-01 09:15:54,8,132,80,79"])))
    assert isinstance(row, Record)
    assert row.line == 2
    assert row.values == {"systolic": 132.0, "diastolic": 80.0, "pulse": 79.0}
    assert row.at == dt.datetime(2019, 8, 1, 9, 15, 54)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",8,132,80,79", "no date"),
        ("2019-13-01 09:15:54,8,132,80,79", "date or time that does not exist"),
        ("2019-08-01 09:15:54,8,nan,80,79", "pressure that is not a number"),
        ("2019-08-01 09:15:54,8,132,80,x", "pulse that is not a number"),
        ("2019-08-01 09:15:54,8,132", "other number of fields than the header"),
        ("", "empty line"),
    ],
)
def test_a_bad_blood_pressure_row_is_refused(line: str, why: str) -> None:
    assert reason(one(list(home_bp.parse([BP_HEADER, line])))) == why


def test_a_blood_pressure_without_a_pulse_is_a_record() -> None:
    row = one(list(home_bp.parse([BP_HEADER, "2019-08-01 09:15:54,8,132,80,"])))
    assert isinstance(row, Record)
    assert "pulse" not in row.values


def test_a_weight_has_a_person_and_a_day() -> None:
    rows = list(
        home_weight.parse(
            [
                "Id,Day,WeightKg,Fat,BMI",
                "1503960366,2016-05-02,52.5999984741211,22.0,22.65",
                "1503960366,2016-05-03,52.6,,22.65",
                ",2016-05-03,52.6,,22.65",
                "1,2016-05-32,52.6,,22.65",
                "1,2016-05-03,,,22.65",
                "1,2016-05-03,52.6,?,22.65",
            ]
        )
    )
    assert isinstance(rows[0], Record)
    assert rows[0].person == "1503960366"
    assert rows[0].at == dt.datetime(2016, 5, 2, 12)  # noqa: DTZ001
    assert rows[0].values == {"weight": 52.5999984741211, "bmi": 22.65, "body_fat": 22.0}
    assert isinstance(rows[1], Record)
    assert [reason(row) for row in rows[2:]] == [
        "no person",
        "day that does not exist",
        "no value",
        "Fat that is not a number",
    ]


def test_any_table_with_time_and_metrics_is_read() -> None:
    rows = list(
        generic_csv.parse(
            [
                "time,person,systolic,diastolic,pulse,glucose_mmol_l,remark",
                "2026-01-02T08:00:00+01:00,a,120,80,60,,fine",
                "2026-01-02 08:00,a,,,,5.5,",
                "2026-01-02 08:00,a,120,,,,",
                "2026-01-02 08:00,a,,,,,",
                "2026-01-02 08:00,a,1e2,80,,,",
            ]
        )
    )
    assert isinstance(rows[0], Record)
    assert (rows[0].kind, rows[0].at.utcoffset()) == (
        Kind.BLOOD_PRESSURE,
        dt.timedelta(hours=1),
    )
    assert isinstance(rows[1], Record)
    assert rows[1].values["glucose"] == pytest.approx(99.088)
    assert [reason(row) for row in rows[2:]] == [
        "values that make up no measurement",
        "no value",
        "systolic that is not a number",
    ]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_at_the_edge_of_time_is_refused(time: str) -> None:
    assert "time" in reason(one(list(generic_csv.parse(["time,weight", f"{time},80"]))))


@pytest.mark.parametrize("person", ["\u202eadA", "A\x1b[2J", "A" * 101])
def test_somebody_who_cannot_be_registered_is_one_refused_row(person: str) -> None:
    lines = [
        "time,person,weight",
        f"2026-01-02 08:00,{person},80",
        f"2026-01-02 08:00,{'A' * 100},80",
    ]
    refused, kept = generic_csv.parse(lines)
    assert reason(refused) == "person that is no name"
    assert isinstance(kept, Record)


def test_a_field_without_end_is_one_refused_row() -> None:
    rows = list(generic_csv.parse(["time,weight", f"2026-01-02 08:00,{'8' * 200_000}"]))
    assert reason(one(rows)) == "not a row of a table"
    assert list(generic_csv.parse([f"time,{'w' * 200_000}"])) == []


def test_the_format_is_found_by_the_first_lines(tmp_path: Path) -> None:
    (tmp_path / "diary").write_bytes(
        "04-21-1991\t9:09\t58\t100\r\n\t\t\tÄ\x85\r\n".encode("latin-1")
    )
    recording = formats.read(tmp_path / "diary")
    assert recording.format.name == "smbg-aim94"
    assert len(recording.rows) == 2


def test_a_file_of_no_format_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear Sir,\n")
    with pytest.raises(RecordingError, match="none of the known formats"):
        formats.read(tmp_path / "letter")
    with pytest.raises(RecordingError, match="does not look like home-bp"):
        formats.read(tmp_path / "letter", "home-bp")
    with pytest.raises(RecordingError, match="cannot be read"):
        formats.read(tmp_path / "none")


def test_a_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "BYTES_MAX", 12)
    (tmp_path / "fits").write_text("time,weight\n")
    (tmp_path / "over").write_text("time,weight\n\n")
    assert formats.read(tmp_path / "fits").rows == ()
    with pytest.raises(RecordingError, match="is larger than"):
        formats.read(tmp_path / "over")


def refused(tmp_path: Path, header: str, *ignored: str) -> str:
    file = tmp_path / "table.csv"
    file.write_text(f"{header}\n")
    with pytest.raises(RecordingError) as refusal:
        formats.read(file, ignored=ignored)
    assert str(refusal.value).startswith(f"{file}:1: ")
    return str(refusal.value)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("time,systolic,diastollic", "unknown column 'diastollic' (did you mean diastolic?)"),
        ("time,person,Weight", "unknown column 'Weight' (did you mean weight?)"),
        ("time,wieght", "unknown column 'wieght' (did you mean weight?)"),
        ("tmie,weight", "there is no column 'time'; unknown column 'tmie' (did you mean time?)"),
        ("time,weight,prson", "unknown column 'prson' (did you mean person?)"),
        ("time,weight,SBP", "unknown column 'SBP'; known are time, person, systolic"),
        ("weight,systolic", "there is no column 'time'"),
        ("time,person", "there is no column with values"),
        ("time,weight,weight", "the column 'weight' stands more than once"),
        ("time,remark,note,weight,remark,note", "'remark', 'note' stand more than once"),
        ("Id,Day,WeightKg,Fta", "unknown column 'Fta' (did you mean Fat?)"),
        ("Id,Day,WeightKg,bmi", "unknown column 'bmi' (did you mean BMI?)"),
        ("Id,Day,WeightKg,BMI,BMI", "the column 'BMI' stands more than once"),
        ("DateTime,Sys.mmHg.,Dias.mmHg.,Pulse.bpm.,Sys.mmHg.", "stands more than once"),
    ],
)
def test_a_column_that_would_be_lost_is_an_error(tmp_path: Path, header: str, words: str) -> None:
    assert words in refused(tmp_path, header)


@pytest.mark.parametrize(
    "header",
    [
        "time,person,weight,remark,note,comment",
        "time,weight,,",
        "Id,Day,WeightKg,Fat,BMI,LogId,IsManualReport,WeightPounds",
        "DateTime,Month,Sys.mmHg.,Dias.mmHg.,Pulse.bpm.",
    ],
)
def test_columns_for_people_and_of_the_known_data_sets_pass(tmp_path: Path, header: str) -> None:
    (tmp_path / "table.csv").write_text(header)
    assert formats.read(tmp_path / "table.csv").rows == ()


def test_a_column_may_be_left_out_on_purpose(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("time,weight,SBP\n2026-01-02 08:00,80,120\n")
    (row,) = formats.read(tmp_path / "table.csv", ignored=["SBP"]).rows
    assert isinstance(row, Record)
    assert row.values == {"weight": 80.0}
    assert "cannot be ignored" in refused(tmp_path, "time,weight", "weight")


SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.skipif(not SHARED.exists(), reason="the real recordings (../shared/data) are absent")
def test_every_row_of_the_real_recordings_is_told_apart() -> None:
    files = sorted((SHARED / "smbg-aim94").glob("data-*"))
    rows = [row for file in files for row in formats.read(file).rows]
    assert len(rows) == 16_498
    records = [row for row in rows if isinstance(row, Record)]
    assert len(records) == 7_331
    assert sum(bool(record.special) for record in records) == 7
    assert sum(isinstance(row, Refusal) and row.reason == "no date" for row in rows) == 33
    assert len(formats.read(SHARED / "home-bp" / "bp_jhs.csv").rows) == 222
    assert len(formats.read(SHARED / "home-weight" / "weightLogInfo_merged.csv").rows) == 67
