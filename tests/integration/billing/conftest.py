"""A practice that bills."""

from collections.abc import AsyncIterator

import pytest

from store.pool import Pool
from tests.integration.billing.clinic import Clinic, founded


@pytest.fixture
async def clinic(pool: Pool) -> AsyncIterator[Clinic]:
    async with pool.acquire() as conn:
        yield await founded(conn)
