"""The real recordings (../shared/data) as series, read as `hearthbeat replay` reads them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from alerts.columns.series import DAY_US, Series
from hearthbeat.recordings import formats
from hearthbeat.recordings.record import Record
from vitals.flags import Special
from vitals.metrics import METRICS

DATA: Final = Path(__file__).parents[4] / "shared" / "data"
EPOCH: Final = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - The recordings have local digits only.
CENSORED: Final = {Special.HI: float("inf"), Special.LO: float("-inf")}


def glucose() -> Series:
    """Diaries of 40 patients: valid readings, that is within a meter's range, or HI or LO."""
    files = sorted(_folder("smbg-aim94").glob("data-*"))
    return _series([list(_valid(file, "glucose")) for file in files], ("glucose",))


def pressure() -> Series:
    """One person, 222 readings."""
    file = _folder("home-bp") / "bp_jhs.csv"
    return _series([list(_valid(file, "systolic"))], ("systolic", "diastolic"))


def weight() -> Series:
    """Eight persons; days only, so noon each."""
    people: dict[str, list[Record]] = {}
    for record in _valid(_folder("home-weight") / "weightLogInfo_merged.csv", "weight"):
        people.setdefault(record.person, []).append(record)
    return _series(list(people.values()), ("weight",))


def _folder(name: str) -> Path:
    if not (DATA / name).exists():
        pytest.skip("the real recordings (../shared/data) are absent")
    return DATA / name


def _valid(file: Path, metric: str) -> Iterable[Record]:
    low, high = METRICS[metric].plausible
    for row in formats.read(file).rows:
        if isinstance(row, Record) and (row.special or low <= row.values[metric] <= high):
            yield row


def _series(people: list[list[Record]], metrics: tuple[str, ...]) -> Series:
    rows = [
        (who, record)
        for who, records in enumerate(people)
        for record in sorted(records, key=lambda record: (record.at, record.line))
    ]
    at = np.array([(record.at - EPOCH) // dt.timedelta(microseconds=1) for _, record in rows])
    return Series(
        segment=np.array([who for who, _ in rows], dtype=np.int64),
        at=at.astype(np.int64),
        local_day=at // DAY_US,
        local_minute=at % DAY_US // (DAY_US // 1440),
        received_at=at,
        values={name: np.array([_number(each, name) for _, each in rows]) for name in metrics},
        flags={},
        doubt=np.zeros(len(rows), dtype=np.bool_),
    )


def _number(record: Record, metric: str) -> float:
    if metric in record.special:
        return CENSORED[record.special[metric]]
    return record.values[metric]
