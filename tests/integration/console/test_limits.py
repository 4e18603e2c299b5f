"""Limits, team, consents, orders and episodes over the API."""

import datetime as dt
import time
from typing import Any

import pytest

from tests.integration.console.conftest import Api, Clock, Practice

DAY = dt.timedelta(days=1)
QUIETER = {"rules": [{"rule": "irregular-pulse", "set": {"enabled": False}}]}


def path(practice: Practice, leaf: str = "limits") -> str:
    return f"/patients/{practice.patient}/{leaf}"


async def put(api: Api, practice: Practice, token: str, **body: Any) -> tuple[int, Any]:
    fields = {"programme": "hypertension-us", "reason": "first visit"} | body
    return await api.ask("PUT", path(practice), token=token, json=fields)


async def test_limits_are_set_changed_and_told(api: Api, north: Practice, clock: Clock) -> None:
    token = await api.signed_in(north, "nurse")
    assert await api.get(path(north), token) == (200, {"plan": None, "history": []})
    status, told = await put(api, north, token)
    assert status == 200
    assert (told["plan"]["version"], told["plan"]["set_by"]) == (1, "nurse@north")
    clock.now += dt.timedelta(minutes=1)
    status, told = await api.ask("PUT", path(north), token=token,
                                 json={"overrides": QUIETER, "reason": "known"})  # fmt: skip
    assert status == 200
    assert [each["version"] for each in told["history"]] == [2, 1]
    assert told["plan"]["programme"] == "hypertension-us"
    assert len(told["plan"]["rules"]) == 9
    assert await api.get(path(north), token) == (200, told)


async def test_every_fault_is_told_with_its_pointer(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "clinician")
    overrides = {
        "rules": [{"rule": "bp-lo", "set": {"latch": True}}],
        "add_rules": [{"id": "a", "type": "limit", "kind": "weight", "severity": "low",
                       "bounds": [{"metric": "wieght", "op": ">", "value": 80}]}],
    }  # fmt: skip
    status, told = await put(api, north, token, overrides=overrides)
    assert status == 422
    assert {each["pointer"] for each in told["errors"]} == {
        "/overrides/rules/0/rule", "/overrides/add_rules/0/bounds/0/metric",
    }  # fmt: skip
    assert told["pointer"] in {each["pointer"] for each in told["errors"]}
    assert await api.get(path(north), token) == (200, {"plan": None, "history": []})


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"reason": ""}, 422, "/reason"),
        ({"programme": None}, 422, "/programme"),
        ({"programme": "hypertension"}, 404, "/programme"),
        ({"version": 9}, 404, "/version"),
        ({"overrides": {"rulez": []}}, 422, "/overrides/rulez"),
        ({"overrides": []}, 400, "/overrides"),
        ({"effective_from": "2020-01-01T00:00:00Z"}, 422, "/effective_from"),
        ({"effective_from": "2020-01-01T00:00:00"}, 400, "/effective_from"),
        ({"effective": "now"}, 400, "/effective"),
    ],
)
async def test_limits_that_cannot_be_are_refused(
    api: Api, north: Practice, body: dict[str, Any], status: int, pointer: str
) -> None:
    token = await api.signed_in(north, "admin")
    got, told = await put(api, north, token, **body)
    assert (got, told["pointer"]) == (status, pointer)


