"""The nurse's queue as pages: what is shown to whom, acted on, kept, handed over."""

import datetime as dt
import re
from typing import Any
from uuid import UUID

import pytest

from care.rules import Lane, Severity
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised


@pytest.mark.parametrize("role", ["nurse", "clinician", "admin", "auditor"])
async def test_whoever_watches_sees_a_row_with_value_limit_and_time(
    api: Api, pool: Pool, north: Practice, clock: Clock, role: str
) -> None:
    browser = await api.browser(north, role)
    made = await raised(pool, north, clock)
    status, page = await browser.get("/queue")
    assert status == 200
    for words in ("Able, Ada", "MRN 0", "184 mmHg", "Severe blood pressure", "Critical"):
        assert words in page
    assert f'data-alert="{made.id}"' in page
    assert ('data-action="acknowledge"' in page) == (role != "auditor")


@pytest.mark.parametrize("role", ["biller", "patient", "caregiver"])
async def test_the_queue_is_not_for_everybody(api: Api, north: Practice, role: str) -> None:
    browser = await api.browser(north, role)
    assert (await browser.get("/queue"))[0] == 403
