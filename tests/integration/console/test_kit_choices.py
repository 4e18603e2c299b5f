"""The kit step offers devices and hubs as a nurse thinks of them: from the shelf first."""

import re

import pytest

from care.registry import add_device
from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Practice
from tests.integration.console.test_clinic_enrolment import enrolled


@pytest.fixture
async def nurse(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "nurse")


async def test_devices_in_stock_stand_first_and_those_of_others_say_whose(
    nurse: Browser, north: Practice, pool: Pool
) -> None:
    async with pool.acquire() as conn:
        await add_device(
            conn, north.organisation, address="F0:00:00:00:00:01", profile="", label="Zeta"
        )
    _, page = await nurse.get(f"{await enrolled(nurse)}/enrol/kit")
    stock = re.findall(r'<option value="([A-F0-9:]{17})"[^>]*>([^<]+)<', page)
    assert stock[0] == ("F0:00:00:00:00:01", "Zeta, F0:00:00:00:00:01: in stock")
    assert stock[1][1].endswith(": with Able, Ada")


async def test_no_hub_is_chosen_by_a_press_too_early(nurse: Browser) -> None:
    kit = f"{await enrolled(nurse)}/enrol/kit"
    _, page = await nurse.get(kit)
    assert re.search(r'<option value="" selected>Choose a hub</option>', page)
    status, page = await nurse.send(f"{kit}/hub", {"gateway": ""})
    assert status == 422
    assert "choose a hub" in page.lower()


async def test_whose_devices_are_named_is_in_the_audit_log(
    nurse: Browser, north: Practice, pool: Pool
) -> None:
    await nurse.get(f"{await enrolled(nurse)}/enrol/kit")
    row = await pool.fetchrow("SELECT patients FROM audit WHERE route LIKE 'GET %/enrol/kit'")
    assert row is not None
    assert north.patient in row["patients"]


async def test_a_nurse_reads_whom_to_ask_for_a_programmes_sign_off(
    nurse: Browser, api: Api, north: Practice
) -> None:
    _, page = await nurse.get("/programmes/copd")
    assert f"{north.username('clinician')} (clinician)" in page
    assert "can record it here" in page
    clinician = await api.browser(north, "clinician")
    _, page = await clinician.get("/programmes/copd")
    assert "Record it below" in page
