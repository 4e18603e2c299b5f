"""When something may be said to have happened."""

import datetime as dt

import pytest

from care.errors import InvalidError
from care.spans import CLOCKS_APART, has_been
from store.schema.base import EARLIEST

NOW = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)
INSTANT = dt.timedelta(microseconds=1)


@pytest.mark.parametrize("at", [EARLIEST, EARLIEST + INSTANT, NOW, NOW + CLOCKS_APART])
def test_what_happened_between_the_earliest_and_now_is_taken(at: dt.datetime) -> None:
    has_been("at", at, now=NOW)


@pytest.mark.parametrize(
    ("at", "why"),
    [(EARLIEST - INSTANT, "look at the year"), (NOW + CLOCKS_APART + INSTANT, "in the future")],
)
def test_what_lies_ahead_or_before_the_earliest_is_refused(at: dt.datetime, why: str) -> None:
    with pytest.raises(InvalidError, match=why) as refused:
        has_been("at", at, now=NOW)
    assert refused.value.field == "at"
