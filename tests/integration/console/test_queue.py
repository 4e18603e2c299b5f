"""The nurse's queue as pages: what is shown to whom, acted on, kept, handed over."""

import datetime as dt
import html
import re
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from alerts.life.alert import Alert
from care.rules import Lane, Severity
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised

HUB: dict[str, Any] = {
    "patient_id": None, "subject_kind": "gateway", "subject": "hub-north", "metric": None,
    "lane": Lane.TECHNICAL, "rule": "gateway-offline", "label": "Hub offline", "bound": None,
    "severity": Severity.MEDIUM, "peak": Severity.MEDIUM, "value": None, "onset_reading": None,
}  # fmt: skip
SILENT = {"code": "gateway_offline", "facts": {
    "gateway": "hub-north", "label": "", "heard_at": "2026-11-20T08:02:00+00:00",
    "patients": 1}}  # fmt: skip
RESOLVED = {"version": 1, "outcome": "called_patient", "note": "spoke to her"}


async def hub_offline(pool: Pool, north: Practice, clock: Clock) -> Alert:
    return await raised(pool, north, clock, id=UUID(int=9), reason=SILENT, **HUB)


def shown(page: str) -> list[str]:
    """The rows, in their order."""
    return re.findall(r'<li class="q-row[^>]* data-subject="([^"]+)"', page)


@pytest.mark.parametrize("role", ["nurse", "clinician", "admin", "auditor"])
async def test_whoever_watches_sees_a_row_with_value_limit_and_time(
    api: Api, pool: Pool, north: Practice, clock: Clock, role: str
) -> None:
    browser = await api.browser(north, role)
    made = await raised(pool, north, clock)
    status, page = await browser.get("/queue")
    assert status == 200
    for words in ("Able, Ada", "MRN 0", "184 mmHg", "Severe blood pressure", "Critical"):
        assert words in page
    assert f'data-alert="{made.id}"' in page
    assert ('data-action="acknowledge"' in page) == (role != "auditor")


@pytest.mark.parametrize("role", ["biller", "patient", "caregiver"])
async def test_the_queue_is_not_for_everybody(api: Api, north: Practice, role: str) -> None:
    browser = await api.browser(north, role)
    assert (await browser.get("/queue"))[0] == 403
    assert (await browser.get("/queue/rows"))[0] == 403
    assert (await browser.get("/queue/hand-over"))[0] == 403


async def test_an_auditor_has_no_forms(api: Api, pool: Pool, north: Practice, clock: Clock) -> None:
    browser = await api.browser(north, "auditor")
    made = await raised(pool, north, clock)
    assert (await browser.get(f"/queue/alerts/{made.id}/resolve"))[0] == 403
    assert (await browser.send(f"/queue/alerts/{made.id}/resolve", RESOLVED))[0] == 403
    assert (await browser.send("/queue/hand-over", {"text": "all is well"}))[0] == 403


