"""The kit step offers devices and hubs as a nurse thinks of them: from the shelf first."""

import re

import pytest

from care.registry import add_device, add_gateway
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


async def test_no_hub_is_chosen_by_a_press_too_early(
    nurse: Browser, north: Practice, pool: Pool
) -> None:
    async with pool.acquire() as conn:
        await add_gateway(conn, north.organisation, label="Kit 9", time_zone="UTC")
    kit = f"{await enrolled(nurse)}/enrol/kit"
    _, page = await nurse.get(kit)
    assert re.search(
        r'<option value="" selected>Choose a hub</option>\s*<option value="new">A new hub<', page
    )
    status, page = await nurse.send(f"{kit}/hub", {"gateway": ""})
    assert status == 422
    assert "choose a hub" in page.lower()
    assert "has no hub yet" not in page


async def test_a_clinic_without_any_hub_is_told_how_to_come_by_one(nurse: Browser) -> None:
    kit = f"{await enrolled(nurse)}/enrol/kit"
    _, page = await nurse.get(kit)
    assert re.search(
        r'<option value="" selected>None yet: a new one</option>\s*'
        r'<option value="new">A new hub<', page
    )  # fmt: skip
    assert "The clinic has no hub yet" in page
    assert "go on without a kit" in page
    # Both ways are open: the new one has a code to be made for it, and the kit may wait.
    assert (await nurse.send(f"{kit}/hub", {"gateway": "new", "hub_label": "Kit 1"}))[0] == 303
    _, page = await nurse.get(kit)
    assert "Make its one-time code" in page
    assert "has no hub yet" not in page


async def test_whoever_writes_a_label_for_a_new_hub_gets_a_new_hub(
    nurse: Browser, pool: Pool
) -> None:
    patient = await enrolled(nurse)
    status, page = await nurse.send(
        f"{patient}/enrol/kit/hub", {"gateway": "", "hub_label": "Kit 14"}
    )
    assert status == 303, page
    assert await pool.fetchval("SELECT count(*) FROM gateways WHERE label = 'Kit 14'") == 1


@pytest.mark.parametrize(
    ("typed", "ticked", "kept"),
    [
        ("zz", "", None),
        ("hello world", "", None),
        ("A1:B2:C3:D4:E5", "", None),
        ("A1:B2:C3:D4:E5", "yes", None),
        ("A1:B2:C3:D4:E5:F6:07", "", None),
        ("a1-b2-c3-d4-e5-f6", "", "A1:B2:C3:D4:E5:F6"),
        ("imei-1", "yes", "IMEI-1"),
    ],
)
@pytest.mark.parametrize("page", ["enrol/kit/device", "care/devices"])
async def test_only_a_bluetooth_address_is_handed_out_unless_it_is_said_to_be_none(
    nurse: Browser, pool: Pool, page: str, typed: str, ticked: str, kept: str | None
) -> None:
    patient = await enrolled(nurse)
    before = await pool.fetchval("SELECT count(*) FROM devices")
    form = {"address": typed, "label": "Cuff"} | ({"not_bluetooth": ticked} if ticked else {})
    status, text = await nurse.send(f"{patient}/{page}", form)
    assert status == (422 if kept is None else 303), text
    found = await pool.fetch("SELECT address FROM devices WHERE label = 'Cuff'")
    assert [row["address"] for row in found] == ([] if kept is None else [kept])
    assert await pool.fetchval("SELECT count(*) FROM devices") == before + len(found)
    if kept is None:
        assert "is no Bluetooth address" in text
        assert typed in text


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


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ({"address": "a1:b2:c3:d4:e5:f6"}, "A1:B2:C3:D4:E5:F6"),
        ({"address": "a1-b2-c3-d4-e5-f6", "not_bluetooth": False}, "A1:B2:C3:D4:E5:F6"),
        ({"address": "imei-1"}, "IMEI-1"),
        ({"address": "a1b2c3d4e5f6", "not_bluetooth": True}, "A1B2C3D4E5F6"),
        ({"address": "a1b2c3d4e5f6"}, None),
        ({"address": "imei-1", "not_bluetooth": False}, None),
        ({"address": "A1:B2:C3:D4:E5", "not_bluetooth": True}, None),
        ({"address": "x" * 65}, None),
        ({"address": "\u00e4"}, None),
    ],
)
async def test_the_api_holds_to_the_same_rule_and_takes_the_names_of_sources_over_http(
    api: Api, north: Practice, body: dict[str, str | bool], kept: str | None
) -> None:
    token = await api.signed_in(north, "nurse")
    status, made = await api.post("/devices", body, token)
    assert (status, made.get("address")) == (422 if kept is None else 201, kept)
    if kept is None:
        assert "address" in str(made)
