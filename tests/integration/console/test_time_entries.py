"""The time log over the API: written, corrected, listed; by whom, and what is refused."""

import datetime as dt
from typing import Any

import asyncpg
import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice

MINUTE = dt.timedelta(minutes=1)


def work(practice: Practice, clock: Clock, **changes: Any) -> dict[str, Any]:
    now = clock()
    return {
        "patient": str(practice.patient),
        "activity": "call",
        "mode": "live_phone",
        "with_whom": "patient",
        "started_at": (now - 12 * MINUTE).isoformat(),
        "ended_at": now.isoformat(),
        **changes,
    }


async def written(api: Api, practice: Practice, clock: Clock, **changes: Any) -> dict[str, Any]:
    token = await api.signed_in(practice, "nurse")
    status, made = await api.post("/time-entries", work(practice, clock, **changes), token)
    assert status == 201, made
    return dict(made)


async def test_what_was_done_is_written_with_who_did_it(
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    await pool.execute(
        "UPDATE users SET display_name = 'Ana Diaz', credential = 'RN' WHERE username = $1",
        north.username("nurse"),
    )
    made = await written(api, north, clock, note="Weighs daily.\nFeels well.")
    assert (made["staff_name"], made["credential"], made["role"]) == ("Ana Diaz", "RN", "nurse")
    assert (made["seconds"], made["interactive"], made["late"]) == (720, True, False)
    assert (made["source"], made["service"], made["corrects"]) == ("by_hand", "rpm", None)
    token = await api.signed_in(north, "biller")
    status, page = await api.get("/time-entries", token, patient=str(north.patient))
    assert (status, page) == (200, {"items": [made], "next": None})


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"ended_at": "-12"}, 422, "/ended_at"),
        ({"ended_at": "-13"}, 422, "/ended_at"),
        ({"ended_at": "+1s"}, 422, "/ended_at"),
        ({"started_at": "-1800"}, 422, "/ended_at"),
        ({"started_at": "-480"}, 422, "/reason"),
        ({"activity": "gossip"}, 400, "/activity"),
        ({"with_whom": None}, 422, "/with_whom"),
        ({"minutes": 5}, 400, "/ended_at"),
        ({"ended_at": None}, 400, "/ended_at"),
        ({"ended_at": None, "minutes": 0}, 422, "/minutes"),
        ({"patient": "10000000-0000-0000-0000-000000000000"}, 404, "/patient"),
        ({"note": "x" * 2001}, 422, "/note"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    api: Api, north: Practice, clock: Clock, changes: dict[str, Any], status: int, pointer: str
) -> None:
    token = await api.signed_in(north, "nurse")
    for name in ("started_at", "ended_at"):
        if isinstance(off := changes.get(name), str):
            step = dt.timedelta(seconds=1) if off.endswith("s") else MINUTE
            changes = changes | {name: (clock() + int(off.rstrip("s")) * step).isoformat()}
    got, told = await api.post("/time-entries", work(north, clock, **changes), token)
    assert (got, told["pointer"]) == (status, pointer)
    assert (await api.get("/time-entries", token))[1]["items"] == []


@pytest.mark.parametrize(("off", "status"), [(-1, 201), (0, 201), (1, 422)])
async def test_an_entry_ends_by_now(
    api: Api, north: Practice, clock: Clock, off: int, status: int
) -> None:
    token = await api.signed_in(north, "nurse")
    ends = (clock() + off * dt.timedelta(seconds=1)).isoformat()
    got, _ = await api.post("/time-entries", work(north, clock, ended_at=ends), token)
    assert got == status


async def test_what_is_written_late_is_taken_and_marked(
    api: Api, north: Practice, clock: Clock
) -> None:
    long_ago = clock() - dt.timedelta(days=4)
    made = await written(
        api, north, clock, started_at=long_ago.isoformat(), ended_at=None, minutes=5
    )
    assert (made["late"], made["seconds"]) == (True, 300)


async def test_another_organisations_patient_is_nobody(
    api: Api, north: Practice, south: Practice, clock: Clock
) -> None:
    token = await api.signed_in(south, "nurse")
    status, _ = await api.post("/time-entries", work(north, clock), token)
    assert status == 404
    made = await written(api, north, clock)
    status, _ = await api.post(f"/time-entries/{made['id']}/correct", {"reason": "mine"}, token)
    assert status == 404
    assert (await api.get("/time-entries", token))[1]["items"] == []


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("nurse", 200, 201), ("clinician", 200, 201), ("admin", 200, 403), ("biller", 200, 403),
        ("auditor", 200, 403), ("patient", 403, 403), ("caregiver", 403, 403),
    ],
)  # fmt: skip
async def test_carers_write_and_others_read(
    api: Api, north: Practice, clock: Clock, role: str, reads: int, writes: int
) -> None:
    token = await api.signed_in(north, role)
    assert (await api.get("/time-entries", token))[0] == reads
    assert (await api.post("/time-entries", work(north, clock), token))[0] == writes


