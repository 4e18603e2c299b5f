"""The pages of the time log, as a browser without script asks for them."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice

NOON = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)  # 12:00 in New York.


@pytest.fixture
def clock() -> Clock:
    return Clock(now=NOON)


def typed(practice: Practice, **changes: str) -> dict[str, str]:
    del practice
    return {
        "patient": "0", "day": "2026-11-20", "start": "11:30", "minutes": "12",
        "activity": "call", "mode": "live_phone", "with_whom": "patient", "note": "feels well",
    } | changes  # fmt: skip


async def counted(api: Api, clock: Clock, token: str, patient: Any, seconds: int) -> str:
    """A timer that has counted so much."""
    _, timer = await api.post("/timers", {"patient": str(patient), "tab": "a"}, token)
    for _ in range(seconds // 15):
        clock.now += dt.timedelta(seconds=15)
        await api.post(f"/timers/{timer['id']}/beat", {"tab": "a"}, token)
    return str(timer["id"])


async def test_time_is_written_by_hand_and_stands_in_the_log(api: Api, north: Practice) -> None:
    nurse = await api.browser(north, "nurse")
    assert (await nurse.get("/time"))[0] == 200
    assert (await nurse.send("/time/new", typed(north)))[0] == 303
    assert nurse.where == "/time"
    _, page = await nurse.get("/time")
    assert "Able, Ada" in page
    assert "11:30 to 11:42" in page
    assert "12 min 00 s" in page
    assert "Live contact" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"patient": "99"}, "There is no patient with this number."),
        ({"day": "soon"}, "Must be a date, as 2026-11-22."),
        ({"start": "25:00"}, "Must be a time of day, as 14:05."),
        ({"start": "11:49"}, "Lies in the future"),
        ({"minutes": "12.5"}, "Must be a whole number of minutes."),
        ({"minutes": "0"}, "Must be from 1 to 1440."),
        ({"minutes": ""}, "Is needed: how long was it?"),
        ({"with_whom": ""}, "Say with whom: live contact needs somebody."),
        ({"activity": "gossip"}, "Must be one of"),
        ({"day": "2026-03-08", "start": "02:30"}, "The clocks went forward."),
        ({"day": "2026-11-19", "minutes": "480"}, "An entry of 8 hours or more needs one."),
    ],
)
async def test_what_cannot_be_is_said_beside_its_field_and_what_was_typed_stays(
    api: Api, north: Practice, changes: dict[str, str], words: str
) -> None:
    nurse = await api.browser(north, "nurse")
    status, page = await nurse.send("/time/new", typed(north, **changes))
    assert status == 422
    found = re.findall(r'class="fault"[^>]*>([^<]*)<', page)
    assert any(words.lower() in each.lower() for each in found), found
    assert "feels well" in page


async def test_an_hour_over_the_change_of_clocks_is_an_hour(
    api: Api, north: Practice, pool: Pool
) -> None:
    nurse = await api.browser(north, "nurse")
    sent = typed(north, day="2026-11-01", start="01:30", minutes="60")
    assert (await nurse.send("/time/new", sent))[0] == 303
    row = await pool.fetchrow("SELECT started_at, ended_at, seconds FROM time_entries")
    assert row is not None
    assert row["started_at"] == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)
    assert (row["ended_at"] - row["started_at"], row["seconds"]) == (dt.timedelta(hours=1), 3600)
    _, page = await nurse.get("/time?from=2026-11-01&to=2026-11-01")
    assert "01:30 EDT to 01:30 EST" in page


async def test_a_timer_that_waits_is_logged_with_one_button(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    timer = await counted(api, clock, token, north.patient, 247 // 15 * 15)
    nurse = await api.browser(north, "nurse")
    _, page = await nurse.get("/time")
    assert "Not logged yet" in page
    assert "4 min 00 s" in page
    assert (await nurse.send(f"/time/timers/{timer}", {"activity": "review"}))[0] == 303
    _, page = await nurse.get("/time")
    assert "Not logged yet" not in page
    assert "4 min 00 s" in page


async def test_a_timer_is_edited_with_a_reason_or_discarded_with_one(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    nurse = await api.browser(north, "nurse")
    path = f"/time/timers/{await counted(api, clock, token, north.patient, 120)}"
    status, page = await nurse.get(path)
    assert (status, 'value="2"' in page) == (200, True)
    status, page = await nurse.send(path, {"minutes": "1"})
    assert status == 422
    assert "Say why it differs from what the timer counted." in page
    assert (await nurse.send(f"{path}/discard", {"discard_reason": ""}))[0] == 422
    assert (await nurse.send(f"{path}/discard", {"discard_reason": "by mistake"}))[0] == 303
    assert (await nurse.get(path))[0] == 409


async def test_the_form_for_a_dialog_is_only_the_form(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    nurse = await api.browser(north, "nurse")
    path = f"/time/timers/{await counted(api, clock, token, north.patient, 60)}"
    _, page = await nurse.get(path, headers={"X-Fragment": "1"})
    assert "<html" not in page
    assert page.lstrip().startswith("<form")


async def test_an_entry_is_corrected_and_both_can_be_seen(
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    nurse = await api.browser(north, "nurse")
    await nurse.send("/time/new", typed(north))
    entry = await pool.fetchval("SELECT id FROM time_entries")
    clock.now += dt.timedelta(minutes=1)
    path = f"/time/entries/{entry}"
    status, page = await nurse.send(path, typed(north, minutes="9", reason=""))
    assert status == 422
    assert "Must not be empty." in page
    assert (await nurse.send(path, typed(north, minutes="9", reason="my watch")))[0] == 303
    _, page = await nurse.get(nurse.where)
    assert "9 min 00 s" in page
    assert "my watch" in page
    assert "12 min 00 s" in page
    status, page = await nurse.send(path, typed(north, minutes="8", reason="again"))
    assert status == 409
    assert "Nothing was overwritten." in page


async def test_seconds_of_a_timer_stay_when_only_the_words_are_corrected(
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    nurse = await api.browser(north, "nurse")
    timer = await counted(api, clock, token, north.patient, 75)
    await nurse.send(f"/time/timers/{timer}", {"activity": "review"})
    entry = await pool.fetchrow("SELECT id, started_at FROM time_entries")
    assert entry is not None
    _, page = await nurse.get(f"/time/entries/{entry['id']}")
    start = re.search(r'name="start"[^>]* value="([0-9:]+)"', page)
    assert start is not None
    sent = typed(north, start=start[1], minutes="1", reason="it was a call")
    assert (await nurse.send(f"/time/entries/{entry['id']}", sent))[0] == 303
    rows = await pool.fetch("SELECT seconds, started_at FROM time_entries ORDER BY recorded_at")
    assert [tuple(row) for row in rows] == [(75, entry["started_at"])] * 2


async def test_overlaps_late_entries_and_corrections_are_pointed_out(
    api: Api, north: Practice
) -> None:
    nurse = await api.browser(north, "nurse")
    await nurse.send("/time/new", typed(north))
    await nurse.send("/time/new", typed(north, patient="1", start="11:40"))
    await nurse.send("/time/new", typed(north, day="2026-11-10"))
    biller = await api.browser(north, "biller")
    _, page = await biller.get("/time")
    assert "2 min 00 s: same person, two patients at once" in page
    assert "Written late" in page
    _, page = await biller.get("/time?show=overlaps")
    assert page.count('class="badge high"') == 2
    assert "November 10" not in page
    _, page = await biller.get("/time?show=late")
    assert page.count('class="badge medium"') == 1
    assert "36 min" not in page


async def test_time_is_summed_by_patient_to_the_second(api: Api, north: Practice) -> None:
    nurse = await api.browser(north, "nurse")
    for changes in ({}, {"start": "10:00", "minutes": "5"}, {"patient": "1", "start": "09:00"}):
        await nurse.send("/time/new", typed(north, **changes))
    _, page = await nurse.get("/time")
    sums = page[page.index("By patient") : page.index("</details>", page.index("By patient"))]
    assert re.findall(r">(\d+ min \d\d s)<", sums) == ["17 min 00 s", "12 min 00 s"]
    assert f"patient={north.patient}" in sums


async def test_carers_see_their_own_first_and_others_everybodys(api: Api, north: Practice) -> None:
    await (await api.browser(north, "nurse")).send("/time/new", typed(north))
    clinician = await api.browser(north, "clinician")
    assert "Able, Ada" not in (await clinician.get("/time"))[1]
    assert "Able, Ada" in (await clinician.get("/time?staff=all"))[1]
    for role in ("admin", "biller", "auditor"):
        assert "Able, Ada" in (await (await api.browser(north, role)).get("/time"))[1]
    south_like = await api.browser(north, "patient")
    assert (await south_like.get("/time"))[0] == 403


async def test_another_organisation_sees_nothing(
    api: Api, north: Practice, south: Practice, pool: Pool, clock: Clock
) -> None:
    nurse = await api.browser(north, "nurse")
    await nurse.send("/time/new", typed(north))
    token = await api.signed_in(north, "nurse")
    timer = await counted(api, clock, token, north.patient, 60)
    entry = await pool.fetchval("SELECT id FROM time_entries")
    other = await api.browser(south, "nurse")
    assert "Able, Ada" not in (await other.get("/time?staff=all"))[1]
    assert (await other.get(f"/time/entries/{entry}"))[0] == 404
    assert (await other.get(f"/time/timers/{timer}"))[0] == 404
    assert (await other.send(f"/time/entries/{entry}", typed(north, reason="x")))[0] == 404


@pytest.mark.parametrize(
    "query",
    ["from=x&to=y", "staff=nobody", "show=%3Cscript%3E", "page=99999999999", "page=-1",
     "from=2026-12-01&to=2026-01-01", "patient=%27--", "from=0001-01-01", "to=9999-12-31"],
)  # fmt: skip
async def test_addresses_that_make_no_sense_still_show_a_page(
    api: Api, north: Practice, query: str
) -> None:
    nurse = await api.browser(north, "nurse")
    status, page = await nurse.get(f"/time?{query}")
    assert status == 200
    assert "<script>" not in page


async def test_the_file_has_every_second_and_no_formula(api: Api, north: Practice) -> None:
    nurse = await api.browser(north, "nurse")
    await nurse.send("/time/new", typed(north, note='=HYPERLINK("http://example.org")'))
    await nurse.send("/time/new", typed(north, start="10:00", note="+1, said twice\nand again"))
    biller = await api.browser(north, "biller")
    status, text = await biller.get("/time/log.csv")
    assert status == 200
    assert biller.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["note"] for row in rows] == [
        '\'=HYPERLINK("http://example.org")', "'+1, said twice\nand again",
    ]  # fmt: skip
    assert sum(int(row["seconds_logged"]) for row in rows) == 1440
    assert rows[0]["start_local"] == "2026-11-20T11:30:00-05:00"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


async def test_a_formula_in_full_width_letters_is_none_either(api: Api, north: Practice) -> None:
    nurse = await api.browser(north, "nurse")
    note = "＝HYPERLINK(1)"  # noqa: RUF001 - spreadsheets compute it as they would "="
    await nurse.send("/time/new", typed(north, note=note))
    _, text = await nurse.get("/time/log.csv")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["note"] for row in rows] == [f"'{note}"]
