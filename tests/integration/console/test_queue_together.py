"""A shift that opens the queue at the same moment: everybody is answered, each with their own."""

import asyncio
import re
from typing import Any
from uuid import UUID

import pytest

from console.api.queue_standing import Listing, read_listing
from console.queue import listed
from console.queue import pages as pages_of_queue
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.crowd import crowd
from tests.integration.console.test_alerts import raised


async def test_a_shift_that_begins_is_answered_from_a_few_readings(
    api: Api,
    pool: Pool,
    north: Practice,
    south: Practice,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = await raised(pool, north, clock)
    await raised(pool, south, clock, id=UUID(int=9), label="Of the south")
    async with pool.acquire() as conn:
        await crowd(conn, north.organisation, made.id, 40)
    nurse, clinician = [await api.browser(north, role) for role in ("nurse", "clinician")]
    elsewhere = await api.browser(south, "nurse")
    row = {"subject_kind": "patient", "subject": str(north.patient)}
    token = await api.signed_in(north, "nurse")
    assert (await api.post("/queue/looking", row, token))[0] == 200

    asked = [nurse, clinician, elsewhere] * 8
    reads: list[UUID] = []
    come: list[int] = []
    all_here = asyncio.Event()

    async def coming(*given: Any, **more: Any) -> listed.Listed:
        come.append(1)
        if len(come) == len(asked):
            all_here.set()
        return await listed.listed(*given, **more)

    async def counted(conn: Any, organisation_id: UUID, *given: Any, **more: Any) -> Listing:
        reads.append(organisation_id)
        await all_here.wait()
        return await read_listing(conn, organisation_id, *given, **more)

    monkeypatch.setattr(pages_of_queue, "listed", coming)
    monkeypatch.setattr(listed, "read_listing", counted)
    pages = await asyncio.gather(*(each.get("/queue") for each in asked))
    assert {status for status, _ in pages} == {200}
    # Who comes while one is made waits for the next: two for each clinic, not one for each page.
    assert len(reads) <= 4
    assert set(reads) == {north.organisation, south.organisation}
    for browser, (_, page) in zip(asked, pages, strict=True):
        # Nobody is told of another clinic, and who looks is told by who asks.
        assert ("Of the south" in page) == (browser is elsewhere)
        assert page.count('<li class="q-row') == (1 if browser is elsewhere else 41)
        assert ("You are looking" in page) == (browser is nurse)
        assert (" is looking" in page) == (browser is clinician)
    # Each has their own proof, and each is in the audit log with whom they saw.
    proofs = [re.findall(r'name="csrf" value="([^"]+)"', page)[0] for _, page in pages]
    assert len(set(proofs)) == len(asked)
    seen = await pool.fetch("SELECT actor, cardinality(patients) AS many FROM audit"
                            " WHERE route = 'GET /queue'")  # fmt: skip
    assert sorted(each["many"] for each in seen) == [1] * 8 + [41] * 16


async def test_what_is_ones_own_is_shared_with_nobody(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    made = await raised(pool, north, clock)
    nurse, clinician = [await api.browser(north, role) for role in ("nurse", "clinician")]
    form = {"version": "1"}
    assert (await nurse.send(f"/queue/alerts/{made.id}/acknowledge", form))[0] == 303
    pages = await asyncio.gather(*(each.get("/queue?who=mine") for each in [nurse, clinician] * 4))
    assert [page.count('<li class="q-row') for _, page in pages] == [1, 0] * 4
