import contextlib
import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.errors import BadRequest
from console.paging import MOST_PER_PAGE, decode_cursor, encode_cursor, limit_of

Place = tuple[dt.datetime, UUID]


@given(st.datetimes(timezones=st.just(dt.UTC)), st.uuids())
def test_a_cursor_leads_back_to_its_place(at: dt.datetime, row: UUID) -> None:
    cursor = encode_cursor(at, row)
    assert decode_cursor(cursor, Place) == (at, row)
    assert not set(cursor) & set("+/=&?#")


@pytest.mark.parametrize("text", ["", "x", "!!", "bnVsbA", "é" * 8, "A" * 10_000, "WzEsMl0"])
def test_what_is_no_cursor_is_refused_with_a_pointer(text: str) -> None:
    with pytest.raises(BadRequest) as refused:
        decode_cursor(text, Place)
    assert refused.value.pointer == "/cursor"


@given(st.text())
def test_no_text_breaks_the_cursor_in_another_way(text: str) -> None:
    with contextlib.suppress(BadRequest):
        decode_cursor(text, Place)


@pytest.mark.parametrize(("text", "limit"), [(None, 100), ("1", 1), (str(MOST_PER_PAGE), 500)])
def test_a_limit_is_within_bounds(text: str | None, limit: int) -> None:
    assert limit_of(text) == limit


@pytest.mark.parametrize(
    "text", ["", "0", "501", "-1", "1e2", "٣", "9" * 5000, "0005000", "000001" + "9" * 5000]
)
def test_any_other_limit_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        limit_of(text)
