"""A blood pressure alert is about one number; whoever judges it sees all that was measured."""

import datetime as dt
import re
from uuid import UUID

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised

READING = """
INSERT INTO readings (id, organisation_id, gateway_id, device, patient_id, kind, measured_at,
    utc_offset_s, local_day, time_quality, received_at, attribution, systolic, diastolic, pulse)
VALUES ($1, $2, 'hub', 'cuff', $3, 'blood_pressure', $4, 0, $5, 'device', $4, 'assigned',
    $6, $7, $8)
"""
PROOF = """
INSERT INTO alert_readings (alert_id, measured_at, reading_id, severity, value)
VALUES ($1, $2, $3, 'critical', $4)
"""


async def measured(
    pool: Pool, north: Practice, at: dt.datetime, *values: float | None, number: int = 1
) -> UUID:
    made = UUID(int=0xBEEF + number)
    await pool.execute(READING, made, north.organisation, north.patient, at, at.date(), *values)
    return made


def numbers(page: str) -> list[str]:
    """Each value that is shown, its emphasis kept."""
    found = re.findall(r'<p class="(?:small )?q-value">(.*?)<span class="soft', page, re.DOTALL)
    return [re.sub("</?span[^>]*>", "", each).strip() for each in found]


async def test_a_row_its_fragment_its_details_and_the_hand_over_tell_both_numbers_and_the_pulse(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    at = clock() - dt.timedelta(minutes=5)
    made = await raised(pool, north, clock, onset_at=at, last_at=at, value=184.0)
    reading = await measured(pool, north, at, 184.0, 113.0, 88.0)
    await pool.execute(PROOF, made.id, at, reading, 184.0)
    browser = await api.browser(north, "nurse")
    told = "<b>184</b>/113 mmHg, pulse 88"
    for path in ("/queue", f"/queue/rows?of=patient:{north.patient}"):
        assert numbers((await browser.get(path))[1]) == [told]
    _, page = await browser.get(f"/queue/row/patient/{north.patient}")
    assert numbers(page) == [told]
    table = re.sub("</?span[^>]*>", "", page[page.index("<caption") :])
    assert f">{told}</td>" in table
    _, page = await browser.get("/queue/hand-over")
    assert told in re.sub("</?span[^>]*>", "", page)


async def test_what_triggered_is_emphasised_whichever_it_is(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    at = clock() - dt.timedelta(minutes=5)
    await raised(
        pool, north, clock, onset_at=at, last_at=at, value=113.0, metric="diastolic", bound=None
    )
    await measured(pool, north, at, 184.0, 113.0, None)
    browser = await api.browser(north, "nurse")
    assert numbers((await browser.get("/queue"))[1]) == ["184/<b>113</b> mmHg"]


async def test_a_reading_from_before_the_last_twelve_is_found_too(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    at = clock() - dt.timedelta(days=2)
    await raised(pool, north, clock, onset_at=at, last_at=at, value=184.0)
    await measured(pool, north, at, 184.0, 113.0, 88.0)
    for number in range(12):
        later = at + dt.timedelta(hours=1 + number)
        await measured(pool, north, later, 120.0, 70.0, 60.0, number=2 + number)
    browser = await api.browser(north, "nurse")
    assert numbers((await browser.get("/queue"))[1]) == ["<b>184</b>/113 mmHg, pulse 88"]


async def test_where_nothing_else_is_known_the_number_stands_alone(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    at = clock() - dt.timedelta(minutes=5)
    await raised(pool, north, clock, onset_at=at, last_at=at, value=184.0)

    await pool.execute(READING, UUID(int=5), south.organisation, south.patient, at,
                       at.date(), 184.0, 99.0, 77.0)  # fmt: skip
    browser = await api.browser(north, "nurse")
    assert numbers((await browser.get("/queue"))[1]) == ["<b>184 mmHg</b>"]
