"""Alerts over the API: seen, taken on, put off, dealt with."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from alerts.life import rows
from alerts.life.alert import Alert
from alerts.life.events import Opened
from alerts.life.lifecycle import opened
from care.rules import Severity
from console.api.alert_answer import AlertAnswer
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.unit.alerts.factory import POLICY, alert

REASON = {
    "code": "limit",
    "facts": {
        "metric": "systolic",
        "value": 184.0,
        "op": ">=",
        "limit": 180.0,
        "at": "2026-11-20T08:02:00+00:00",
    },
}


async def raised(pool: Pool, practice: Practice, clock: Clock, **changes: Any) -> Alert:
    now = clock()
    fields: dict[str, Any] = {
        "organisation_id": practice.organisation,
        "patient_id": practice.patient,
        "subject": str(practice.patient),
        "opened_at": now,
        "updated_at": now,
        "reason": REASON,
    }
    made = alert(**(fields | changes))
    change = opened(made, Opened(), policy=POLICY)
    async with pool.acquire() as conn, conn.transaction():
        await rows.save(conn, [change], now=now)
    return change.alert


async def test_a_nurse_sees_why_and_since_when_with_the_patients_clock(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    status, page = await api.get("/alerts", token, state="open", severity="critical")
    assert status == 200
    (item,) = page["items"]
    assert (item["id"], item["version"], item["state"]) == (str(made.id), 1, "open")
    assert "184" in item["why"]
    assert "03:02" in item["why"]
    assert item["priority"]["score"] == sum(part["points"] for part in item["priority"]["parts"])


async def test_the_queue_has_one_row_for_a_patient_with_the_worst_first(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    await raised(pool, north, clock)
    await raised(
        pool, north, clock, id=UUID(int=5), rule="weight-gain", severity=Severity.MEDIUM,
        peak=Severity.MEDIUM,
    )  # fmt: skip
    status, queue = await api.get("/queue", token)
    assert status == 200
    (row,) = queue["items"]
    assert [each["severity"] for each in row["alerts"]] == ["critical", "medium"]


async def test_acknowledging_snoozing_and_resolving_each_take_the_version(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    where = f"/alerts/{made.id}"
    status, taken = await api.post(f"{where}/acknowledge", {"version": 1}, token)
    assert (status, taken["state"], taken["version"]) == (200, "acknowledged", 2)
    assert taken["acknowledged_name"] == north.username("nurse")
    status, problem = await api.post(f"{where}/snooze", {"version": 1, "minutes": 60}, token)
    assert (status, problem["pointer"]) == (412, "/version")
    assert f"acknowledged by {north.username('nurse')}" in problem["detail"]
    status, asleep = await api.post(f"{where}/snooze", {"version": 2, "minutes": 60}, token)
    assert (status, asleep["state"]) == (200, "snoozed")
    body = {"version": 3, "outcome": "called_patient", "note": "spoke to her", "minutes": 6}
    status, done = await api.post(f"{where}/resolve", body, token)
    assert (status, done["state"], done["outcome"]) == (200, "resolved", "called_patient")
    status, detail = await api.get(where, token)
    assert [each["event"] for each in detail["events"]] == [
        "opened", "acknowledged", "snoozed", "resolved",
    ]  # fmt: skip
    assert detail["events"][-1]["facts"] == {"minutes": 6, "outcome": "called_patient"}


@pytest.mark.parametrize(
    ("action", "body", "status", "pointer"),
    [
        ("resolve", {"version": 1, "outcome": "watch", "note": "ok"}, 422, "/note"),
        ("resolve", {"version": 1, "outcome": "gone", "note": "fine"}, 400, "/outcome"),
        ("snooze", {"version": 1}, 400, "/until"),
        ("snooze", {"version": 1, "minutes": 0}, 422, "/minutes"),
        ("acknowledge", {}, 400, "/version"),
        ("acknowledge", {"version": 1, "colour": "red"}, 400, "/colour"),
        ("snooze", {"version": 1, "minutes": 60}, 409, "/state"),
        ("reopen", {"version": 1, "reason": "too early"}, 409, "/state"),
        ("reopen", {"version": 1, "reason": " a "}, 422, "/reason"),
        ("reopen", {"version": 1}, 400, "/reason"),
        ("escalate", {"version": 1, "reason": "  ab"}, 422, "/reason"),
        ("resolve", {"version": 1, "outcome": "watch"}, 422, "/note"),
        ("resolve", {"version": 1, "note": "rang her"}, 400, "/outcome"),
        ("resolve", {"version": 1, "outcome": "watch", "template": "gone"}, 422, "/template"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_field(
    api: Api,
    pool: Pool,
    north: Practice,
    clock: Clock,
    action: str,
    body: Any,
    status: int,
    pointer: str,
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    answered, problem = await api.post(f"/alerts/{made.id}/{action}", body, token)
    assert (answered, problem["pointer"]) == (status, pointer)
    _, same = await api.get(f"/alerts/{made.id}", token)
    assert same["version"] == 1


async def test_only_what_is_taken_on_is_put_off_and_not_into_the_past(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    where = f"/alerts/{(await raised(pool, north, clock)).id}"
    await api.post(f"{where}/acknowledge", {"version": 1}, token)
    for hours, status in ((-1, 422), (73, 422), (72, 200)):
        until = (clock() + dt.timedelta(hours=hours)).isoformat()
        answered, body = await api.post(f"{where}/snooze", {"version": 2, "until": until}, token)
        assert (answered, body.get("pointer", "/until")) == (status, "/until")


async def test_a_note_that_is_written_often_has_a_name_and_may_be_added_to(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    where = f"/alerts/{(await raised(pool, north, clock)).id}"
    body = {"version": 1, "outcome": "called_patient", "template": "no_answer", "note": "Twice."}
    status, _ = await api.post(f"{where}/resolve", body | {"mode": "live_phone"}, token)
    assert status == 200
    _, detail = await api.get(where, token)
    said = detail["events"][-1]["reason"]
    assert said == "No answer. Left a message to call back. Twice."


async def test_a_wrong_outcome_is_answered_with_those_there_are(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    body = {"version": 1, "outcome": "gone", "note": "fine"}
    _, problem = await api.post(f"/alerts/{made.id}/resolve", body, token)
    assert problem["detail"].startswith("the field 'outcome': is one of: ")
    assert "called_patient, " in problem["detail"]
    assert "gone" not in problem["detail"]


@pytest.mark.parametrize(
    ("action", "field"),
    [("acknowledge", "note"), ("escalate", "reason"), ("snooze", "reason"), ("note", "text")],
)
async def test_a_reason_that_nobody_reads_to_its_end_is_refused(
    api: Api, pool: Pool, north: Practice, clock: Clock, action: str, field: str
) -> None:
    """The history is append-only: what is in it stays."""
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    more = {"minutes": 5} if action == "snooze" else {}
    version = 1
    if action == "snooze":
        await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, token)
        version = 2
    for length, status in ((2001, 422), (2000, 200)):
        body = {"version": version, field: "x" * length} | more
        assert (await api.post(f"/alerts/{made.id}/{action}", body, token))[0] == status


@pytest.mark.parametrize("version", [0, -1, 2**31, 2**63, 10**19])
async def test_a_version_that_never_was_is_stale(
    api: Api, pool: Pool, north: Practice, clock: Clock, version: int
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    status, _ = await api.post(f"/alerts/{made.id}/acknowledge", {"version": version}, token)
    assert status in {400, 412}


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("called her\nshe will measure again", 200),
        ("weight 80\u00a0kg \U0001f469\u200d\u2695\ufe0f", 200),
        ("turned \u202eround", 400),
        ("a bell \u0007", 400),
    ],
)
async def test_a_note_may_have_lines_and_nothing_hidden(
    api: Api, pool: Pool, north: Practice, clock: Clock, text: str, status: int
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    answered, body = await api.post(f"/alerts/{made.id}/note", {"text": text}, token)
    assert answered == status
    if status == 200:
        _, detail = await api.get(f"/alerts/{made.id}", token)
        assert detail["events"][-1]["reason"] == text
    else:
        assert body["pointer"] == "/text"


async def test_a_colleague_who_looks_is_named_and_may_be_relieved(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    nurse, doctor = await api.signed_in(north, "nurse"), await api.signed_in(north, "clinician")
    made = await raised(pool, north, clock)
    await api.post(f"/alerts/{made.id}/claim", {"version": 1}, nurse)
    status, problem = await api.post(f"/alerts/{made.id}/claim", {"version": 2}, doctor)
    assert (status, problem["pointer"]) == (409, "/claim")
    assert north.username("nurse") in problem["detail"]
    body = {"version": 2, "take_over": True}
    status, taken = await api.post(f"/alerts/{made.id}/claim", body, doctor)
    assert (status, taken["claim"]["username"]) == (200, north.username("clinician"))


@pytest.mark.parametrize("role", ["biller", "patient", "caregiver"])
async def test_those_who_do_not_care_for_patients_see_no_alerts(
    api: Api, pool: Pool, north: Practice, clock: Clock, role: str
) -> None:
    token = await api.signed_in(north, role)
    made = await raised(pool, north, clock)
    assert (await api.get("/alerts", token))[0] == 403
    assert (await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, token))[0] == 403


async def test_an_auditor_sees_and_touches_nothing(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "auditor")
    made = await raised(pool, north, clock)
    assert (await api.get(f"/alerts/{made.id}", token))[0] == 200
    assert (await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, token))[0] == 403


async def test_another_clinics_alert_does_not_exist(
    api: Api, pool: Pool, north: Practice, south: Practice, clock: Clock
) -> None:
    made = await raised(pool, north, clock)
    token = await api.signed_in(south, "nurse")
    assert (await api.get("/alerts", token))[1]["items"] == []
    assert (await api.get("/queue", token))[1]["items"] == []
    assert (await api.get(f"/alerts/{made.id}", token))[0] == 404
    status, _ = await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, token)
    assert status == 404


async def test_pages_of_alerts_skip_nothing_and_repeat_nothing(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    severities = list(Severity) * 2
    for number, severity in enumerate(severities, 1):
        await raised(
            pool, north, clock, id=UUID(int=number), rule=f"r{number}", severity=severity,
            peak=severity,
        )  # fmt: skip
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        _, page = await api.get("/alerts", token, limit=3, **cursor)
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert len(seen) == len(set(seen)) == len(severities)


async def test_a_claim_by_a_button_outlasts_a_glance(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    await api.post(f"/alerts/{made.id}/claim", {"version": 1}, token)
    row = {"subject_kind": "patient", "subject": str(north.patient), "looking": False}
    _, held = await api.post("/queue/looking", row, token)
    assert held["name"] == north.username("nurse")


def test_every_column_that_people_need_is_in_the_answer() -> None:
    hidden = {"organisation_id", "patient_id", "plan_version_id", "latch", "generation", "ended_by",
              "updated_at"}  # fmt: skip
    assert set(Alert.__struct_fields__) - hidden <= set(AlertAnswer.__struct_fields__)
