"""Fixtures of the alert tests."""

import pytest

from store.pool import Pool
from tests.integration.alerts.clinic import Clinic, make


@pytest.fixture
async def clinic(pool: Pool) -> Clinic:
    return await make(pool)
