"""Readings as rows, one with its proof, and saying that it is somebody else's."""

import datetime as dt

from store.pool import Pool
from tests.integration.console.chart_home import measured, put
from tests.integration.console.conftest import Api, Clock, Practice


async def test_rows_say_device_clock_and_what_the_device_flagged(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await put(pool, north, clock(), flags=["irregular_pulse"], systolic=131.0, diastolic=82.0)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}/readings")
    for words in ("131/82 mmHg", "irregular pulse", "corrected", "UTC-05:00", "assigned"):
        assert words in page, words


async def test_rows_come_in_pages_without_a_gap_or_a_repeat(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await measured(pool, north, clock(), days=40)
    browser = await api.browser(north, "nurse")
    path, seen = f"/patients/{north.patient}/readings?kind=blood_pressure", list[str]()
    while path:
        _, page = await browser.get(path)
        seen += [
            part.split('"')[0] for part in page.split(f"/patients/{north.patient}/readings/")[1:]
        ]
        _, _, after = page.partition('class="buttons"><a class="button" href="')
        path = after.split('"')[0].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 82


async def test_a_reading_shows_where_it_comes_from(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    reading = await put(pool, north, clock(), systolic=131.0, diastolic=82.0)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}/readings/{reading}")
    for words in ("1e80005100", "42 s ahead", "corrected by its drift", "MRN 0", "Sent by the"):
        assert words.lower() in page.lower(), words


async def test_a_reading_is_shown_under_its_own_patient_alone(
    api: Api, north: Practice, south: Practice, pool: Pool, clock: Clock
) -> None:
    reading = await put(pool, north, clock(), systolic=131.0, diastolic=82.0)
    theirs = await put(pool, south, clock() - dt.timedelta(hours=1), systolic=131.0, diastolic=82.0)
    browser = await api.browser(north, "nurse")
    for patient, which in (
        (north.other_patient, reading),
        (north.patient, theirs),
        (south.patient, theirs),
    ):
        for send in (False, True):
            path = f"/patients/{patient}/readings/{which}"
            answer = await (browser.send(path, {"reason": "x"}) if send else browser.get(path))
            assert answer[0] == 404


async def test_not_this_patients_needs_a_reason_and_leaves_the_reading_to_nobody(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    reading = await put(pool, north, clock(), systolic=131.0, diastolic=82.0)
    browser = await api.browser(north, "nurse")
    path = f"/patients/{north.patient}/readings/{reading}"
    status, page = await browser.send(path, {"reason": " "})
    assert status == 422
    assert "must not be empty" in page
    status, _ = await browser.send(path, {"reason": "his wife measured"})
    assert (status, browser.where) == (303, f"/patients/{north.patient}/readings")
    row = await pool.fetchrow("SELECT patient_id, reason FROM readings WHERE id = $1", reading)
    assert row is not None
    assert (row["patient_id"], row["reason"]) == (None, "nobodys")
    _, page = await browser.get(path)
    assert "not this patient's any more" in page.replace("&#39;", "'")
    assert "his wife measured" in page


async def test_who_may_only_read_is_not_asked(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    reading = await put(pool, north, clock(), systolic=131.0, diastolic=82.0)
    browser = await api.browser(north, "biller")
    path = f"/patients/{north.patient}/readings/{reading}"
    status, page = await browser.get(path)
    assert status == 200
    assert "How you know" not in page
    assert (await browser.send(path, {"reason": "x"}))[0] == 403
