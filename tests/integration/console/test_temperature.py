"""A temperature from the wire to every page: the patient's unit on pages, °C underneath."""

import datetime as dt
import re
from typing import Any

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice
from tests.integration.console.my_home import Home
from tests.integration.console.test_limits_page import form_in
from tests.integration.console.test_my_pages import NOON, plain

AT = NOON - dt.timedelta(hours=2)
FEVER: dict[str, Any] = {
    "metric": "temperature", "kind": "temperature", "label": "Fever", "rule": "temperature-high",
    "value": 38.06, "worst": 38.06,
    "bound": {"metric": "temperature", "op": ">=", "value": 38.0, "clear": 37.6},
    "reason": {"code": "limit", "facts": {"metric": "temperature", "value": 38.06, "op": ">=",
                                          "limit": 38.0, "at": AT.isoformat()}},
}  # fmt: skip
WHY = "Body temperature 100.5 °F at 11:30 on 22 Nov, limit at or above 100.4"
CELSIUS = re.compile(r"38\.0|38\.1|°C")


@pytest.fixture
async def home(pool: Pool, north: Practice, clock: Clock) -> Home:
    """Somebody with a fever, who reads °F as new patients do."""
    clock.now = NOON
    made = Home(pool=pool, practice=north, now=NOON)
    await made.plan("post-discharge-30")
    reading = await made.measured("temperature", AT, temperature=38.06)
    await made.alert(reading, AT, **FEVER)
    return made


async def panel_of(browser: Browser, home: Home) -> str:
    alert = await home.pool.fetchval("SELECT id FROM alerts")
    return plain((await browser.get(f"/patients/{home.patient}?alert={alert}"))[1])


async def test_staff_read_and_type_the_patients_unit(api: Api, home: Home) -> None:
    nurse = await api.browser(home.practice, "nurse")
    _, queue = await nurse.get("/queue")
    assert "100.5 °F" in plain(queue)
    assert WHY in await panel_of(nurse, home)
    where = f"/patients/{home.patient}"
    for path in ("/queue", where, f"{where}/readings", f"{where}/timeline", f"{where}/limits"):
        status, page = await nurse.get(path)
        assert (status, CELSIUS.search(plain(page))) == (200, None), path
    _, chart = await nurse.get(where)
    assert "from 100.5 to 100.5 °F" in chart
    assert "from 100.4" in chart

    # A limit that is typed in °F is kept in °C, and read again as typed.
    _, page = await nurse.get(f"{where}/limits")
    typed = form_in(page, **{"value-0-temperature-high": "100.9"})
    status, page = await nurse.send(
        f"{where}/limits", typed | {"reason": "runs warm", "unseen": "yes"}
    )
    assert status == 303, page
    kept = await home.pool.fetchval(
        "SELECT overrides::text FROM plan_versions ORDER BY version DESC LIMIT 1"
    )
    assert "38.28" in kept
    _, page = await nurse.get(f"{where}/limits")
    assert form_in(page)["value-0-temperature-high"] == "100.9"

    # Over the API numbers are canonical, whatever pages show.
    token = await api.signed_in(home.practice, "nurse")
    _, readings = await api.get(f"/patients/{home.patient}/readings", token)
    assert readings["items"][0]["values"] == {"temperature": 38.06}
    _, patient = await api.get(f"/patients/{home.patient}", token)
    assert patient["temperature_unit"] == "F"
    status, patient = await api.ask(
        "PATCH", f"/patients/{home.patient}", token=token, json={"temperature_unit": "C"}
    )
    assert (status, patient["temperature_unit"]) == (200, "C")
    assert "Body temperature 38.1 °C" in await panel_of(nurse, home)


@pytest.mark.parametrize("language", ["en", "es"])
async def test_patients_read_their_own_unit_in_their_own_language(
    api: Api, home: Home, language: str
) -> None:
    await home.say(language=language)
    browser = await api.browser(home.practice, "patient")
    for path in ("/my", "/my/readings?kind=temperature"):
        _, html = await browser.get(path)
        assert "100.5" in plain(html)
        assert "°F" in plain(html)
        assert CELSIUS.search(plain(html)) is None
    await home.say(temperature_unit="C")
    _, html = await browser.get("/my")
    assert "°C" in plain(html)
    assert "°F" not in plain(html)
