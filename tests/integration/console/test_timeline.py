"""The timeline, over the API and as a page, and the notes that people write onto it."""

import datetime as dt
from typing import Any

import pytest

from store.pool import Pool
from tests.integration.console.chart_home import measured, planned
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised

CALL = {
    "kind": "call", "with_whom": "patient", "direction": "to_them", "reached": True,
    "text": "Feels well.",
}  # fmt: skip


async def everything(api: Api, practice: Practice, pool: Pool, clock: Clock) -> str:
    await planned(pool, practice, clock())
    await measured(pool, practice, clock(), days=12)
    await raised(pool, practice, clock)
    token = await api.signed_in(practice, "nurse")
    for hours in (1, 1, 30):
        at = (clock() - dt.timedelta(hours=hours)).isoformat()
        status, body = await api.post(
            f"/patients/{practice.patient}/notes", CALL | {"at": at}, token
        )
        assert status == 201, body
    return token


async def pages(api: Api, path: str, token: str, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        status, page = await api.get(path, token, **query, **cursor)
        assert status == 200, page
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("limit", [1, 3, 100])
async def test_the_latest_comes_first_and_pages_neither_skip_nor_repeat(
    api: Api, north: Practice, pool: Pool, clock: Clock, limit: int
) -> None:
    token = await everything(api, north, pool, clock)
    path = f"/patients/{north.patient}/timeline"
    items = await pages(api, path, token, limit=limit)
    whole = await pages(api, path, token)
    assert items == whole
    at = [dt.datetime.fromisoformat(each["at"]) for each in items]
    assert at == sorted(at, reverse=True)
    names = [(each["kind"], each["key"]) for each in items]
    assert len(names) == len(set(names))
    kinds = [each["kind"] for each in items]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "readings": 13, "alerts": 1, "notes": 3, "changes": 1, "devices": 1,
    }  # fmt: skip


async def test_kinds_are_chosen_and_others_refused(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    token = await everything(api, north, pool, clock)
    path = f"/patients/{north.patient}/timeline"
    items = await pages(api, path, token, kinds="notes,alerts")
    assert {each["kind"] for each in items} == {"notes", "alerts"}
    status, problem = await api.get(path, token, kinds="gossip")
    assert (status, problem["pointer"]) == (400, "/kinds")
    status, problem = await api.get(path, token, cursor="made up")
    assert (status, problem["pointer"]) == (400, "/cursor")


async def test_titles_are_in_words(api: Api, north: Practice, pool: Pool, clock: Clock) -> None:
    token = await everything(api, north, pool, clock)
    items = await pages(api, f"/patients/{north.patient}/timeline", token)
    titles = {each["title"] for each in items}
    assert "Call to the patient" in titles
    assert any(title.startswith("Plan set: version 1, hypertension-us 1") for title in titles)
    assert any(title.startswith("Blood pressure: 2 readings, 1") for title in titles)
    assert any(title.startswith("Given: ") for title in titles)


async def test_another_organisations_timeline_and_notes_are_not_there(
    api: Api, north: Practice, south: Practice, pool: Pool, clock: Clock
) -> None:
    await everything(api, north, pool, clock)
    token = await api.signed_in(south, "nurse")
    where = f"/patients/{north.patient}"
    assert (await api.get(f"{where}/timeline", token))[0] == 404
    assert (await api.post(f"{where}/notes", CALL, token))[0] == 404
    assert await pool.fetchval("SELECT count(*) FROM care_notes") == 3


@pytest.mark.parametrize("role", ["patient", "caregiver", "biller", "auditor", "admin"])
async def test_notes_are_written_by_those_who_care(api: Api, north: Practice, role: str) -> None:
    token = await api.signed_in(north, role)
    assert (await api.post(f"/patients/{north.patient}/notes", CALL, token))[0] == 403


async def test_a_note_is_never_changed_and_corrected_once(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    path = f"/patients/{north.patient}/notes"
    _, first = await api.post(path, CALL, token)
    status, second = await api.post(path, CALL | {"text": "No.", "corrects": first["id"]}, token)
    assert (status, second["corrects"]) == (201, first["id"])
    status, problem = await api.post(path, CALL | {"corrects": first["id"]}, token)
    assert (status, problem["pointer"]) == (409, "/corrects")
    items = await pages(api, f"/patients/{north.patient}/timeline", token, kinds="notes")
    assert {each["corrected_by"] for each in items} == {second["id"], None}
    with pytest.raises(Exception, match="append"):
        await pool.execute("UPDATE care_notes SET text = 'x'")
    with pytest.raises(Exception, match="append"):
        await pool.execute("DELETE FROM care_notes")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "fax"}, "/kind"),
        ({"text": ""}, "/text"),
        ({"with_whom": "the cat"}, "/with_whom"),
        ({"direction": None}, "/direction"),
        ({"reached": None}, "/reached"),
        ({"at": "2036-01-01T00:00:00Z"}, "/at"),
    ],
)
async def test_a_note_that_cannot_be_is_refused_with_its_field(
    api: Api, north: Practice, change: dict[str, Any], pointer: str
) -> None:
    token = await api.signed_in(north, "nurse")
    status, problem = await api.post(f"/patients/{north.patient}/notes", CALL | change, token)
    assert (status, problem["pointer"]) == (422, pointer)


