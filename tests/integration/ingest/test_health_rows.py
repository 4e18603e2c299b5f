"""What gateways say about themselves, on a real PostgreSQL."""

import msgspec
import pytest

from ingest.health_rows import Said, keep
from store.pool import Pool
from store.schema import UNCLAIMED
from tests.postgres import NOW
from wire.codec import decode_status
from wire.errors import Unreadable

OLD = {"v": 1, "state": "online", "queue_depth": 0, "devices": []}
"""Of a gateway that knows nothing of later fields."""


async def _stored(pool: Pool, **fields: object) -> tuple[str | None, int | None]:
    status = decode_status(msgspec.json.encode(OLD | fields))
    async with pool.acquire() as conn:
        await keep(conn, [Said("gw-1", UNCLAIMED, status)], now=NOW)
        row = await conn.fetchrow("SELECT trouble, undecodable FROM gateway_health")
    assert row is not None
    return row["trouble"], row["undecodable"]


async def test_of_a_gateway_without_the_fields_nothing_is_known(clinic: Pool) -> None:
    assert await _stored(clinic) == (None, None)


@pytest.mark.parametrize("said", ["x", "the disk is full", "y" * 63, "é" * 64, "🫀" * 64])
async def test_trouble_is_kept_as_it_was_said(clinic: Pool, said: str) -> None:
    assert await _stored(clinic, trouble=said) == (said, None)


@pytest.mark.parametrize("said", ["x" * 65, "no\0adapter", "no\nadapter"])
def test_longer_or_hidden_trouble_is_no_status(said: str) -> None:
    with pytest.raises(Unreadable):
        decode_status(msgspec.json.encode(OLD | {"trouble": said}))


@pytest.mark.parametrize("said", ["", " "])
async def test_no_words_are_no_trouble(clinic: Pool, said: str) -> None:
    assert await _stored(clinic, trouble=said) == (None, None)


@pytest.mark.parametrize(("said", "kept"), [(0, None), (1, 1), (2**62, 2**62)])
async def test_undecodable_frames_are_counted(clinic: Pool, said: int, kept: int | None) -> None:
    assert await _stored(clinic, undecodable=said) == (None, kept)


async def test_a_month_made_later_has_the_columns_too(clinic: Pool) -> None:
    columns = "SELECT count(*) FROM information_schema.columns WHERE column_name = 'undecodable'"
    pieces = "SELECT count(*) FROM pg_class WHERE relname LIKE 'gateway\\_health%' AND relkind = $1"
    async with clinic.acquire() as conn:
        tables = await conn.fetchval(pieces, b"r") + await conn.fetchval(pieces, b"p")
        assert await conn.fetchval(columns) == tables
