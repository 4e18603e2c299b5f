import datetime as dt

import pytest

from store.partitions import months_around, partition_name


def test_last_month_this_month_and_three_ahead() -> None:
    months = months_around(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
    assert [str(month) for month in months] == [
        "2026-10-01",
        "2026-11-01",
        "2026-12-01",
        "2027-01-01",
        "2027-02-01",
    ]


@pytest.mark.parametrize(
    ("now", "this"),
    [
        ("2026-12-31T23:59:59+00:00", "2026-12-01"),
        ("2027-01-01T00:00:00+00:00", "2027-01-01"),
        ("2027-01-01T00:30:00+01:00", "2026-12-01"),
    ],
)
def test_months_are_those_of_utc(now: str, this: str) -> None:
    assert str(months_around(dt.datetime.fromisoformat(now))[1]) == this


def test_a_partition_is_named_after_its_month() -> None:
    assert partition_name("readings", dt.date(2027, 1, 1)) == "readings_y2027m01"