async def test_a_retried_note_is_kept_once(api: Api, north: Practice, pool: Pool) -> None:
    token = await api.signed_in(north, "nurse")
    headers = {"Idempotency-Key": "k"}
    for _ in range(2):
        status, _ = await api.post(f"/patients/{north.patient}/notes", CALL, token, headers=headers)
        assert status == 201
    assert await pool.fetchval("SELECT count(*) FROM care_notes") == 1


async def test_the_form_works_without_scripts_and_keeps_what_was_typed(
    api: Api, north: Practice, pool: Pool
) -> None:
    browser = await api.browser(north, "nurse")
    path = f"/patients/{north.patient}/timeline"
    form = {"kind": "call", "with_whom": "", "direction": "to_them", "reached": "no",
            "text": "<b>No answer</b>\nleft a message", "at": ""}  # fmt: skip
    status, page = await browser.send(path, form)
    assert status == 422
    assert "&lt;b&gt;No answer&lt;/b&gt;" in page
    assert "must be one of patient" in page
    status, _ = await browser.send(path, form | {"with_whom": "patient"})
    assert (status, browser.where) == (303, path)
    _, page = await browser.get(path)
    assert "Call to the patient, not reached" in page
    assert "<b>No answer" not in page
    note = await pool.fetchval("SELECT id FROM care_notes")
    _, page = await browser.get(f"{path}?corrects={note}")
    assert "Correct a note" in page
    status, _ = await browser.send(
        path, form | {"with_whom": "patient", "corrects": str(note), "text": "He called back."}
    )
    assert status == 303
    _, page = await browser.get(path)
    assert "corrected since" in page


@pytest.mark.parametrize(
    "at", ["yesterday", "2036-01-01T00:00", "2026-11-20T10:00+00:00", "9999-12-31T23:59"]
)
async def test_a_time_that_cannot_be_is_said_at_its_field(
    api: Api, north: Practice, at: str
) -> None:
    browser = await api.browser(north, "nurse")
    form = {"kind": "note", "text": "x", "at": at}
    status, page = await browser.send(f"/patients/{north.patient}/timeline", form)
    assert status == 422
    assert 'aria-describedby="field-at-hint field-at-fault"' in page


async def test_the_page_has_days_and_goes_on_to_older_ones(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await measured(pool, north, clock(), days=80)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get(f"/patients/{north.patient}/timeline?kinds=readings")
    assert page.count('<section class="day"') == 60
    older = page.partition('class="buttons"><a class="button" href="')[2].split('"')[0]
    _, page = await browser.get(older.replace("&amp;", "&"))
    assert page.count('<section class="day"') == 21
