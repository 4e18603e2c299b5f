"""What tests of the pages of billing share: a practice with months, and what stands in a page."""

import datetime as dt
import re
from uuid import UUID

import pytest

from billing.months.review import review_of
from billing.months.views import Review
from store.pool import Pool
from tests.integration.console.billing_home import Billed, furnished
from tests.integration.console.conftest import Api, Browser, Clock, Practice


@pytest.fixture
def clock() -> Clock:
    return Clock(now=dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC))


@pytest.fixture
async def billed(api: Api, pool: Pool, north: Practice, clock: Clock) -> Billed:
    del api
    return await furnished(pool, north, now=clock.now)


async def reviewed(pool: Pool, practice: Practice, month: str, clock: Clock) -> Review:
    async with pool.acquire() as conn:
        return await review_of(conn, practice.organisation, month, now=clock.now)


def faults_in(page: str) -> list[str]:
    return re.findall(r'class="fault"[^>]*>([^<]*)<', page)


def etag_in(page: str) -> str:
    found = re.search(r'name="etag" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def line_in(pool: Pool, month: str, status: str) -> tuple[UUID, int]:
    row = await pool.fetchrow(
        "SELECT l.id, l.version FROM billing_lines l JOIN billing_months m ON m.id = l.month_id"
        " WHERE m.month = $1 AND l.status = $2 AND l.present ORDER BY l.id LIMIT 1",
        month, status,
    )  # fmt: skip
    assert row is not None, f"no line is {status} in {month}"
    return row["id"], row["version"]


def proof(browser: Browser) -> str:
    from console.web.csrf import csrf_token  # noqa: PLC0415 - only here

    return csrf_token(browser.token)


async def closed(biller: Browser, month: str) -> tuple[int, str]:
    _, page = await biller.get(f"/billing/{month}/close")
    sent = {"etag": etag_in(page), "hold_rest": "Not looked at in time."}
    return await biller.send(f"/billing/{month}/close", sent)
