"""Limits tried over the API: the numbers, the episodes, who may, and what is refused."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from store.batch import Row
from store.commit_batch import commit
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.rows import reading, row

DAY = dt.timedelta(days=1)


def readings(practice: Practice, clock: Clock, systolic: list[float]) -> list[Row]:
    """One a day, the last yesterday."""
    return [
        row(
            reading(
                measured_at=(at := clock.now - (len(systolic) - number) * DAY),
                values={"systolic": value, "diastolic": value - 50},
            ),
            organisation_id=practice.organisation,
            gateway_id=practice.gateway,
            patient_id=practice.patient,
            local_day=at.date(),
        )
        for number, value in enumerate(systolic)
    ]


@pytest.fixture
async def measured(pool: Pool, north: Practice, clock: Clock) -> Practice:
    """Ten days, of which the fourth, fifth and ninth are high."""
    high = [120.0, 120, 120, 170, 172, 120, 120, 120, 171, 120]
    async with pool.acquire() as conn:
        for one in readings(north, clock, high):
            await commit(conn, [one], received_at=one.reading.measured_at)
    return north


def added(value: float) -> dict[str, Any]:
    bound = {"metric": "systolic", "op": ">=", "value": value}
    rule = {"id": "tried", "type": "limit", "kind": "blood_pressure", "severity": "high",
            "bounds": [bound]}  # fmt: skip
    return {"add_rules": [rule]}


def body(practice: Practice, clock: Clock, **changes: Any) -> dict[str, Any]:
    return {
        "patients": [str(practice.patient)],
        "from": (clock.now - 30 * DAY).isoformat(),
        "programme": "copd",  # Without rules of its own on blood pressure.
        "overrides": added(170),
    } | changes


async def tried(api: Api, practice: Practice, sent: dict[str, Any]) -> tuple[int, Any]:
    token = await api.signed_in(practice, "nurse")
    return await api.post("/limits/dry-run", sent, token)


async def test_counts_and_episodes_to_draw(api: Api, measured: Practice, clock: Clock) -> None:
    status, told = await tried(api, measured, body(measured, clock))
    assert status == 200, told
    assert told["readings"] == {
        "read": 10, "valid": 10, "refused": {}, "doubtful": {}, "late": 0,
    }  # fmt: skip
    (rule,) = [each for each in told["rules"] if each["rule"] == "tried"]
    assert (rule["alerts"], rule["crossings"], rule["patients"]) == (2, 3, 1)
    mine = [each for each in told["episodes"] if each["rule"] == "tried"]
    assert [each["patient"] for each in mine] == [str(measured.patient)] * 2
    assert dt.datetime.fromisoformat(mine[0]["cleared_at"]) - dt.datetime.fromisoformat(
        mine[0]["onset_at"]
    ) == 2 * DAY  # fmt: skip
    assert told["more_episodes"] == 0
    assert told["against"]["alerts"] == 0
    assert told["acted_on"] == {
        "alerts": 0,
        "lost": 0,
        "milder": 0,
        "lost_by_rule": [],
        "lost_alerts": [],
    }


async def test_only_the_span_counts(api: Api, measured: Practice, clock: Clock) -> None:
    sent = body(measured, clock, to=(clock.now - 4 * DAY).isoformat())
    status, told = await tried(api, measured, sent)
    assert (status, told["readings"]["valid"]) == (200, 6)
    sent = body(measured, clock, **{"from": (clock.now - 6 * DAY).isoformat()})
    status, told = await tried(api, measured, sent)
    # The first episode began before.
    assert [each["rule"] for each in told["episodes"] if each["rule"] == "tried"] == ["tried"]


async def test_what_holds_now_is_what_it_is_held_against(
    api: Api, measured: Practice, clock: Clock
) -> None:
    token = await api.signed_in(measured, "nurse")
    plan = {"programme": "copd", "overrides": added(170), "reason": "first visit"}
    status, _ = await api.ask("PUT", f"/patients/{measured.patient}/limits", token=token, json=plan)
    assert status == 200
    sent = body(measured, clock, overrides=added(171.5))
    del sent["programme"]
    status, told = await tried(api, measured, sent)
    assert status == 200, told
    # 171 is no alert any more.
    (lost,) = [each for each in told["against"]["lost_by_rule"] if each["rule"] == "tried"]
    assert (lost["alerts"], lost["unmatched"] + lost["milder"]) == (2, 1)
    assert told["against"]["new"] == 0


async def resolved(pool: Pool, practice: Practice, onset: dt.datetime, outcome: str) -> UUID:
    return UUID(
        str(
            await pool.fetchval(
                """INSERT INTO alerts (organisation_id, patient_id, subject_kind, subject, lane,
                rule, label, kind, metric, severity, peak, state, onset_at, last_at, cleared_at,
                reason, opened_at, updated_at, ended_at, outcome, bound)
                VALUES ($1, $2, 'patient', $3, 'medical', 'old-rule', 'High', 'blood_pressure',
                'systolic', 'high', 'high', 'resolved', $4, $4, $4, '{}', $4, $4, $4, $5,
                '{"metric": "systolic", "op": ">=", "value": 160}') RETURNING id""",
                practice.organisation, practice.patient, str(practice.patient), onset, outcome,
            )
        )
    )  # fmt: skip


async def test_alerts_that_were_acted_on_and_would_be_lost(
    api: Api, measured: Practice, clock: Clock, pool: Pool
) -> None:
    await resolved(pool, measured, clock.now - 6 * DAY, "called_patient")
    lost = await resolved(pool, measured, clock.now - 2 * DAY, "medication_changed")
    await resolved(pool, measured, clock.now - 9 * DAY, "false_alarm")
    sent = body(measured, clock, overrides=added(172))
    _, told = await tried(api, measured, sent)
    kept = [each["rule"] for each in told["episodes"]]
    assert "tried" in kept
    assert told["acted_on"]["alerts"] == 2
    assert told["acted_on"]["lost_alerts"] == [str(lost)]


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"patients": []}, 400, "/patients"),
        ({"patients": [str(UUID(int=number)) for number in range(21)]}, 422, "/patients"),
        ({"patients": [str(UUID(int=1))]}, 404, "/patients/0"),
        ({"from": "2020-01-01T00:00:00Z"}, 422, "/from"),
        ({"from": "2020-01-01T00:00:00"}, 400, "/from"),
        ({"to": "2020-01-01T00:00:00Z"}, 422, "/to"),
        ({"programme": "hypertension"}, 404, "/programme"),
        ({"programme": None, "version": 2}, 422, "/version"),
        ({"programme": None}, 422, "/programme"),
        ({"limits": {}}, 400, "/limits"),
        ({"overrides": {"rules": [{"rule": "bp-lo", "set": {"latch": True}}]}}, 422,
         "/overrides/rules/0/rule"),
    ],
)  # fmt: skip
async def test_what_cannot_be_tried_is_refused_with_its_pointer(
    api: Api, north: Practice, clock: Clock, changes: dict[str, Any], status: int, pointer: str
) -> None:
    got, told = await tried(api, north, body(north, clock) | changes)
    assert (got, told["pointer"]) == (status, pointer)


async def test_the_wall_between_clinics(
    api: Api, measured: Practice, south: Practice, clock: Clock
) -> None:
    status, told = await tried(api, south, body(measured, clock))
    assert (status, told["pointer"]) == (404, "/patients/0")


@pytest.mark.parametrize("role", ["biller", "auditor", "patient", "caregiver"])
async def test_who_may_not_set_limits_may_not_try_them(
    api: Api, north: Practice, clock: Clock, role: str
) -> None:
    token = await api.signed_in(north, role)
    status, _ = await api.post("/limits/dry-run", body(north, clock), token)
    assert status == 403
