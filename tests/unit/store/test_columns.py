import re

from store.columns import COLUMNS, columns
from store.commit_batch import QUERIES
from store.schema import METRIC_COLUMNS, readings
from tests.rows import reading, row
from vitals.kinds import Kind
from vitals.metrics import METRICS

NOT_FROM_THE_ROW = {"received_at"}


def test_the_arrays_are_the_columns_of_the_table() -> None:
    assert sorted(COLUMNS) == sorted(set(readings.columns.keys()) - NOT_FROM_THE_ROW)
    assert COLUMNS[-len(METRICS) :] == tuple(METRICS) == METRIC_COLUMNS


def test_the_statement_takes_the_arrays_in_their_order() -> None:
    unnested = re.findall(r"unnest\(\$(\d+)::[a-z0-9]+\[\]\) AS (\w+)", QUERIES["insert_readings"])
    assert unnested == [(str(place), name) for place, name in enumerate(COLUMNS, start=2)]


def test_the_statement_inserts_each_column_into_itself() -> None:
    statement = QUERIES["insert_readings"]
    into = re.search(r"INSERT INTO readings \((.*?)\)\s+SELECT", statement, re.DOTALL)
    selected = re.search(r"\)\s+SELECT(.*?)FROM \(", statement, re.DOTALL)
    assert into is not None
    assert selected is not None
    plain = selected[1].replace("$1::timestamptz", "received_at")
    plain = re.sub(r"coalesce\((\w+)[^,]*, [^)]*\)", r"\1", plain)
    assert _names(into[1]) == _names(plain) == ["received_at", *COLUMNS]


def test_a_column_of_nothing_is_left_out() -> None:
    found = dict(zip(COLUMNS, columns([row(), row()]), strict=True))
    assert found["sequence"] is None
    assert found["weight"] is None
    assert found["systolic"] == [128.0, 128.0]


def test_kinds_share_a_batch() -> None:
    weight = reading(kind=Kind.WEIGHT, values={"weight": 70.0})
    found = dict(zip(COLUMNS, columns([row(), row(weight)]), strict=True))
    assert found["weight"] == [None, 70.0]
    assert found["systolic"] == [128.0, None]


def test_flags_travel_as_the_text_of_an_array() -> None:
    odd = reading(flags=('say "hi"', "back\\slash", "a,b"))
    found = dict(zip(COLUMNS, columns([row(odd, marks=("late",))]), strict=True))
    assert found["flags"] == ['{"say \\"hi\\"","back\\\\slash","a,b","late"}']


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",")]
