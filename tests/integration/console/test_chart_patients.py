"""The list of patients: narrowed, searched, in pages, one organisation's."""

import datetime as dt

from care.registry import add_patient
from store.pool import Pool
from tests.integration.console.chart_home import measured, planned
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised


async def test_a_row_says_what_is_open_and_how_the_month_goes(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    clock.now = clock.now.replace(day=10, hour=18)
    await planned(pool, north, clock())
    await measured(pool, north, clock(), days=3)
    await raised(pool, north, clock)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/patients")
    assert "ABLE, Ada" in page
    assert "BAKER, Ben" in page
    assert "28 min ago" in page
    assert 'data-label="Days this month">4<' in page
    assert "None yet" in page
    assert 'href="/patients/new"' in page


async def test_filters_stand_in_the_address(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await measured(pool, north, clock(), days=1)
    await raised(pool, north, clock)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/patients?open=any")
    assert ("ABLE, Ada" in page, "BAKER, Ben" in page) == (True, False)
    _, page = await browser.get("/patients?silent=3")
    assert ("ABLE, Ada" in page, "BAKER, Ben" in page) == (False, True)
    assert (await browser.get("/patients?open=everything"))[0] == 400


async def test_a_search_is_no_address_and_finds_names_without_their_accents(
    api: Api, north: Practice, pool: Pool
) -> None:
    async with pool.acquire() as conn:
        await add_patient(
            conn, north.organisation, mrn="X-77", given_name="Concepción", family_name="Núñez"
        )
    browser = await api.browser(north, "nurse")
    for typed in ("nunez", "NÚÑEZ, conc", "x-77", "concepcion nunez"):
        status, page = await browser.send("/patients/search", {"search": typed})
        assert (status, browser.where) == (200, "/patients/search")
        assert "NÚÑEZ, Concepción" in page, typed
        assert "ABLE, Ada" not in page
    assert (await browser.get("/patients/search"))[0] == 200
    _, page = await browser.send("/patients/search", {"search": "<script>x</script>' OR 1=1 --"})
    assert "Nobody matches." in page
    assert "<script>x" not in page


async def test_pages_go_on_where_the_one_before_ended(
    api: Api, north: Practice, pool: Pool
) -> None:
    async with pool.acquire() as conn:
        for number in range(60):
            await add_patient(
                conn, north.organisation, mrn=f"P{number}", given_name="Pat",
                family_name=f"Page{number % 7}",
            )  # fmt: skip
    browser = await api.browser(north, "nurse")
    _, first = await browser.get("/patients")
    cursor = first.partition('name="cursor" value="')[2].split('"')[0]
    assert "cursor=" not in first
    _, second = await browser.send("/patients/search", {"search": "", "cursor": cursor})
    assert first.count('scope="row"') == 50
    assert second.count('scope="row"') == 12
    ids = [
        part.split('"')[0]
        for page in (first, second)
        for part in page.split('<th scope="row"><a href="/patients/')[1:]
    ]
    assert len(ids) == len(set(ids)) == 62
    assert (await browser.send("/patients/search", {"cursor": "made up"}))[0] == 400


async def test_nobody_of_another_organisation_is_listed_or_found(
    api: Api, north: Practice, south: Practice, pool: Pool
) -> None:
    await pool.execute("UPDATE patients SET family_name = 'Southern' WHERE id = $1", south.patient)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/patients")
    assert "SOUTHERN" not in page
    _, page = await browser.send("/patients/search", {"search": "southern"})
    assert "SOUTHERN" not in page


async def test_who_may_not_add_is_not_asked_to(api: Api, north: Practice) -> None:
    browser = await api.browser(north, "biller")
    _, page = await browser.get("/patients")
    assert 'href="/patients/new"' not in page


async def test_a_reading_of_long_ago_is_said_in_days(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await measured(pool, north, clock() - dt.timedelta(days=40), days=0)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/patients?silent=7")
    assert "40 d ago" in page
