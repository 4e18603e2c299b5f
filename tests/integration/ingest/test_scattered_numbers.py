"""A gateway that leaves ever more holes in its numbers is followed only so far."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from structlog.testing import capture_logs

from ingest.gaps import RANGES_KEPT, RANGES_MAX
from ingest.progress import thin_out
from store.commit_batch import commit
from store.pool import Connection, Pool
from store.progress import ranges
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import eventually
from tests.rows import RECEIVED


async def came(conn: Connection, gateway: str, numbers: Iterable[int]) -> None:
    await commit(
        conn, [], received_at=RECEIVED, also_received=[(gateway, number) for number in numbers]
    )


async def received(conn: Connection, gateway: str) -> list[tuple[int, int]]:
    query = "SELECT received FROM gateway_progress WHERE gateway_id = $1"
    return [(span.lower, span.upper) for span in await conn.fetchval(query, gateway)]


def told(lines: Sequence[Mapping[str, Any]]) -> list[int]:
    return [line["holes_given_up"] for line in lines if "too many holes" in line["event"]]


@pytest.mark.parametrize(("count", "given_up"), [(5, {}), (6, {}), (7, {"gw-1": 4})])
async def test_above_the_most_the_lowest_holes_count_as_filled(
    pool: Pool, count: int, given_up: dict[str, int]
) -> None:
    even = [2 * n for n in range(1, count + 1)]
    async with pool.acquire() as conn:
        await came(conn, "gw-1", even)
        await came(conn, "gw-2", [1, 2, 5])
        assert await thin_out(conn, most=6, kept=3) == given_up
        expected = [(1, 11), (12, 13), (14, 15)] if given_up else ranges(even)
        assert await received(conn, "gw-1") == expected
        assert await received(conn, "gw-2") == [(1, 3), (5, 6)]
        assert await thin_out(conn, most=6, kept=3) == {}


async def test_what_comes_while_it_is_thinned_out_is_kept(pool: Pool) -> None:
    async with pool.acquire() as conn, pool.acquire() as other:
        await came(conn, "gw-1", range(0, 40, 2))
        await thin_out(conn, most=6, kept=2)
        await came(other, "gw-1", [37, 50])
        assert await received(conn, "gw-1") == [(0, 39), (50, 51)]


async def test_the_worker_does_it_and_says_so(
    ingest: Ingest, clinic: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.upkeep.WATCH_EVERY_S", 0.2)
    async with clinic.acquire() as conn:
        await came(conn, "gw-1", range(2, 2 * RANGES_MAX + 4, 2))
        with capture_logs() as lines:
            async with ingest():
                await eventually(lambda: told(lines))
                await asyncio.sleep(0.5)
        assert len(await received(conn, "gw-1")) == RANGES_KEPT
    assert told(lines) == [RANGES_MAX + 1 - RANGES_KEPT]
