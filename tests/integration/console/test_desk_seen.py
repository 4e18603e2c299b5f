"""Readings that no name makes good leave the desk when somebody has seen them, and are kept."""

import datetime as dt
from uuid import UUID

from store.pool import Pool
from tests.integration.console.conftest import Api, Practice
from tests.integration.console.test_desk import in_doubt
from tests.integration.console.test_readings import post
from tests.integration.ingest.home import reading


async def impossible(api: Api, practice: Practice) -> UUID:
    subject = reading(values={"systolic": 301.0, "diastolic": 80.0})
    await post(api, practice, subject)
    return subject.id


async def test_what_has_been_seen_leaves_the_desk_and_says_by_whom(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await impossible(api, north)
    nurse = await api.browser(north, "nurse")
    _, page = await nurse.get("/desk")
    assert "<b>1 reading</b> waits" in page
    status, _ = await nurse.send(f"/desk/{subject}/seen", {"note": "The cuff was  <loose>"})
    assert (status, nurse.where) == (303, "/desk")
    _, page = await nurse.get("/desk")
    assert "No reading is in doubt." in page
    _, page = await nurse.get("/desk?seen=yes")
    assert north.username("nurse") in page
    assert "The cuff was &lt;loose&gt;" in page
    assert await pool.fetchval("SELECT count(*) FROM readings") == 1


async def test_who_marked_it_too_early_puts_it_back(api: Api, north: Practice, pool: Pool) -> None:
    subject = await impossible(api, north)
    nurse = await api.browser(north, "nurse")
    await nurse.send(f"/desk/{subject}/seen")
    await nurse.send(f"/desk/{subject}/unseen")
    _, page = await nurse.get("/desk")
    assert "No living body shows this systolic" in page
    rows = await pool.fetch("SELECT seen FROM doubt_marks ORDER BY id")
    assert [row["seen"] for row in rows] == [True, False]


async def test_twice_is_once(api: Api, north: Practice, pool: Pool) -> None:
    subject = await impossible(api, north)
    token = await api.signed_in(north, "nurse")
    path = f"/quarantine/{subject}/seen"
    first, second = [(await api.post(path, {}, token))[1] for _ in range(2)]
    assert (first["changed"], second["changed"]) == (True, False)
    assert await pool.fetchval("SELECT count(*) FROM doubt_marks") == 1


async def test_the_api_lists_those_that_wait_and_those_that_were_seen(
    api: Api, north: Practice
) -> None:
    subject = await impossible(api, north)
    token = await api.signed_in(north, "nurse")
    _, waiting = await api.get("/quarantine", token)
    assert ([each["id"] for each in waiting["items"]], waiting["waiting"]) == ([str(subject)], 1)
    await api.post(f"/quarantine/{subject}/seen", {"note": "Loose"}, token)
    _, waiting = await api.get("/quarantine", token)
    assert (waiting["items"], waiting["waiting"]) == ([], 0)
    _, seen = await api.get("/quarantine", token, seen="true")
    assert [(each["id"], each["seen_note"]) for each in seen["items"]] == [(str(subject), "Loose")]
    assert (await api.get("/quarantine", token, seen="perhaps"))[0] == 400


async def test_a_reading_that_only_lacks_an_owner_is_not_put_aside(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await in_doubt(api, north)
    nurse = await api.browser(north, "nurse")
    status, page = await nurse.send(f"/desk/{subject}/seen")
    assert status == 422
    assert "needs an owner" in page
    assert await pool.fetchval("SELECT count(*) FROM doubt_marks") == 0


async def test_what_is_nobodys_waits_for_nobody(api: Api, north: Practice) -> None:
    subject = await in_doubt(api, north)
    nurse = await api.browser(north, "nurse")
    await nurse.send(f"/desk/{subject}", {"whose": "nobody", "reason": "A visitor"})
    _, page = await nurse.get("/desk")
    assert "No reading is in doubt." in page
    _, page = await nurse.get("/desk?seen=yes")
    assert "Somebody said that it is nobody" in page


async def test_what_is_held_back_for_another_reason_is_on_the_desk_again(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await impossible(api, north)
    nurse = await api.browser(north, "nurse")
    await nurse.send(f"/desk/{subject}/seen")
    await pool.execute("UPDATE readings SET reason = 'impossible_pair'")
    _, page = await nurse.get("/desk")
    assert "The numbers do not go together" in page


async def test_another_clinic_cannot_mark_it(
    api: Api, north: Practice, south: Practice, pool: Pool
) -> None:
    subject = await impossible(api, north)
    stranger = await api.signed_in(south, "nurse")
    assert (await api.post(f"/quarantine/{subject}/seen", {}, stranger))[0] == 404
    assert (await api.post(f"/quarantine/{UUID(int=5)}/seen", {}, stranger))[0] == 404
    assert await pool.fetchval("SELECT count(*) FROM doubt_marks") == 0


async def test_a_note_of_501_characters_is_refused(api: Api, north: Practice) -> None:
    subject = await impossible(api, north)
    token = await api.signed_in(north, "nurse")
    path = f"/quarantine/{subject}/seen"
    assert (await api.post(path, {"note": "x" * 501}, token))[0] == 422
    assert (await api.post(path, {"note": "x" * 500}, token))[0] == 200


async def test_it_is_written_to_the_audit_log(api: Api, north: Practice, pool: Pool) -> None:
    subject = await impossible(api, north)
    nurse = await api.browser(north, "nurse")
    await nurse.send(f"/desk/{subject}/seen", {"note": "Not for the log"})
    row = await pool.fetchrow("SELECT * FROM audit WHERE action LIKE 'has seen%'")
    assert row is not None
    assert (row["object_id"], row["outcome"]) == (str(subject), "done")
    assert "Not for the log" not in str(dict(row))


async def test_the_system_page_counts_those_that_wait(api: Api, north: Practice) -> None:
    subject = await impossible(api, north)
    admin = await api.browser(north, "admin")
    _, page = await admin.get("/system")
    assert "1 reading waits for somebody to look." in page
    await admin.send(f"/desk/{subject}/seen")
    _, page = await admin.get("/system")
    assert "No reading waits for somebody to look." in page


async def test_an_auditor_sees_who_has_seen_it_and_changes_nothing(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await impossible(api, north)
    auditor = await api.browser(north, "auditor")
    _, page = await auditor.get("/desk")
    assert f"/desk/{subject}/seen" not in page
    assert (await auditor.send(f"/desk/{subject}/seen"))[0] == 403
    assert await pool.fetchval("SELECT count(*) FROM doubt_marks") == 0


async def test_the_last_mark_is_what_holds(api: Api, north: Practice, pool: Pool) -> None:
    subject = await impossible(api, north)
    token = await api.signed_in(north, "nurse")
    for word in ("seen", "unseen", "seen"):
        await api.post(f"/quarantine/{subject}/{word}", {}, token)
    _, waiting = await api.get("/quarantine", token)
    assert waiting["items"] == []
    at = await pool.fetchval("SELECT max(at) FROM doubt_marks")
    assert isinstance(at, dt.datetime)


async def test_a_form_for_what_is_not_here_any_more_says_so(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await impossible(api, north)
    nurse = await api.browser(north, "nurse")
    assert (await nurse.send(f"/desk/{UUID(int=5)}/seen"))[0] == 404
    assigned = "UPDATE readings SET attribution = 'assigned', reason = NULL, patient_id = $1"
    await pool.execute(assigned, north.patient)
    status, page = await nurse.send(f"/desk/{subject}/seen")
    assert status == 422
    assert "Not saved: reading: is not held back" in page


async def test_a_note_on_the_page_holds_nothing_that_turns_or_hides_text(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = await impossible(api, north)
    nurse = await api.browser(north, "nurse")
    for hidden in ("\u202e", "\u200b", "\x1b"):
        status, page = await nurse.send(f"/desk/{subject}/seen", {"note": f"a{hidden}b"})
        assert (status, "cannot be printed" in page) == (422, True)
    assert await pool.fetchval("SELECT count(*) FROM doubt_marks") == 0
