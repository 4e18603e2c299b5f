"""A queue longer than a page lists: the worst are listed, and what is left out is said."""

import re
from uuid import UUID

import pytest

from care.rules import Severity
from console.api.queue_standing import LISTED_MOST
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.crowd import crowd
from tests.integration.console.test_alerts import raised
from tests.integration.console.test_queue import hub_offline, shown


async def waiting(pool: Pool, north: Practice, clock: Clock, many: int) -> UUID:
    """So many rows; the first of them critical. Answers its alert."""
    made = await raised(pool, north, clock)
    async with pool.acquire() as conn:
        await crowd(conn, north.organisation, made.id, many - 1)
    return made.id


def tally(page: str) -> dict[str, str]:
    (told,) = re.findall(r'<data id="q-tally"([^>]*)>', page)
    return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', told))


def named(page: str) -> list[str]:
    return re.findall(r'<a class="q-open"[^>]*>([^<]*)</a>', page)


@pytest.mark.parametrize("more", [-1, 0, 1])
async def test_the_worst_are_listed_and_how_many_more_there_are_is_said(
    api: Api, pool: Pool, north: Practice, clock: Clock, more: int
) -> None:
    many = LISTED_MOST + more
    await waiting(pool, north, clock, many)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue")
    assert len(shown(page)) == min(many, LISTED_MOST)
    assert named(page)[:2] == ["Able, Ada", "Crowd-0001, Given"]
    assert f"{many} rows: 1 critical, {many - 1} low" in page
    listed = f"{LISTED_MOST} of {many} rows are listed, the worst first. "
    assert (f"{listed}Not listed: 1 row (1 low)." in page) == (more > 0)
    assert tally(page)["more"] == str(max(more, 0))
    assert re.search(r'id="q-beyond"( hidden)?', page).group(1) == (None if more > 0 else " hidden")  # type: ignore[union-attr]


async def test_what_is_left_out_is_found_by_a_filter_and_by_searching(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    many = LISTED_MOST + 2
    await waiting(pool, north, clock, many)
    await hub_offline(pool, north, clock)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue?kind=technical")
    assert shown(page) == ["gateway:hub-north"]
    assert f"{many} rows hidden" in page
    assert tally(page)["more"] == "0"
    last = f"Crowd-{many - 1:04}, Given"
    assert last not in named((await browser.get("/queue"))[1])
    _, page = await browser.send("/queue", {"q": last[:10].upper()})
    assert named(page) == [last]
    _, page = await browser.send("/queue", {"q": "HUB hub-n"})
    assert shown(page) == ["gateway:hub-north"]
    _, page = await browser.send("/queue", {"q": "able, ada 0"})
    assert named(page) == ["Able, Ada"]
    _, page = await browser.send("/queue", {"q": "%"})
    assert named(page) == []


async def test_a_row_that_comes_is_told_with_the_counts_and_one_pushed_out_with_why(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    await waiting(pool, north, clock, LISTED_MOST)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue")
    last = shown(page)[-1]
    worse = await raised(
        pool, north, clock, id=UUID(int=77), patient_id=north.other_patient,
        subject=str(north.other_patient), severity=Severity.HIGH, peak=Severity.HIGH,
    )  # fmt: skip
    _, part = await browser.get(f"/queue/rows?of=patient:{north.other_patient},{last}")
    assert shown(part) == [f"patient:{north.other_patient}"]
    assert f'class="q-hidden" data-subject="{last}" data-why="beyond"' in part
    told = tally(part)
    assert (told["more"], told["listed"], told["urgent"]) == ("1", str(LISTED_MOST), "1")
    assert told["cut"] < re.findall(r'data-key="([^"]+)"', page)[-1]
    _, part = await browser.get(f"/queue/rows?beyond=yes&of={last}")
    assert shown(part) == [last]
    resolved = {"version": 1, "outcome": "watch", "note": "seen"}
    await browser.send(f"/queue/alerts/{worse.id}/resolve", resolved)
    _, part = await browser.get(f"/queue/rows?of=patient:{north.other_patient}&until={told['cut']}")
    assert shown(part) == [last]
    assert tally(part)["more"] == "0"


async def test_under_a_filter_a_row_that_is_not_meant_says_so(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    await raised(pool, north, clock)
    browser = await api.browser(north, "nurse")
    _, part = await browser.get(f"/queue/rows?of=patient:{north.patient}&severity=low")
    assert f'data-subject="patient:{north.patient}" data-why="filtered"' in part
    assert tally(part)["hidden"] == "1"


@pytest.mark.parametrize("more", [0, 1])
async def test_a_hand_over_says_what_it_does_not_list(
    api: Api, pool: Pool, north: Practice, clock: Clock, more: int
) -> None:
    await waiting(pool, north, clock, LISTED_MOST + more)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue/hand-over")
    assert page.count('href="/patients/') == LISTED_MOST
    assert f"Open now: 1 critical, {LISTED_MOST - 1 + more} low" in page
    assert ("Not listed: 1 row (1 low)." in page) == bool(more)


async def test_whoever_is_not_listed_was_not_seen(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    """The audit log names who was shown: neither more nor fewer."""
    await waiting(pool, north, clock, LISTED_MOST + 1)
    browser = await api.browser(north, "nurse")
    await browser.get("/queue")
    logged = await pool.fetchval(
        "SELECT max(cardinality(patients)) FROM audit WHERE route LIKE '%/queue'"
    )
    assert logged == LISTED_MOST
