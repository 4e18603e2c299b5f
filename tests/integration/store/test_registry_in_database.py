"""The database matches the registry of metrics: item 2's proof."""

import asyncpg
import pytest

from store.commit_batch import commit
from store.pool import Pool
from store.views import view_columns
from tests.rows import RECEIVED, reading, row
from vitals.kinds import PANELS, Kind
from vitals.metrics import METRICS

COLUMNS_OF = """
    SELECT column_name::text, data_type::text FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = $1 ORDER BY ordinal_position
"""


async def test_every_metric_is_a_column_in_the_order_of_the_registry(pool: Pool) -> None:
    columns = [tuple(record) for record in await pool.fetch(COLUMNS_OF, "readings")]
    assert columns[-len(METRICS) :] == [(name, "double precision") for name in METRICS]


@pytest.mark.parametrize("kind", list(Kind))
async def test_every_kind_is_a_view_with_units_in_its_columns(pool: Pool, kind: Kind) -> None:
    columns = [record["column_name"] for record in await pool.fetch(COLUMNS_OF, kind)]
    assert tuple(columns) == view_columns(kind)


async def test_views_have_the_rights_of_their_readers(pool: Pool) -> None:
    options = await pool.fetch("SELECT relname, reloptions FROM pg_class WHERE relkind = 'v'")
    ours = {record["relname"]: record["reloptions"] for record in options}
    assert {ours[kind][0] for kind in Kind} == {"security_invoker=true"}


@pytest.mark.parametrize("kind", list(Kind))
async def test_each_value_comes_out_of_the_view_under_its_own_name(pool: Pool, kind: Kind) -> None:
    metrics = PANELS[kind].metrics
    values = {metric.name: 40.0 + place for place, metric in enumerate(metrics)}
    async with pool.acquire() as conn:
        await commit(conn, [row(reading(kind=kind, values=values))], received_at=RECEIVED)
    stored = await pool.fetchrow(f"SELECT * FROM {kind}")  # noqa: S608 - an enumeration's word
    assert stored is not None
    assert list(stored.values())[-len(metrics) :] == list(values.values())


@pytest.mark.parametrize("name", list(METRICS))
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
async def test_no_metric_takes_what_is_no_number(pool: Pool, name: str, value: str) -> None:
    kind = next(panel.kind for panel in PANELS.values() if METRICS[name] in panel.metrics)
    bad = row(reading(kind=kind, values={name: float(value)}))
    async with pool.acquire() as conn:
        with pytest.raises(asyncpg.CheckViolationError, match=f"readings_{name}"):
            await commit(conn, [bad], received_at=RECEIVED)
