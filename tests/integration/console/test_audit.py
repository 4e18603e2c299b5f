"""The audit log as requests fill it, as the API answers it, and as its page shows it."""

import asyncio
import csv
import datetime as dt
import io
from typing import Any

import pytest

from console.audit_lately import EVERY
from store.audit_chain import verify
from store.pool import Pool
from store.schema import UNCLAIMED
from tests.integration.console.conftest import Api, Clock, Practice

LINES = "SELECT * FROM audit WHERE organisation_id = $1 ORDER BY position"


async def lines(pool: Pool, practice: Practice) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch(LINES, practice.organisation)]


async def last(pool: Pool, practice: Practice) -> dict[str, Any]:
    return (await lines(pool, practice))[-1]


async def test_a_read_is_a_row_with_who_what_and_whom(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    await api.get(f"/patients/{north.patient}", token)
    row = await last(pool, north)
    assert row["actor_name"] == "nurse@north"
    assert (row["actor_role"], row["via"]) == ("nurse", "api")
    assert str(row["actor"]) == await api.user_id(north, "nurse")
    assert (row["action"], row["route"]) == ("opened the chart of", "GET /patients/{id}")
    assert (row["outcome"], row["status"]) == ("done", 200)
    assert row["patients"] == [north.patient]
    assert (row["object_kind"], row["object_id"]) == ("patients", str(north.patient))
    assert row["request_id"] == api.headers["X-Request-Id"]
    assert row["address"] == "127.0.0.1"


async def test_a_write_and_its_row_are_one_transaction(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    await pool.execute("ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (action NOT LIKE 'chan%')")
    status, _ = await api.ask(
        "PATCH", f"/patients/{north.patient}", token=token, json={"family_name": "Other"}
    )
    assert status >= 500
    kept = await pool.fetchval("SELECT family_name FROM patients WHERE id = $1", north.patient)
    assert kept == "Able"
    await pool.execute("ALTER TABLE audit DROP CONSTRAINT full_disk")
    status, _ = await api.ask(
        "PATCH", f"/patients/{north.patient}", token=token, json={"family_name": "Other"}
    )
    assert (status, (await last(pool, north))["action"]) == (200, "changed what is known of")


async def test_what_cannot_be_written_down_is_not_shown(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    await pool.execute("ALTER TABLE audit RENAME TO away")
    status, body = await api.get(f"/patients/{north.patient}", token)
    assert status == 503
    assert "Able" not in str(body)


async def test_what_is_refused_is_written_down_too(api: Api, north: Practice, pool: Pool) -> None:
    biller = await api.signed_in(north, "biller")
    await api.post("/patients", {"mrn": "9", "given_name": "A", "family_name": "B"}, biller)
    row = await last(pool, north)
    assert (row["outcome"], row["status"], row["action"]) == ("refused", 403, "added a patient")
    assert "role" in row["detail"]


async def test_another_organisations_id_is_a_row_of_who_asked(
    api: Api, north: Practice, south: Practice, pool: Pool
) -> None:
    before = len(await lines(pool, north))
    token = await api.signed_in(south, "nurse")
    assert (await api.get(f"/patients/{north.patient}", token))[0] == 404
    row = await last(pool, south)
    assert (row["outcome"], row["status"], row["object_id"]) == (
        "refused",
        404,
        str(north.patient),
    )
    assert len(await lines(pool, north)) == before


async def test_a_path_that_holds_what_somebody_typed_is_not_kept(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    await api.get("/patients/Ada%20Able%20123-45-6789", token)
    assert (await last(pool, north))["object_id"] == "?"


async def test_sign_ins_and_outs_and_tries_in_vain_are_there(
    api: Api, north: Practice, pool: Pool
) -> None:
    await api.post("/login", {"username": north.username("nurse"), "password": "a wrong one"})
    token = await api.signed_in(north, "nurse")
    await api.post("/logout", token=token)
    found = [(row["action"], row["outcome"], row["actor_name"]) for row in await lines(pool, north)]
    name = "nurse@north"
    assert found == [
        ("tried to sign in", "refused", name),
        ("signed in", "done", name),
        ("signed out", "done", name),
    ]


async def test_a_name_that_nobody_has_is_not_kept(api: Api, pool: Pool) -> None:
    await api.post("/login", {"username": "my secret password", "password": "x" * 20})
    rows = await pool.fetch(LINES, UNCLAIMED)
    assert [row["actor_name"] for row in rows] == ["an unknown account"]
    assert "my secret" not in str(rows)


async def test_a_form_with_a_stale_proof_is_written_down(
    api: Api, north: Practice, pool: Pool
) -> None:
    browser = await api.browser(north, "auditor")
    status, _ = await browser.send("/audit/find", {"csrf": "0" * 64})
    row = await last(pool, north)
    assert (status, row["outcome"], row["status"], row["via"]) == (403, "refused", 403, "page")


async def test_filters_are_kept_by_name_and_not_by_value(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    await api.get(f"/patients/{north.patient}/readings", token, kind="glucose")
    detail = (await last(pool, north))["detail"]
    assert "kind" in detail
    assert "glucose" not in detail


async def test_the_stream_is_one_row_when_it_begins(api: Api, north: Practice, pool: Pool) -> None:
    token = await api.signed_in(north, "nurse")
    opened = asyncio.create_task(api.get("/alerts/stream", token))
    row = await last(pool, north)
    while row["route"] != "GET /alerts/stream":
        await asyncio.sleep(0.05)
        row = await last(pool, north)
    opened.cancel()
    await asyncio.gather(opened, return_exceptions=True)
    assert row["action"] == "opened the live stream of alerts"


async def test_what_scripts_ask_for_over_and_over_is_told_every_five_minutes(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    browser = await api.browser(north, "auditor")
    before = len(await lines(pool, north))
    for step in (dt.timedelta(), EVERY - dt.timedelta(seconds=1), dt.timedelta(seconds=1)):
        clock.now += step
        await browser.get("/audit", headers={"X-Fragment": "1"})
    assert len(await lines(pool, north)) == before + 2
    await browser.get("/audit")
    assert len(await lines(pool, north)) == before + 3


async def test_many_at_once_leave_one_sound_chain(api: Api, north: Practice, pool: Pool) -> None:
    token = await api.signed_in(north, "nurse")
    await asyncio.gather(*(api.get(f"/patients/{north.patient}", token) for _ in range(40)))
    async with pool.acquire() as conn:
        found = await verify(conn, north.organisation)
    assert (found.sound, found.size) == (True, 41)


async def test_the_api_answers_it_in_pages_and_filtered(
    api: Api, north: Practice, south: Practice, clock: Clock
) -> None:
    nurse, auditor = await api.signed_in(north, "nurse"), await api.signed_in(north, "auditor")
    await api.signed_in(south, "nurse")
    start = clock.now
    for patient in (north.patient, north.other_patient):
        clock.now += dt.timedelta(minutes=1)
        await api.get(f"/patients/{patient}", nurse)
    _, found = await api.get("/audit", auditor, patient=str(north.patient))
    (row,) = found["items"]
    assert row["patients"] == [str(north.patient)]
    _, found = await api.get(
        "/audit", auditor, **{"from": (start + dt.timedelta(0, 90)).isoformat()}
    )
    assert [row["action"] for row in found["items"]][-1] == "opened the chart of"
    _, found = await api.get("/audit", auditor, action="the chart", to=clock.now.isoformat())
    assert len(found["items"]) == 1
    _, found = await api.get("/audit", auditor, actor=await api.user_id(north, "nurse"))
    assert {row["actor_name"] for row in found["items"]} == {"nurse@north"}
    seen, cursor = [], None
    while True:
        more: dict[str, str] = {"cursor": cursor} if cursor else {}
        _, page = await api.get("/audit", auditor, limit=2, **more)
        seen += [row["position"] for row in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == 1
    assert "south" not in str(page)


@pytest.mark.parametrize("query", [{"actor": "x"}, {"from": "yesterday"}, {"cursor": "x"}])
async def test_a_filter_that_cannot_be_read_is_told_of(
    api: Api, north: Practice, query: dict[str, str]
) -> None:
    token = await api.signed_in(north, "auditor")
    assert (await api.get("/audit", token, **query))[0] == 400


async def test_reading_the_log_is_in_the_log(api: Api, north: Practice, pool: Pool) -> None:
    browser = await api.browser(north, "auditor")
    await browser.get("/audit")
    assert (await last(pool, north))["action"] == "read the audit log"
    await browser.get("/audit.csv")
    assert (await last(pool, north))["action"] == "exported the audit log"


async def test_the_page_says_it_in_words_and_finds_a_patient_by_number(
    api: Api, north: Practice
) -> None:
    token = await api.signed_in(north, "nurse")
    await api.get(f"/patients/{north.patient}", token)
    browser = await api.browser(north, "auditor")
    status, page = await browser.get("/audit")
    assert status == 200
    assert "<b>nurse@north (nurse)</b> opened the chart of" in page
    assert "MRN 0, Ada Able" in page
    assert "Not verified yet" in page
    status, _ = await browser.send("/audit/find", {"mrn": "0", "kind": "reads"})
    assert (status, browser.where) == (303, f"/audit?kind=reads&patient={north.patient}")
    status, page = await browser.get(browser.where)
    assert "About <b>Able, Ada (MRN 0)</b> only" in page
    await browser.send("/audit/find", {"from": "Ada Able", "to": "A" * 9000, "actor": "Ben"})
    assert browser.where == "/audit"  # What cannot be read is not carried in an address.
    status, page = await browser.send("/audit/find", {"mrn": "77"})
    assert status == 422
    assert "No patient here has this number." in page
    _, page = await browser.get("/audit?to=2001-01-01")
    assert "Nothing in the log is like this." in page


async def test_the_page_says_how_far_it_is_verified_and_where_it_is_broken(
    api: Api, north: Practice, pool: Pool
) -> None:
    browser = await api.browser(north, "auditor")
    await browser.get("/audit")
    await browser.send("/audit/verify")
    _, page = await browser.get("/audit")
    assert "Verified" in page
    assert "to row <b>2</b>" in page
    await pool.execute("ALTER TABLE audit DISABLE TRIGGER audit_append_only")
    await pool.execute("UPDATE audit SET action = 'x' WHERE position = 2")
    await browser.send("/audit/verify")
    _, page = await browser.get("/audit")
    assert "This log is not as it was written." in page
    assert "Row 2: this row was changed" in page


async def test_a_spreadsheet_computes_nothing_of_it(api: Api, north: Practice, pool: Pool) -> None:
    await pool.execute("UPDATE users SET display_name = '=cmd|calc' WHERE role = 'auditor'")
    browser = await api.browser(north, "auditor")
    await browser.get("/audit")
    _, text = await browser.get("/audit.csv")
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0][0] == "row"
    assert {row[2] for row in rows[1:]} == {"'=cmd|calc"}
    assert browser.headers["Content-Type"].startswith("text/csv")


async def test_the_file_tells_two_people_of_one_name_apart(
    api: Api, north: Practice, pool: Pool
) -> None:
    await pool.execute("UPDATE users SET display_name = 'Ana Reyes'")
    for role in ("nurse", "clinician"):
        await (await api.browser(north, role)).get(f"/patients/{north.patient}")
    _, text = await (await api.browser(north, "auditor")).get("/audit.csv")
    read = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    rows = [row for row in read if row["patients"]]
    assert {row["who"] for row in rows} == {"Ana Reyes"}
    nurse, clinician = await api.user_id(north, "nurse"), await api.user_id(north, "clinician")
    assert {row["who id"] for row in rows} == {str(nurse), str(clinician)}


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "/patients", "listed patients"),
        ("GET", "/devices/{device}/assignments", "read who had a device:"),
    ],
)
async def test_whose_data_an_answer_of_the_api_shows_is_found_in_it(
    api: Api, north: Practice, pool: Pool, method: str, path: str, action: str
) -> None:
    token = await api.signed_in(north, "nurse")
    await api.ask(method, path.format(device=north.device), token=token)
    row = await last(pool, north)
    both = {north.patient, north.other_patient}
    assert row["action"] == action
    assert set(row["patients"]) == (both if path == "/patients" else {north.patient})
