"""A month of many patients is worked out beside the requests, and whoever asks is told how far."""

import asyncio
from typing import Any

import pytest

from billing.months import keeping
from billing.months.keeping import Progress, progress_of, work_out
from store.pool import Pool
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, of_practice
from tests.integration.console.conftest import Api, Browser, Clock, Practice

MONTH = f"/billing/months/{OCTOBER}"
PAGE = f"/billing/{OCTOBER}"
PATIENTS = 5
TIMES, PAUSE_S = 1200, 0.05


@pytest.fixture
def clock() -> Clock:
    return Clock(now=NOW)


@pytest.fixture
async def clinic(pool: Pool, north: Practice, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("console.evaluating.AT_ONCE", 2)
    monkeypatch.setattr("billing.months.keeping.BATCH", 2)
    async with pool.acquire() as conn:
        found = await of_practice(conn, north.organisation, north.username)
        for number in range(PATIENTS):
            await found.patient(f"Able {number}")
        yield found


async def far(clinic: Clinic) -> Progress:
    return await progress_of(clinic.conn, clinic.id, OCTOBER, now=NOW)


async def until_answered(api: Api, token: str, path: str = MONTH) -> Any:
    for _ in range(TIMES):
        if (found := await api.get(path, token))[0] != 202:
            return found
        await asyncio.sleep(PAUSE_S)
    pytest.fail("it is never worked out")


async def until_shown(browser: Browser) -> None:
    for _ in range(TIMES):
        if "data-running" not in (await browser.get(f"{PAGE}/evaluating"))[1]:
            return
        await asyncio.sleep(PAUSE_S)
    pytest.fail("it is never worked out")


async def test_the_api_says_how_far_it_is_and_then_what_was_asked_for(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    token = await api.signed_in(north, "biller")
    status, told = await api.get(MONTH, token)
    assert status == 202
    assert told == {"month": OCTOBER, "evaluating": {"done": 0, "of": PATIENTS}}
    status, month = await until_answered(api, token)
    assert (status, month["patients_shown"]) == (200, PATIENTS)
    assert await far(clinic) == Progress(done=PATIENTS, of=PATIENTS)


@pytest.mark.parametrize("rest", ["/lines", "/adjustments", "/exports"])
async def test_every_look_at_the_month_is_answered_at_once(
    api: Api, north: Practice, clinic: Clinic, rest: str
) -> None:
    token = await api.signed_in(north, "biller")
    status, _ = await api.get(f"{MONTH}{rest}", token)
    assert status in {200, 202}
    assert (await until_answered(api, token, f"{MONTH}{rest}"))[0] == 200
    await clinic.conn.execute("UPDATE patients SET sex = 'female' WHERE mrn IN ('M1', 'M2')")
    # Two are worked out while somebody waits; of three it is told how far they are.
    assert (await api.get(MONTH, token))[0] == 200 or rest == "/exports"
    await until_answered(api, token)
    await clinic.conn.execute("UPDATE patients SET sex = 'male' WHERE mrn IN ('M1', 'M2', 'M3')")
    status, told = await api.get(MONTH, token)
    assert (status, told["evaluating"]["done"]) == (202, 2)
    await until_answered(api, token)


async def test_the_page_says_it_too_and_comes_back_by_itself(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    browser: Browser = await api.browser(north, "biller")
    status, page = await browser.get(PAGE)
    assert status == 202
    assert "Working out October 2026: 0 of 5 patients" in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert f'data-progress="{PAGE}/evaluating"' in page
    await until_shown(browser)
    status, page = await browser.get(PAGE)
    assert status == 200
    assert "Able 4" in page
    assert "October 2026 is worked out." in (await browser.get(f"{PAGE}/evaluating"))[1]
    assert await far(clinic) == Progress(done=PATIENTS, of=PATIENTS)


async def test_nobody_waits_for_whoever_works_at_it(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    token = await api.signed_in(north, "biller")
    async with clinic.conn.transaction():
        await clinic.conn.execute(keeping.QUERIES["lock"], str(clinic.id), OCTOBER)
        async with asyncio.timeout(60):
            status, _ = await api.get(MONTH, token)
        assert status == 202
    assert (await until_answered(api, token))[0] == 200


async def test_what_is_interrupted_goes_on_where_it_was(clinic: Clinic) -> None:
    """Each batch is kept for good."""
    told: list[int] = []

    def killed(progress: Progress) -> None:
        told.append(progress.done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await work_out(clinic.conn, clinic.id, OCTOBER, now=NOW, on_progress=killed)
    assert await far(clinic) == Progress(done=2, of=PATIENTS)
    await work_out(
        clinic.conn, clinic.id, OCTOBER, now=NOW, on_progress=lambda each: told.append(each.done)
    )
    assert told == [2, 4, 5]


async def test_of_two_processes_one_works_it_out(api: Api, north: Practice, clinic: Clinic) -> None:
    token = await api.signed_in(north, "biller")
    whose = (str(clinic.id), OCTOBER)
    assert await clinic.conn.fetchval(keeping.QUERIES["working out"], *whose)
    for _ in range(3):
        status, told = await api.get(MONTH, token)
        assert (status, told["evaluating"]["done"]) == (202, 0)
        await asyncio.sleep(0.1)
    # The other one dies: whoever asks next goes on.
    await clinic.conn.execute("SELECT pg_advisory_unlock_all()")
    assert (await until_answered(api, token))[0] == 200


async def test_what_goes_wrong_is_told_to_who_asks_and_not_tried_for_ever(
    api: Api, north: Practice, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    del clinic

    async def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("console.evaluating.work_out", fails)
    token = await api.signed_in(north, "biller")
    browser = await api.browser(north, "biller")
    assert (await api.get(MONTH, token))[0] == 202
    await until_shown(browser)
    for _ in range(2):
        _, part = await browser.get(f"{PAGE}/evaluating")
        assert "could not be worked out" in part
        assert "data-running" not in part
    assert (await api.get(MONTH, token))[0] == 200
