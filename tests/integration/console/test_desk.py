"""Readings in doubt, hubs and devices, how the whole is: as the people of a clinic see it."""

import datetime as dt
import html
import re
from uuid import UUID

from care.registry import assign
from store.pool import Pool
from tests.integration.console.conftest import CUFF, LONG_AGO, Api, Practice
from tests.integration.console.test_readings import post
from tests.integration.ingest.home import reading


async def in_doubt(api: Api, practice: Practice) -> UUID:
    """A reading of a device that nobody has registered."""
    subject = reading(device="A0:B1:C2:D3:E4:00")
    status, _ = await post(api, practice, subject)
    assert status == 200
    return subject.id


async def test_a_reading_in_doubt_is_shown_with_why_and_given_to_whose_it_is(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await in_doubt(api, north)
    nurse = await api.browser(north, "nurse")
    status, page = await nurse.get("/desk")
    assert status == 200
    assert "From a device that is not registered" in page
    form = {"whose": "another", "mrn": "0", "reason": "She called and read it out"}
    status, _ = await nurse.send(f"/desk/{subject}", form)
    assert (status, nurse.where) == (303, "/desk")
    assert await pool.fetchval("SELECT patient_id FROM readings") == north.patient
    status, page = await nurse.get("/desk")
    assert "No reading is in doubt." in page


async def test_of_two_who_say_whose_it_is_the_slower_takes_it_from_nobody(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await in_doubt(api, north)
    first, second = await api.browser(north, "nurse"), await api.browser(north, "clinician")
    said = {"mrn": "0", "reason": "She called and read it out"}
    assert (await first.send(f"/desk/{subject}", {"whose": "another", **said}))[0] == 303
    for otherwise in ({"whose": str(north.other_patient)}, {"whose": "nobody"}):
        status, page = await second.send(f"/desk/{subject}", {**said, **otherwise})
        assert (status, "somebody has said whose it is since you looked" in page) == (422, True)
        assert await pool.fetchval("SELECT patient_id FROM readings") == north.patient
    # Who says the same has done no harm.
    assert (await second.send(f"/desk/{subject}", {"whose": "another", **said}))[0] == 303
    # Of what was said to be nobody's: on the page of what has been dealt with.
    status, _ = await first.send(
        f"/patients/{north.patient}/readings/{subject}", {"reason": "It was a visitor"}
    )
    assert status == 303
    _, page = await second.get("/desk?seen=yes")
    assert 'name="nobodys"' in page
    theirs = {"whose": str(north.other_patient), **said}
    assert (await second.send(f"/desk/{subject}", theirs))[0] == 422
    assert (await second.send(f"/desk/{subject}", {**theirs, "nobodys": "yes"}))[0] == 303
    assert await pool.fetchval("SELECT patient_id FROM readings") == north.other_patient


async def test_without_a_reason_nothing_is_said_and_what_was_typed_stays(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await in_doubt(api, north)
    nurse = await api.browser(north, "nurse")
    form = {"whose": "another", "mrn": "0", "reason": ""}
    status, page = await nurse.send(f"/desk/{subject}", form)
    assert status == 422
    assert "Not saved" in page
    assert 'name="mrn" maxlength="100" autocomplete="off" value="0"' in page
    assert await pool.fetchval("SELECT patient_id FROM readings") is None


async def test_a_number_that_nobody_has_is_refused(api: Api, north: Practice) -> None:
    subject = await in_doubt(api, north)
    nurse = await api.browser(north, "nurse")
    form = {"whose": "another", "mrn": "<script>", "reason": "x"}
    status, page = await nurse.send(f"/desk/{subject}", form)
    assert status == 422
    assert "is no number of a patient here" in page
    assert "<script>" not in page.split("</head>")[1]


async def test_what_no_name_makes_good_offers_none(api: Api, north: Practice) -> None:
    await post(api, north, reading(values={"systolic": 301.0, "diastolic": 80.0}))
    nurse = await api.browser(north, "nurse")
    _, page = await nurse.get("/desk")
    assert "No living body shows this systolic" in page
    assert "Whose is it?" not in page


async def test_another_clinics_reading_cannot_be_given_away(
    api: Api, north: Practice, south: Practice
) -> None:
    subject = await in_doubt(api, north)
    stranger = await api.browser(south, "nurse")
    form = {"whose": "another", "mrn": "0", "reason": "x"}
    status, page = await stranger.send(f"/desk/{subject}", form)
    assert status in {404, 422}
    assert "is theirs" not in page


async def test_a_shared_device_names_those_whose_it_could_be(
    api: Api, north: Practice, pool: Pool
) -> None:
    async with pool.acquire() as conn:
        await conn.execute("UPDATE device_assignments SET user_slot = 1")
        await assign(
            conn, north.organisation, device_id=north.device, patient_id=north.other_patient,
            user_slot=2, starts_at=LONG_AGO,
        )  # fmt: skip
    subject = reading(user=None)
    await post(api, north, subject)
    nurse = await api.browser(north, "nurse")
    _, page = await nurse.get("/desk")
    assert "Several people share this device" in page
    assert re.findall(r"<b>(\w+, \w+)</b>", page) == ["Able, Ada", "Baker, Ben"]
    bens = {"whose": str(north.other_patient), "reason": "He said so"}
    assert (await nurse.send(f"/desk/{subject.id}", bens))[0] == 303
    assert await pool.fetchval("SELECT patient_id FROM readings") == north.other_patient


async def test_unreadable_messages_are_listed_shown_and_put_aside(
    api: Api, north: Practice, pool: Pool
) -> None:
    await post(api, north, payload=b'{"v":1,"v":"<img src=x onerror=alert(1)>"}')
    admin = await api.browser(north, "admin")
    status, page = await admin.get("/desk/letters")
    assert status == 200
    number = await pool.fetchval("SELECT id FROM dead_letters")
    status, page = await admin.get(f"/desk/letters/{number}")
    assert html.escape("<img src=x onerror=alert(1)>", quote=False) in page.replace("&#34;", '"')
    status, _ = await admin.send(f"/desk/letters/{number}/replay")
    assert (status, admin.where) == (303, f"/desk/letters/{number}")
    status, _ = await admin.send(f"/desk/letters/{number}/dismiss")
    assert (status, admin.where) == (303, "/desk/letters")
    _, page = await admin.get("/desk/letters")
    assert "No message waits for anybody." in page
    nurse = await api.browser(north, "nurse")
    assert (await nurse.get("/desk/letters"))[0] == 403


async def test_hubs_and_devices_are_listed_with_who_has_them(api: Api, north: Practice) -> None:
    nurse = await api.browser(north, "nurse")
    status, page = await nurse.get("/devices")
    assert status == 200
    assert CUFF in page
    assert "Able, Ada" in page
    assert (await nurse.get(f"/devices/{north.device}"))[0] == 200
    assert (await nurse.get(f"/hubs/{north.gateway}"))[0] == 200


async def test_the_queue_leads_to_a_device_by_its_address(
    api: Api, north: Practice, south: Practice
) -> None:
    nurse = await api.browser(north, "nurse")
    assert (await nurse.get(f"/devices/{CUFF}"))[0] == 200
    assert nurse.where == f"/devices/{north.device}"
    assert (await nurse.get("/devices/A0:00:00:00:00:00"))[0] == 404
    stranger = await api.browser(south, "nurse")
    await stranger.get(f"/devices/{CUFF}")
    assert stranger.where == f"/devices/{south.device}"


async def test_another_clinics_devices_and_hubs_are_not_there(
    api: Api, north: Practice, south: Practice
) -> None:
    nurse = await api.browser(south, "nurse")
    assert (await nurse.get(f"/devices/{north.device}"))[0] == 404
    assert (await nurse.get(f"/hubs/{north.gateway}"))[0] == 404


async def test_a_hub_is_shut_out_only_by_who_is_sure(api: Api, north: Practice, pool: Pool) -> None:
    admin = await api.browser(north, "admin")
    status, _ = await admin.send(f"/hubs/{north.gateway}/revoke")
    assert status == 422
    assert await pool.fetchval("SELECT revoked_at FROM gateways") is None
    status, _ = await admin.send(f"/hubs/{north.gateway}/revoke", {"sure": "yes"})
    assert status == 303
    assert await pool.fetchval("SELECT revoked_at FROM gateways") is not None


async def test_how_the_whole_works_is_said_in_words(api: Api, north: Practice) -> None:
    now = dt.datetime.now(dt.UTC)
    await post(api, north, reading(measured_at=now))
    admin = await api.browser(north, "admin")
    status, page = await admin.get("/system")
    assert status == 200
    assert "1 reading in 24 hours" in page


async def test_a_way_to_be_reached_is_added_tried_and_removed(
    api: Api, north: Practice, pool: Pool
) -> None:
    nurse = await api.browser(north, "nurse")
    form = {"channel": "email", "address": "ana@example.org", "min_severity": "high"}
    status, _ = await nurse.send("/notifications", form)
    assert (status, nurse.where) == (303, "/notifications")
    contact = await pool.fetchval("SELECT id FROM contacts")
    assert (await nurse.send(f"/notifications/{contact}/test"))[0] == 303
    assert (await nurse.send(f"/notifications/{contact}/test"))[0] == 303
    assert await pool.fetchval("SELECT count(*) FROM notifications") == 1
    status, page = await nurse.get("/notifications")
    assert "ana@example.org" in page
    other = await api.browser(north, "clinician")
    assert (await other.send(f"/notifications/{contact}/end"))[0] == 404
    assert (await nurse.send(f"/notifications/{contact}/end"))[0] == 303


async def test_an_address_that_is_none_is_said_at_its_field(api: Api, north: Practice) -> None:
    nurse = await api.browser(north, "nurse")
    status, page = await nurse.send("/notifications", {"channel": "email", "address": "ana"})
    assert status == 422
    assert 'aria-invalid="true"' in page
    assert 'value="ana"' in page


async def test_an_admin_puts_somebody_on_call_by_the_clinics_clock(
    api: Api, north: Practice, pool: Pool
) -> None:
    admin = await api.browser(north, "admin")
    nurse = await api.user_id(north, "nurse")
    form = {"user": nurse, "starts_at": "2027-01-04T18:00", "ends_at": "2027-01-05T08:00"}
    status, page = await admin.send("/notifications/duty", form)
    assert status == 303, page
    starts = await pool.fetchval("SELECT starts_at FROM on_call")
    assert starts == dt.datetime(2027, 1, 4, 23, tzinfo=dt.UTC)
    for unclear in ("tomorrow", "9999-12-31T23:59"):
        status, page = await admin.send("/notifications/duty", form | {"ends_at": unclear})
        assert status == 422
        assert "must be a date and a time" in page
    shift = await pool.fetchval("SELECT id FROM on_call")
    assert (await admin.send(f"/notifications/duty/{shift}/end"))[0] == 303


LABEL = "(01)09506000134352(17)270131(10)LOT7(21)S-1"
OTHER = "(01)09506000134352(21)S-2"


async def test_the_udi_of_a_device_is_entered_refused_with_the_reason_and_corrected(
    api: Api, north: Practice, south: Practice, pool: Pool
) -> None:
    device = await pool.fetchval("SELECT id FROM devices WHERE address = $1", CUFF)
    where = f"/devices/{device}"
    nurse, biller = await api.browser(north, "nurse"), await api.browser(north, "biller")
    _, page = await nurse.get(where)
    assert "Not recorded. Evidence for a bill names the device by it." in page
    status, page = await nurse.send(f"{where}/udi", {"udi": "(01)09506000134351"})
    assert status == 422
    assert "The device identifier 09506000134351 is mistyped" in page
    assert 'value="(01)09506000134351"' in page
    status, _ = await nurse.send(f"{where}/udi", {"udi": LABEL})
    assert (status, nurse.where) == (303, where)
    _, page = await biller.get(where)
    for shown in (LABEL, "09506000134352", "LOT7", "S-1", "31 Jan 2027", "nurse@"):
        assert shown in page
    assert "Save UDI" not in page, "looking at it is for all, changing it for who hands out"
    assert (await biller.send(f"{where}/udi", {"udi": OTHER}))[0] == 403
    status, page = await nurse.send(f"{where}/udi", {"udi": OTHER})
    assert status == 422
    assert f"Say why it is no longer {LABEL}" in page
    form = {"udi": OTHER, "reason": "mixed up <b>two</b>"}
    assert (await nurse.send(f"{where}/udi", form))[0] == 303
    _, page = await nurse.get(where)
    assert OTHER in page
    assert LABEL in page
    assert "mixed up &lt;b&gt;two&lt;/b&gt;" in page
    form = {"udi": "", "remove": "yes", "reason": "not ours"}
    assert (await nurse.send(f"{where}/udi", form))[0] == 303
    assert "Taken away" in (await nurse.get(where))[1]
    stranger = await api.browser(south, "nurse")
    assert (await stranger.send(f"{where}/udi", {"udi": LABEL}))[0] == 404


async def test_programs_say_a_udi_with_a_new_device_and_correct_it(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    new = {"address": "A0:B1:C2:D3:E4:77", "udi": "(01)09506000134351"}
    status, said = await api.post("/devices", new, token)
    assert (status, said["pointer"]) == (422, "/udi")
    kept = await pool.fetchval("SELECT count(*) FROM devices WHERE address = $1", new["address"])
    assert kept == 0
    status, made = await api.post("/devices", new | {"udi": "9506000134352"}, token)
    assert status == 201
    assert made["udi"]["text"] == "(01)09506000134352"
    assert made["udi"]["source"] == "person"
    where = f"/devices/{made['id']}"
    status, said = await api.ask("PATCH", where, json={"udi": LABEL}, token=token)
    assert (status, said["pointer"]) == (422, "/reason")
    more = {"udi": LABEL, "reason": "the label has more"}
    status, said = await api.ask("PATCH", where, json=more, token=token)
    assert status == 200
    udi = said["udi"]
    assert (udi["di"], udi["lot"], udi["serial"]) == ("09506000134352", "LOT7", "S-1")
    assert (udi["expires_on"], udi["made_on"], udi["device_says"]) == ("2027-01-31", None, None)
    _, listed = await api.get("/devices", token)
    assert [each["udi"] for each in listed["items"] if each["id"] == made["id"]] == [udi]
    for number, separator in enumerate(("\x1d", "<GS>")):
        scan = {
            "udi": f"]d2010950600013435210L{number}{separator}21S-{number}",
            "reason": "scanned",
        }
        status, said = await api.ask("PATCH", where, json=scan, token=token)
        assert status == 200, said
        assert said["udi"]["text"] == f"(01)09506000134352(10)L{number}(21)S-{number}"
    for other in ("\x1c", "\x1e", "\x00", "\n"):
        odd = {"udi": f"010950600013435210L{other}21S", "reason": "scanned"}
        status, said = await api.ask("PATCH", where, json=odd, token=token)
        assert (status, said["pointer"]) == (400, "/udi")
        assert said["detail"] == "the field 'udi': text with control or invisible characters"
    biller = await api.signed_in(north, "biller")
    assert (await api.ask("PATCH", where, json={"udi": None, "reason": "x"}, token=biller))[
        0
    ] == 403