async def test_another_clinic_sees_nothing_of_it(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    made = await raised(pool, north, clock)
    browser = await api.browser(south, "nurse")
    assert shown((await browser.get("/queue"))[1]) == []
    assert shown((await browser.get(f"/queue/rows?of=patient:{north.patient}"))[1]) == []
    assert (await browser.get(f"/queue/row/patient/{north.patient}"))[0] == 404
    assert (await browser.get(f"/queue/alerts/{made.id}/resolve"))[0] == 404
    assert (await browser.send(f"/queue/alerts/{made.id}/resolve", RESOLVED))[0] == 404


async def test_rows_come_worst_first_and_one_by_one_as_they_are_asked_for(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    await hub_offline(pool, north, clock)
    await raised(pool, north, clock)
    browser = await api.browser(north, "nurse")
    whole = [f"patient:{north.patient}", "gateway:hub-north"]
    assert shown((await browser.get("/queue"))[1]) == whole
    assert shown((await browser.get("/queue/rows"))[1]) == whole
    for each in whole:
        status, part = await browser.get(f"/queue/rows?of={each}")
        assert (status, shown(part)) == (200, [each])
        assert "<html" not in part
    assert shown((await browser.get("/queue/rows?of=patient:nobody,device:none,nonsense"))[1]) == []
    assert (await browser.get("/queue/rows?of=" + ",".join(["patient:x"] * 201)))[0] == 400


async def test_a_patient_who_is_still_bad_is_not_shown_as_good_again(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    ago = clock() - dt.timedelta(hours=2)
    over = await raised(
        pool, north, clock, id=UUID(int=7), rule="earlier", onset_at=ago, cleared_at=ago,
        cleared_why="good_again", opened_at=ago,
    )  # fmt: skip
    bad = await raised(pool, north, clock, id=UUID(int=8))
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue")
    assert f'data-alert="{bad.id}"' in page
    assert "Good again" not in page
    assert "1 more: 1 critical open (good again)" in page
    assert "late 1 h 45 min" in page
    assert "for another alert" in page
    _, page = await browser.get("/queue/hand-over")
    assert "another alert: late 1 h 45 min" in page
    token = await api.signed_in(north, "nurse")
    _, found = await api.get("/queue", token)
    assert [each["id"] for each in found["items"][0]["alerts"]] == [str(bad.id), str(over.id)]


async def test_a_filter_stands_in_the_address_and_says_what_it_hides(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    await hub_offline(pool, north, clock)
    await raised(pool, north, clock)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue?severity=critical&severity=high")
    assert shown(page) == [f"patient:{north.patient}"]
    assert "Filtered: critical, high" in page
    assert "1 row hidden" in page
    _, page = await browser.get("/queue?kind=technical")
    assert shown(page) == ["gateway:hub-north"]
    assert "no reading" not in page


async def test_what_is_searched_for_goes_into_no_address(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    await hub_offline(pool, north, clock)
    await raised(pool, north, clock)
    browser = await api.browser(north, "nurse")
    status, page = await browser.send("/queue", {"q": "aBLe"})
    assert (status, shown(page)) == (200, [f"patient:{north.patient}"])
    assert 'method="post" action="/queue" role="search"' in page
    assert shown((await browser.get("/queue?q=able"))[1]) != shown(page)


async def test_names_and_notes_are_text_and_never_markup(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    await pool.execute(
        "UPDATE patients SET family_name = $1, mrn = $1 WHERE id = $2", evil, north.patient
    )
    await pool.execute("UPDATE users SET display_name = $1 WHERE role = 'nurse'", evil)
    made = await raised(pool, north, clock, label=evil)
    browser = await api.browser(north, "nurse")
    await browser.send(f"/queue/alerts/{made.id}/acknowledge", {"version": 1, "note": evil})
    await browser.send("/queue/hand-over", {"text": evil})
    await browser.send("/queue/views", {"name": evil, "query": "who=mine", "shared": "yes"})
    other = await api.browser(north, "clinician")
    for path in (
        "/queue", "/queue/rows", f"/queue/row/patient/{north.patient}", "/queue/hand-over",
        f"/queue/alerts/{made.id}/resolve",
    ):  # fmt: skip
        status, page = await other.get(path)
        assert status == 200
        assert "<img" not in page
    assert html.escape(evil).replace("&quot;", "&#34;") in (await other.get("/queue"))[1]


async def test_a_form_acts_as_the_api_does_and_keeps_what_was_typed(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    where = f"/queue/alerts/{made.id}"
    status, page = await browser.get(f"{where}/resolve")
    assert status == 200
    assert "MRN" in page
    status, page = await browser.send(f"{where}/resolve", RESOLVED | {"note": "ok"})
    assert status == 422
    assert "at least 3 characters" in page
    assert ">ok</textarea>" in page
    status, _ = await browser.send(f"{where}/acknowledge", {"version": 1})
    assert (status, browser.where) == (303, f"/queue/row/patient/{north.patient}")
    status, page = await browser.send(f"{where}/resolve", RESOLVED)
    assert status == 412
    assert f"Acknowledged by {north.username('nurse')}" in page
    assert "spoke to her" in page
    assert 'name="version" value="2"' in page
    status, _ = await browser.send(
        f"{where}/resolve", RESOLVED | {"version": 2, "minutes": "6", "mode": "live_phone"}
    )
    assert (status, browser.where) == (303, "/queue")
    assert shown((await browser.get("/queue"))[1]) == []
    assert await pool.fetchval("SELECT count(*) FROM time_entries WHERE mode = 'live_phone'") == 1


@pytest.mark.parametrize(
    ("action", "form", "status"),
    [
        ("snooze", {"version": 2, "for": "60"}, 303),
        ("snooze", {"version": 2, "for": "custom", "until": ""}, 400),
        ("snooze", {"version": 2, "for": "custom", "until": "1999-01-01T00:00"}, 422),
        ("snooze", {"version": 2}, 400),
        ("escalate", {"version": 2, "reason": ""}, 422),
        ("escalate", {"version": 2, "reason": "no answer twice"}, 303),
        ("reopen", {"version": 2, "reason": "it was too early"}, 303),
        ("note", {"version": 2, "text": "she rests now"}, 303),
        ("note", {"version": "x", "text": "she rests now"}, 412),
        ("resolve", {"version": 2, "outcome": "gone", "note": "three"}, 400),
        ("resolve", {"version": 2, "outcome": "watch", "template": "known"}, 303),
        ("resolve", {"version": 2, "outcome": "watch", "template": "known", "minutes": "-3"}, 422),
        ("delete", {"version": 2}, 404),
    ],
)
async def test_every_form_does_what_it_says_or_says_why_not(
    api: Api, pool: Pool, north: Practice, clock: Clock, action: str, form: Any, status: int
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    await browser.send(f"/queue/alerts/{made.id}/acknowledge", {"version": 1})
    answered, _ = await browser.send(f"/queue/alerts/{made.id}/{action}", form)
    assert answered == status


async def test_a_part_of_a_page_is_only_that_part(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    part = {"X-Fragment": "1"}
    for path in (f"/queue/row/patient/{north.patient}", f"/queue/alerts/{made.id}/snooze"):
        assert "<html" in (await browser.get(path))[1]
        assert "<html" not in (await browser.get(path, headers=part))[1]


async def test_a_row_opened_tells_what_was_done_by_whom(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    await browser.send(f"/queue/alerts/{made.id}/acknowledge", {"version": 1, "note": "I ring her"})
    _, page = await browser.get(f"/queue/row/patient/{north.patient}")
    for words in ("Acknowledged", "I ring her", north.username("nurse"), 'data-action="reopen"'):
        assert words in page
    assert (await browser.get("/queue/row/patient/nobody"))[0] == 404
    assert (await browser.get(f"/queue/row/patient/{north.other_patient}"))[0] == 404


async def test_a_filter_has_a_name_is_shared_and_is_removed_by_its_owner(
    api: Api, north: Practice, south: Practice
) -> None:
    nurse, doctor = await api.browser(north, "nurse"), await api.browser(north, "clinician")
    await nurse.send("/queue/views", {"name": "Hearts", "query": "programme=heart-failure&q=Able"})
    assert "Hearts" not in (await doctor.get("/queue"))[1]
    await nurse.send(
        "/queue/views", {"name": "Hearts", "query": "programme=heart-failure", "shared": "yes"}
    )
    _, page = await nurse.get("/queue")
    assert 'href="/queue?programme=heart-failure"' in page
    (view,) = re.findall(r"/queue/views/([^/]+)/remove", page)
    assert "Hearts" in (await doctor.get("/queue"))[1]
    assert "Hearts" not in (await (await api.browser(south, "nurse")).get("/queue"))[1]
    assert (await doctor.send(f"/queue/views/{view}/remove"))[0] == 404
    assert (await nurse.send(f"/queue/views/{view}/remove"))[0] == 303
    assert "Hearts" not in (await nurse.get("/queue"))[1]


@pytest.mark.parametrize("form", [{"name": "", "query": "who=mine"}, {"name": "x", "query": ""},
                                  {"name": "x" * 41, "query": "who=mine"}])  # fmt: skip
async def test_a_filter_without_a_name_or_without_a_filter_is_not_kept(
    api: Api, pool: Pool, north: Practice, form: Any
) -> None:
    browser = await api.browser(north, "nurse")
    assert (await browser.send("/queue/views", form))[0] == 303
    assert await pool.fetchval("SELECT count(*) FROM saved_views") == 0


async def test_a_hand_over_is_shown_to_the_next_until_it_is_read_and_never_changes(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    nurse, doctor = await api.browser(north, "nurse"), await api.browser(north, "clinician")
    made = await raised(pool, north, clock)
    await nurse.send(f"/queue/alerts/{made.id}/resolve", RESOLVED)
    _, page = await nurse.get("/queue/hand-over")
    assert "Done this shift: 1 resolved" in page
    assert (await nurse.send("/queue/hand-over", {"text": " a "}))[0] == 422
    turned = "Ada is \u202enwod yrev\u202c today."
    assert (await nurse.send("/queue/hand-over", {"text": turned}))[0] == 422
    await nurse.send("/queue/hand-over", {"text": "Ada calls back at nine."})
    assert "Ada calls back at nine." not in (await nurse.get("/queue"))[1]
    _, page = await doctor.get("/queue")
    assert "Ada calls back at nine." in page
    (note,) = set(re.findall(r"/queue/hand-over/([^/]+)/read", page))
    await doctor.send(f"/queue/hand-over/{note}/read")
    assert "Ada calls back at nine." not in (await doctor.get("/queue"))[1]
    _, page = await doctor.get("/queue/hand-over")
    assert "Open then: nothing. Done: 1 resolved." in page
    with pytest.raises(asyncpg.PostgresError):
        await pool.execute("UPDATE hand_overs SET text = 'nothing happened'")


async def test_a_hand_over_of_another_clinic_cannot_be_read(
    api: Api, pool: Pool, north: Practice, south: Practice
) -> None:
    nurse, stranger = await api.browser(north, "nurse"), await api.browser(south, "nurse")
    await nurse.send("/queue/hand-over", {"text": "Ada calls back at nine."})
    note = await pool.fetchval("SELECT id FROM hand_overs")
    await stranger.send(f"/queue/hand-over/{note}/read")
    assert await pool.fetchval("SELECT count(*) FROM hand_over_readers") == 1
    assert "Ada calls" not in (await stranger.get("/queue/hand-over"))[1]


async def test_a_forged_form_changes_nothing(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    where = f"/queue/alerts/{made.id}/resolve"
    status, _ = await browser.ask("POST", where, data=RESOLVED | {"csrf": "wrong"})
    assert status == 403
    assert shown((await browser.get("/queue"))[1]) != []


async def test_a_patient_is_told_by_their_own_clock_and_in_their_own_units(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    await pool.execute("UPDATE patients SET weight_unit = 'lb' WHERE id = $1", north.patient)
    facts = {"metric": "weight", "value": 2.0, "op": ">=", "limit": 1.4, "reading": 82.0, "days": 3,
             "compared_with": "lowest", "at": "2026-11-20T08:02:00+00:00"}  # fmt: skip
    await raised(
        pool, north, clock, metric="weight", kind="weight", value=2.0, worst=2.0,
        bound={"metric": "weight", "op": ">=", "value": 1.4, "clear": None},
        reason={"code": "change", "facts": facts},
    )  # fmt: skip
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue")
    assert "Weight 180.8 lb at 03:02" in page
    assert "limit a rise of 3.1 lb in 3 days" in page
    assert not re.search(r"\d kg", page)


async def test_a_stay_of_a_day_is_told_as_such(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    await raised(pool, north, clock, late=True)
    clock.now += dt.timedelta(hours=3)
    browser = await api.browser(north, "nurse")
    _, page = await browser.get("/queue?late=backlog")
    assert "Arrived late" in page


async def test_under_a_filter_a_row_stands_for_those_alerts_only_that_are_asked_for(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    """Taking on all that is medium must not take on what is critical, unseen."""
    await raised(pool, north, clock)
    mild = await raised(
        pool, north, clock, id=UUID(int=5), rule="weight-gain", severity=Severity.MEDIUM,
        peak=Severity.MEDIUM,
    )  # fmt: skip
    nurse = await api.browser(north, "nurse")
    _, page = await nurse.get("/queue?severity=medium")
    assert re.findall(r'data-refs="([^"]*)"', page) == [f"{mild.id}:1:medium:open"]
    _, page = await nurse.get("/queue")
    (refs,) = re.findall(r'data-refs="([^"]*)"', page)
    assert len(refs.split()) == 2
