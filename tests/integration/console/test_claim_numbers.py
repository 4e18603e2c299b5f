"""The payer's number of a claim, entered by itself: a correction needs it."""

from uuid import UUID

import pytest

from billing.months.records import Status
from billing.months.statuses import move
from store.pool import Pool
from tests.integration.billing.clinic import NOW, Clinic, of_practice
from tests.integration.billing.exporting import LATER, locked
from tests.integration.console.conftest import Api, Clock, Practice


@pytest.fixture
def clock() -> Clock:
    return Clock(now=LATER)


async def sent_line(clinic: Clinic) -> UUID:
    await clinic.billable()
    await locked(clinic)
    line: UUID = await clinic.conn.fetchval("SELECT id FROM billing_lines LIMIT 1")
    await move(clinic.conn, clinic.id, [line], Status.EXPORTED, actor=None, now=NOW)
    return line


async def test_over_the_api_without_an_answer(api: Api, north: Practice, pool: Pool) -> None:
    async with pool.acquire() as conn:
        clinic = await of_practice(conn, north.organisation, north.username)
        line = await sent_line(clinic)
        version = await conn.fetchval("SELECT version FROM billing_lines WHERE id = $1", line)
    token = await api.signed_in(north, "biller")
    sent = {"lines": [{"id": str(line), "version": version}], "claim_number": "C-7"}
    status, told = await api.post("/billing/lines/status", sent, token)
    assert (status, told["items"][0]["status"]) == (200, "exported")
    assert (await api.post("/billing/lines/status", sent, token))[0] == 412
    nothing = {"lines": sent["lines"]}
    assert (await api.post("/billing/lines/status", nothing, token))[0] == 422


async def test_on_the_page_of_the_line(api: Api, north: Practice, pool: Pool) -> None:
    async with pool.acquire() as conn:
        line = await sent_line(await of_practice(conn, north.organisation, north.username))
        version = await conn.fetchval("SELECT version FROM billing_lines WHERE id = $1", line)
    browser = await api.browser(north, "biller")
    path = f"/billing/lines/{line}"
    assert "Only the payer&#39;s number" in (await browser.get(path))[1]
    form = {"to": "number", "version": str(version), "claim_number": ""}
    status, page = await browser.send(f"{path}/answer", form)
    assert status == 422
    status, _ = await browser.send(f"{path}/answer", {**form, "claim_number": "C-7"})
    assert status == 303
    _, page = await browser.get(path)
    assert "number for it is C-7" in page