async def test_a_correction_stands_in_place_of_what_stays(
    api: Api, north: Practice, clock: Clock
) -> None:
    made = await written(api, north, clock)
    token = await api.signed_in(north, "nurse")
    clock.now += MINUTE
    path = f"/time-entries/{made['id']}/correct"
    status, after = await api.post(path, {"minutes": 7, "reason": "looked at my watch"}, token)
    assert status == 201
    assert (after["seconds"], after["corrects"], after["reason"]) == (
        420, made["id"], "looked at my watch",
    )  # fmt: skip
    _, page = await api.get("/time-entries", token)
    assert [each["id"] for each in page["items"]] == [after["id"]]
    _, page = await api.get("/time-entries", token, replaced="true")
    assert {each["id"]: each["corrected_by"] for each in page["items"]} == {
        made["id"]: after["id"], after["id"]: None,
    }  # fmt: skip
    status, told = await api.post(path, {"minutes": 8, "reason": "no, eight"}, token)
    assert (status, told["pointer"]) == (409, "/entry")


async def test_what_never_was_is_withdrawn_and_stays_to_be_seen(
    api: Api, north: Practice, clock: Clock
) -> None:
    made = await written(api, north, clock)
    admin = await api.signed_in(north, "admin")
    status, gone = await api.post(
        f"/time-entries/{made['id']}/correct", {"withdraw": True, "reason": "wrong patient"}, admin
    )
    assert (status, gone["seconds"], gone["withdrawn"]) == (201, 0, True)
    assert gone["staff"] == made["staff"]
    assert gone["recorded_by"] == await api.user_id(north, "admin")
    assert (await api.get("/time-entries", admin))[1]["items"] == []
    assert len((await api.get("/time-entries", admin, replaced="true"))[1]["items"]) == 2
    status, _ = await api.post(f"/time-entries/{gone['id']}/correct",
                               {"minutes": 3, "reason": "x"}, admin)  # fmt: skip
    assert status == 409


async def test_only_who_did_the_work_or_an_administrator_corrects_it(
    api: Api, north: Practice, clock: Clock
) -> None:
    made = await written(api, north, clock)
    path, body = f"/time-entries/{made['id']}/correct", {"minutes": 7, "reason": "x"}
    for role, status in (("clinician", 403), ("biller", 403), ("auditor", 403)):
        assert (await api.post(path, body, await api.signed_in(north, role)))[0] == status
    status, told = await api.post(path, body | {"reason": " "}, await api.signed_in(north, "nurse"))
    assert (status, told["pointer"]) == (422, "/reason")


async def test_the_ledger_takes_no_change(
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    await written(api, north, clock)
    for statement in (
        "UPDATE time_entries SET seconds = 1200",
        "DELETE FROM time_entries",
        "TRUNCATE time_entries",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            await pool.execute(statement)


async def test_pages_follow_each_other_without_a_gap(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    for number in range(5):
        starts = clock() - (60 + number // 2) * MINUTE  # Two begin at one instant.
        body = work(north, clock, started_at=starts.isoformat(), ended_at=None, minutes=5)
        assert (await api.post("/time-entries", body, token))[0] == 201
    found: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        _, page = await api.get("/time-entries", token, **query)
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(found) == len(set(found)) == 5


async def test_the_list_is_filtered_by_staff_patient_and_time(
    api: Api, north: Practice, clock: Clock
) -> None:
    made = await written(api, north, clock)
    token = await api.signed_in(north, "auditor")

    async def count(**query: str) -> int:
        return len((await api.get("/time-entries", token, **query))[1]["items"])

    assert await count(staff=made["staff"]) == 1
    assert await count(staff=await api.user_id(north, "clinician")) == 0
    assert await count(patient=str(north.other_patient)) == 0
    assert await count(**{"from": made["started_at"]}) == 1
    assert await count(to=made["started_at"]) == 0
    assert (await api.get("/time-entries", token, staff="nobody"))[0] == 400


async def test_the_same_request_again_is_written_once(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    body, key = work(north, clock), {"Idempotency-Key": "k-1"}
    first = await api.post("/time-entries", body, token, headers=key)
    assert await api.post("/time-entries", body, token, headers=key) == first
    assert len((await api.get("/time-entries", token))[1]["items"]) == 1
