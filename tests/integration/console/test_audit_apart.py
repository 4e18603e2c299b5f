"""The audit log tells people of one name apart, lists from charts, and ends by the clock."""

import csv
import datetime as dt
import io
from typing import Any

import msgspec
import pytest

from care.sessions import AGE_MAX, IDLE_MAX, IDLE_MAX_AT_HOME
from console import upkeep
from console.audit_words import FILTERS, filters_in
from store.audit_chain import verify
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_audit import last, lines

SECOND = dt.timedelta(seconds=1)
BY_THE_CLOCK = "was signed out by the clock"


async def tidied(pool: Pool, now: dt.datetime) -> None:
    async with pool.acquire() as conn:
        await upkeep.tidy(conn, now=now)


async def ends(pool: Pool, practice: Practice) -> list[dict[str, Any]]:
    return [row for row in await lines(pool, practice) if row["action"] == BY_THE_CLOCK]


async def test_two_people_of_one_name_are_told_apart_on_the_page_and_in_the_file(
    api: Api, north: Practice, pool: Pool
) -> None:
    await pool.execute("UPDATE users SET display_name = 'Ana Reyes'")
    for role in ("nurse", "clinician"):
        await (await api.browser(north, role)).get(f"/patients/{north.patient}")
    auditor = await api.browser(north, "auditor")
    _, page = await auditor.get(f"/audit?patient={north.patient}")
    for role in ("nurse", "clinician"):
        assert f'<span class="soft small">{north.username(role)}</span>' in page
        assert f"Ana Reyes, {north.username(role)} ({role})" in page
    _, text = await auditor.get("/audit.csv")
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert north.username("nurse") in {row["account"] for row in rows}


async def test_whoever_goes_by_their_account_is_named_once(api: Api, north: Practice) -> None:
    auditor = await api.browser(north, "auditor")
    await auditor.get("/audit")
    _, page = await auditor.get("/audit")
    assert "<b>auditor@north (auditor)</b> read the audit log" in page


async def test_who_opened_a_chart_is_not_swamped_by_lists(api: Api, north: Practice) -> None:
    nurse, auditor = await api.signed_in(north, "nurse"), await api.signed_in(north, "auditor")
    for _ in range(3):
        await api.get("/patients", nurse)
    await api.get(f"/patients/{north.patient}", nurse)
    about = {"patient": str(north.patient)}
    _, opened = await api.get("/audit", auditor, kind="opened", **about)
    assert [row["route"] for row in opened["items"]] == ["GET /patients/{id}"]
    _, listed = await api.get("/audit", auditor, kind="listed", **about)
    routes = [row["route"] for row in listed["items"]]
    assert routes == ["GET /audit", *["GET /patients"] * 3]
    assert (await api.get("/audit", auditor, kind="perhaps"))[0] == 400
    browser = await api.browser(north, "auditor")
    _, page = await browser.get(f"/audit?patient={north.patient}&kind=opened")
    assert "opened the chart of" in page
    assert "listed patients" not in page
    assert "Appeared in a list" in page


async def test_a_page_of_another_patient_on_which_somebody_is_named_is_a_list(
    api: Api, north: Practice, pool: Pool
) -> None:
    both = [north.patient, north.other_patient]
    entry = {
        "at": "2026-11-22T12:00:00Z", "via": "page", "actor_name": "a", "actor_role": "nurse",
        "action": "opened", "route": "GET /patients/{id}/enrol/kit", "outcome": "done",
        "patients": [str(each) for each in both], "object_kind": "patients",
        "object_id": str(north.patient),
    }  # fmt: skip
    told = msgspec.json.encode(entry).decode()
    await pool.execute("SELECT audit_append($1, $2::text::jsonb)", north.organisation, told)
    auditor = await api.signed_in(north, "auditor")
    for patient, kind in zip(both, ("opened", "listed"), strict=True):
        _, found = await api.get("/audit", auditor, kind=kind, patient=str(patient))
        assert "GET /patients/{id}/enrol/kit" in {row["route"] for row in found["items"]}
        other = "listed" if kind == "opened" else "opened"
        _, found = await api.get("/audit", auditor, kind=other, patient=str(patient))
        assert "GET /patients/{id}/enrol/kit" not in {row["route"] for row in found["items"]}


async def test_only_words_of_ours_are_kept_of_an_address(
    api: Api, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "nurse")
    await api.get("/patients", token, limit=2, **{"Ada Able 123-45-6789": "x"})
    detail = msgspec.json.decode((await last(pool, north))["detail"])
    assert detail == {"filters": ["?", "limit"]}


def test_every_filter_of_the_api_is_a_word_of_ours() -> None:
    from console.api.table import ROUTES  # noqa: PLC0415 (a slow import, for one test)

    assert {each.name for route in ROUTES for each in route.parameters} <= FILTERS
    assert filters_in(["limit", "x", "y"]) == ["?", "limit"]


@pytest.mark.parametrize(("off", "rows"), [(-SECOND, 0), (0 * SECOND, 1), (SECOND, 1)])
async def test_a_session_that_was_left_alone_is_written_down_once(
    api: Api, north: Practice, pool: Pool, clock: Clock, off: dt.timedelta, rows: int
) -> None:
    await api.signed_in(north, "nurse")
    clock.now += IDLE_MAX + off
    for _ in range(2):
        await tidied(pool, clock.now)
    found = await ends(pool, north)
    assert len(found) == rows
    if rows:
        (row,) = found
        assert (row["via"], row["actor_name"], row["actor_role"]) == (
            "system", "nurse@north", "nurse",
        )  # fmt: skip
        assert "nothing was done" in row["detail"]
        async with pool.acquire() as conn:
            assert (await verify(conn, north.organisation)).sound


async def test_a_session_that_was_used_to_the_last_ends_by_its_age(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    for _ in range(int(AGE_MAX / dt.timedelta(minutes=10)) - 1):
        clock.now += dt.timedelta(minutes=10)
        await pool.execute("UPDATE sessions SET last_seen_at = $1", clock.now)
    assert (await api.get("/patients", token))[0] == 200
    clock.now += dt.timedelta(minutes=10)
    assert (await api.get("/patients", token))[0] == 401
    await tidied(pool, clock.now)
    (row,) = await ends(pool, north)
    assert "it was too old" in row["detail"]


async def test_at_home_it_is_half_an_hour(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await api.signed_in(north, "nurse")
    await pool.execute(
        "UPDATE users SET role = 'patient', patient_id = $1 WHERE username = $2",
        north.patient,
        north.username("nurse"),
    )
    clock.now += IDLE_MAX_AT_HOME - SECOND
    await tidied(pool, clock.now)
    assert await ends(pool, north) == []
    clock.now += SECOND
    await tidied(pool, clock.now)
    assert len(await ends(pool, north)) == 1


async def test_who_has_signed_out_is_not_ended_again(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    await api.post("/logout", token=token)
    clock.now += AGE_MAX
    await tidied(pool, clock.now)
    assert await ends(pool, north) == []


async def test_a_console_that_was_off_for_days_writes_it_down_before_it_forgets(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    await api.signed_in(north, "nurse")
    clock.now += dt.timedelta(days=3)
    await tidied(pool, clock.now)
    assert len(await ends(pool, north)) == 1