async def test_a_version_that_overlaps_is_a_conflict(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    begins = (clock.now + DAY).isoformat()
    await put(api, north, token, effective_from=begins)
    status, told = await put(api, north, token, overrides=QUIETER, effective_from=begins)
    assert (status, told["pointer"]) == (409, "/effective_from")


async def test_limits_change_today_though_others_begin_tomorrow_and_those_are_withdrawn(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    withdraw = path(north, "limits/withdraw")
    await put(api, north, token)
    begins = clock.now + DAY
    await put(api, north, token, programme="copd", effective_from=begins.isoformat())
    clock.now += dt.timedelta(minutes=1)
    status, told = await put(api, north, token, programme=None, overrides=QUIETER)
    assert (status, told["plan"]["version"]) == (200, 3)
    assert told["plan"]["programme"] == "hypertension-us"
    assert dt.datetime.fromisoformat(told["plan"]["effective_to"]) == begins
    assert (await api.post(withdraw, {"reason": " "}, token))[1]["pointer"] == "/reason"
    assert (await api.post(withdraw, {"reason": "x", "version": 3}, token))[0] == 422
    assert (await api.post(withdraw, {"reason": "x", "version": 9}, token))[0] == 404
    for role, refused in (("patient", 403), ("auditor", 403)):
        other = await api.signed_in(north, role)
        assert (await api.post(withdraw, {"reason": "x"}, other))[0] == refused
    status, told = await api.post(withdraw, {"reason": "too soon"}, token)
    assert (status, told["plan"]["version"], told["plan"]["effective_to"]) == (200, 3, None)
    gone = told["history"][1]
    assert (gone["version"], gone["withdrawn_by"], gone["withdraw_reason"]) == (
        2, "nurse@north", "too soon",
    )  # fmt: skip
    assert await api.post(withdraw, {"reason": "again", "version": 2}, token) == (200, told)
    assert (await api.post(withdraw, {"reason": "again"}, token))[0] == 404
    clock.now = begins
    token = await api.signed_in(north, "nurse")
    assert (await api.get(path(north), token))[1]["plan"]["version"] == 3


async def test_a_patient_reads_what_holds_and_not_what_was_remarked(
    api: Api, north: Practice
) -> None:
    await put(api, north, await api.signed_in(north, "nurse"), reason="forgets to measure")
    for role in ("patient", "caregiver"):
        token = await api.signed_in(north, role)
        status, told = await api.get(path(north), token)
        assert (status, told["plan"]["version"], told["history"]) == (200, 1, [])
        assert "forgets" not in str(told)
        assert (await api.get(f"/patients/{north.other_patient}/limits", token))[0] == 404
        assert (await api.get(path(north, "team"), token))[0] == 403
        assert (await put(api, north, token))[0] == 403


async def test_a_team_consents_orders_and_episodes(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    status, made = await api.post(path(north, "consents"),
                                  {"kind": "monitoring", "method": "verbal"}, token)  # fmt: skip
    assert (status, made["withdrawn_at"]) == (201, None)
    status, gone = await api.post(path(north, f"consents/{made['id']}/withdraw"), {}, token)
    assert status == 200
    assert gone["withdrawn_at"]
    status, told = await api.post(path(north, "orders"),
                                  {"ordered_by": "Dr Day", "kinds": ["wieght"]}, token)  # fmt: skip
    assert (status, told["pointer"]) == (422, "/kinds")
    status, made = await api.post(path(north, "orders"),
                                  {"ordered_by": "Dr Day", "kinds": ["weight"]}, token)  # fmt: skip
    assert (status, made["kinds"]) == (201, ["weight"])
    status, made = await api.post(path(north, "episodes"), {"programme": "copd"}, token)
    assert status == 201
    await put(api, north, token, programme="copd")
    status, told = await api.post(path(north, f"episodes/{made['id']}/end"),
                                  {"reason": "goals_met"}, token)  # fmt: skip
    assert (status, told["pointer"]) == (422, "/ends_at")
    _, changes = await api.get(path(north, "changes"), token)
    assert {each["what"] for each in changes["items"]} == {
        "consent given", "consent withdrawn", "order added", "episode started", "plan set",
    }  # fmt: skip
    assert {each["username"] for each in changes["items"]} == {"nurse@north"}


async def test_an_episode_ends_with_its_limits(api: Api, north: Practice, clock: Clock) -> None:
    token = await api.signed_in(north, "nurse")
    _, made = await api.post(path(north, "episodes"), {"programme": "copd"}, token)
    await put(api, north, token, programme="copd")
    clock.now += dt.timedelta(minutes=1)
    status, ended = await api.post(path(north, f"episodes/{made['id']}/end"),
                                   {"reason": "goals_met"}, token)  # fmt: skip
    assert (status, ended["end_reason"]) == (200, "goals_met")
    _, told = await api.get(path(north), token)
    assert told["plan"] is None
    assert told["history"][0]["end_reason"] == "the episode has ended"


async def test_people_join_and_leave_a_team(api: Api, north: Practice, clock: Clock) -> None:
    token = await api.signed_in(north, "nurse")
    nurse = await api.user_id(north, "nurse")
    status, made = await api.post(path(north, "team"), {"user": nurse}, token)
    assert (status, made["username"], made["role"]) == (201, "nurse@north", "nurse")
    biller = await api.user_id(north, "biller")
    status, told = await api.post(path(north, "team"), {"user": biller}, token)
    assert (status, told["pointer"]) == (422, "/user")
    clock.now += dt.timedelta(minutes=1)
    status, left = await api.post(path(north, f"team/{made['id']}/end"), {"reason": "off"}, token)
    assert status == 200
    assert left["ends_at"]
    assert await api.get(path(north, "team"), token) == (200, {"items": [left]})


async def test_another_clinics_user_joins_no_team(
    api: Api, north: Practice, south: Practice
) -> None:
    token = await api.signed_in(north, "nurse")
    theirs = await api.user_id(south, "nurse")
    assert (await api.post(path(north, "team"), {"user": theirs}, token))[0] == 404


async def test_a_patient_moves(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    where = f"/patients/{north.patient}"
    status, told = await api.ask("PATCH", where, token=token, json={"time_zone": "Asia/Tokyo"})
    assert (status, told["time_zone"]) == (200, "Asia/Tokyo")
    status, told = await api.ask("PATCH", where, token=token, json={"time_zone": "Mars/Base"})
    assert (status, told["pointer"]) == (422, "/time_zone")


async def test_programmes_are_listed_and_shown(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "clinician")
    _, listed = await api.get("/programmes", token)
    assert "hypertension-us" in {each["id"] for each in listed["items"]}
    status, shown = await api.get("/programmes/copd", token, version=1)
    assert (status, shown["programme"]["id"]) == (200, "copd")
    assert (await api.get("/programmes/copd", token, version=2))[0] == 404
    assert (await api.get("/programmes/copd", token, version="x"))[0] == 400


HANG_S = 2
"""Of processor time, where a tenth of a second is used: no measure of speed."""
DEEP: dict[str, Any] = {}
for _ in range(60):
    DEEP = {"set": DEEP}


@pytest.mark.parametrize(
    "overrides",
    [
        {"rules": [{"rule": "bp-low", "set": DEEP}]},
        {"rules": [{"rule": f"r{n}", "set": {"enabled": False}} for n in range(1200)]},
        {"rules": [{"rule": "irregular-pulse", "set": {f"f{n}": 1 for n in range(4000)}}]},
        {"add_rules": [{"id": "a", "type": "limit", "kind": "weight", "severity": "low",
                        "bounds": [{"metric": "weight", "op": ">", "value": 90}] * 1200}]},
        {"add_rules": [{"id": f"t{n}", "type": "together", "kind": "weight", "severity": "low",
                        "of": [f"q{n}" for n in range(49)]} for n in range(90)]},
        {"add_rules": [{"id": "a", "type": "together", "kind": "weight", "severity": "low",
                        "of": ["a", "b"]},
                       {"id": "b", "type": "together", "kind": "weight", "severity": "low",
                        "of": ["a", "b"]}]},
        {"silence": {"snooze_max_hours": 10**9}},
        {"ladders": [{"severity": "low"}] * 4000},
    ],
)  # fmt: skip
async def test_overrides_made_to_choke_are_refused_soon_and_the_plan_stays(
    api: Api, north: Practice, clock: Clock, overrides: dict[str, Any]
) -> None:
    token = await api.signed_in(north, "nurse")
    _, before = await put(api, north, token)
    clock.now += dt.timedelta(minutes=1)
    begun = time.process_time()  # Ours alone, however busy the machine is.
    status, told = await put(api, north, token, overrides=overrides, reason="more")
    assert time.process_time() - begun < HANG_S
    assert status in {400, 413, 422}
    assert len(told.get("errors", ())) <= 100
    assert await api.get(path(north), token) == (200, before)


@pytest.mark.parametrize("year", ["0001", "1969", "9999"])
async def test_a_plan_begins_within_the_lives_of_people(
    api: Api, north: Practice, year: str
) -> None:
    token = await api.signed_in(north, "nurse")
    begins = f"{year}-01-01T00:00:00Z"
    status, problem = await put(api, north, token, effective_from=begins, backdate=True)
    assert (status, problem["pointer"]) == (422, "/effective_from")
