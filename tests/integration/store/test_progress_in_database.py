"""The ranges that PostgreSQL keeps, against a set."""

import datetime as dt
from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.commit_batch import commit
from store.pool import Pool, connect
from tests.rows import RECEIVED, reading, row

BATCHES = st.lists(
    st.lists(st.tuples(st.sampled_from(["gw-1", "gw-2"]), st.integers(0, 30)), max_size=6),
    max_size=5,
)


@given(batches=BATCHES)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_the_multirange_is_the_set_of_numbers_that_came(
    database: str, batches: list[list[tuple[str, int]]]
) -> None:
    model: dict[str, set[int]] = defaultdict(set)
    conn = await connect(database, application_name="tests")
    try:
        await conn.execute("TRUNCATE gateway_progress")
        for batch in batches:
            await commit(conn, [], received_at=RECEIVED, also_received=batch)
            for gateway, seq in batch:
                model[gateway].add(seq)
        records = await conn.fetch("SELECT gateway_id, received, gap_since FROM gateway_progress")
    finally:
        await conn.close()
    stored = {
        record["gateway_id"]: {
            n for part in record["received"] for n in range(part.lower, part.upper)
        }
        for record in records
    }
    assert stored == model
    for record in records:
        whole = set(range(min(model[record["gateway_id"]]), max(model[record["gateway_id"]]) + 1))
        assert (record["gap_since"] is None) is (whole == model[record["gateway_id"]])


async def test_a_gap_is_as_old_as_its_first_sight_and_ends_when_it_closes(pool: Pool) -> None:
    seen = []
    async with pool.acquire() as conn:
        for minute, seq in enumerate([1, 3, 5, 2, 4]):
            at = RECEIVED + dt.timedelta(minutes=minute)
            await commit(conn, [row(reading(seq=seq))], received_at=at)
            seen.append(await conn.fetchval("SELECT gap_since FROM gateway_progress"))
    first = RECEIVED + dt.timedelta(minutes=1)
    assert seen == [None, first, first, first, None]


async def test_duplicates_and_dead_letters_count_as_arrived(pool: Pool) -> None:
    facts = row(reading(seq=1))
    async with pool.acquire() as conn:
        for _ in range(2):
            await commit(conn, [facts], received_at=RECEIVED, also_received=[("gw-1", 2)])
        received = await conn.fetchval("SELECT received::text FROM gateway_progress")
    assert received == "{[1,3)}"
