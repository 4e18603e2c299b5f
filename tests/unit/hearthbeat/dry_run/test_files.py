"""Recordings as columns: what is taken and refused, by stretches as row by row."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.dry_run.limits import always, read_limits
from alerts.dry_run.trial import DryRun
from hearthbeat.dry_run import blocks
from hearthbeat.dry_run.columns import EPOCH, MICROSECOND, Columns, instants
from hearthbeat.dry_run.files import Gathered, gather
from vitals.kinds import Kind

NOW: Final = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
CHICAGO: Final = ZoneInfo("America/Chicago")
PLAN: Final = always(read_limits("rules = []", name="none"))


def gathered(tmp_path: Path, *lines: str, zone: ZoneInfo = CHICAGO) -> Gathered:
    file = tmp_path / "table.csv"
    file.write_text("\n".join(lines), newline="")
    return gather([file], named="csv", zone=zone, now=NOW)


def content(columns: Columns) -> dict[Kind, list[tuple[object, ...]]]:
    """By person and time."""
    found: dict[Kind, list[tuple[object, ...]]] = {}
    for part in columns.parts(PLAN, CHICAGO):
        for kind, series in part.series.items():
            values = [series.values[name].tolist() for name in sorted(series.values)]
            rows = zip(series.segment.tolist(), series.at.tolist(), *values, strict=True)
            found[kind] = [tuple(map(str, row)) for row in rows]
    return found


PLAIN = ("2026-01-02 08:00", "2026-01-02T08:00:30", "2026-01-03 23:59", "1999-12-31 00:00")
TIMES = st.sampled_from(
    [*PLAIN, "", "2026-02-30 08:00", "2026-11-22 05:59", "2026-11-22 06:06", "2027-01-01 08:00",
     "2026-01-02", "2026-01-02T08:00:00Z", "2026-01-02T08:00:00.5", "1900-12-31 08:00", "noon",
     "0900-01-01 08:00", " 2026-01-02 08:00"]
)  # fmt: skip
NUMBERS = st.sampled_from(
    ["", "0", "-1", "70", "80.5", "120", "135", "300", "1e2", "nan", "80,5", '"80"', "9" * 400, "x"]
)
PEOPLE = st.sampled_from(["", "a", "b", " a", "Zoë", "x" * 101, "a\x00", "tab\t", '"q"'])
ROWS = st.one_of(
    st.tuples(TIMES, PEOPLE, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS).map(",".join),
    st.tuples(st.sampled_from(PLAIN), st.sampled_from(["a", "b"]), st.just("120,80,,,")).map(
        ",".join
    ),
    st.sampled_from(["", "2026-01-02 08:00,a", ",,,,,,,,,,,", '"']),
)


@given(rows=st.lists(ROWS, max_size=60), shortest=st.sampled_from([1, 2, 7]))
def test_stretches_say_what_rows_say(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], shortest: int
) -> None:
    folder = tmp_path_factory.mktemp("table")
    lines = ["time,person,systolic,diastolic,weight,glucose_mmol_l,pulse", *rows]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "SHORTEST", shortest)
        by_stretches = gathered(folder, *lines)
        patch.setattr(blocks.Taker, "_plain", _never_plain)
        by_rows = gathered(folder, *lines)
    assert by_stretches.read == by_rows.read
    assert by_stretches.refused == by_rows.refused
    assert len(by_stretches.columns) == len(by_rows.columns)


def _never_plain(*_: object) -> list[int]:
    raise blocks.NotPlainError


def test_stretches_give_the_same_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = dt.datetime(2025, 11, 1, 0, 30)  # noqa: DTZ001 - a wall clock.
    rows = [
        f"{at + number * dt.timedelta(minutes=17)},p{number % 7},"
        + ("120,80,,,", "121,79,,,66", ",,80.5,,", ",,,7.1,", ",,,0.05,")[number % 5]
        for number in range(20_000)
    ]
    lines = ["time,person,systolic,diastolic,weight,glucose_mmol_l,pulse", *rows]
    by_stretches = gathered(tmp_path, *lines)
    monkeypatch.setattr(blocks.Taker, "_plain", _never_plain)
    by_rows = gathered(tmp_path, *lines)
    assert content(by_stretches.columns) == content(by_rows.columns)
    assert by_stretches.refused == by_rows.refused == Counter({"implausible:glucose": 4_000})


def test_what_was_refused_and_why(tmp_path: Path) -> None:
    found = gathered(
        tmp_path,
        "time,systolic,diastolic",
        "2026-01-02 08:00,120,80",
        "2026-01-02 09:00,80,120",
        "2026-01-02 10:00,1200,80",
        "2026-11-22 06:04,120,80",
        "2026-11-22 06:06,120,80",
        ",120,80",
    )
    assert (found.read, len(found.columns)) == (6, 2)
    assert found.refused == Counter(
        {"impossible_pair": 1, "implausible:systolic": 1, "from_the_future": 1, "no date": 1}
    )


def test_a_body_fat_is_a_reading_of_its_own(tmp_path: Path) -> None:
    found = gathered(tmp_path, "time,weight,body_fat", "2026-01-02 08:00,80,20")
    assert (found.read, len(found.columns)) == (2, 2)


def test_the_same_name_in_two_files_is_two_people(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).write_text("time,person,weight\n2026-01-02 08:00,a,80\n")
    found = gather([tmp_path / "one", tmp_path / "two"], named=None, zone=CHICAGO, now=NOW)
    assert found.columns.people == 2


@pytest.mark.parametrize("zone", ["America/Chicago", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_instants_are_those_of_the_zone(zone: str) -> None:
    """Through a year, both changes of the clocks in it."""
    first = dt.datetime(2025, 1, 1)  # noqa: DTZ001 - a wall clock.
    shown = [first + number * dt.timedelta(minutes=31) for number in range(17_000)]
    digits = np.array([(each - EPOCH) // MICROSECOND for each in shown], dtype=np.int64)
    expected = [
        (each.replace(tzinfo=ZoneInfo(zone)) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
        // MICROSECOND
        for each in shown
    ]
    assert instants(digits, ZoneInfo(zone)).tolist() == expected


def test_parts_are_whole_people(tmp_path: Path) -> None:
    rows = [f"2026-01-02 08:{minute:02},{who},80" for minute in range(20) for who in "cab"]
    columns = gathered(tmp_path, "time,person,weight", *rows).columns
    parts = list(columns.parts(PLAN, CHICAGO, rows=25))
    assert [len(part.charts) for part in parts] == [1, 1, 1]
    assert [len(part.series[Kind.WEIGHT]) for part in parts] == [20, 20, 20]
    (whole,) = columns.parts(PLAN, CHICAGO)
    assert whole.series[Kind.WEIGHT].segment.tolist() == sorted([0, 1, 2] * 20)
    ids = whole.readings[Kind.WEIGHT]
    assert len({ids[row] for row in range(60)}) == len(ids) == 60
    assert (ids[-1], ids[10:12][1]) == (ids[59], ids[11])


def test_many_people_over_a_century_are_judged(tmp_path: Path) -> None:
    """One reading each: what a part holds is limited in people too."""
    rows = [f"{1901 + number % 125}-01-02 08:00,p{number},80" for number in range(5_000)]
    columns = gathered(tmp_path, "time,person,weight", *rows).columns
    run = DryRun("none", zone=CHICAGO, now=NOW)
    for part in columns.parts(PLAN, CHICAGO):
        run.add(part)
    result = run.result(read=5_000, refused={})
    assert (result.readings.valid, result.patients, result.patient_days) == (5_000,) * 3
