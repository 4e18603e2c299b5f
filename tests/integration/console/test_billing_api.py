"""Billing over the API: a month looked at, decided about, locked, adjusted; and what is refused."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from store.pool import Pool
from tests.integration.billing.clinic import NOW, OCTOBER, Clinic, local, of_practice
from tests.integration.console.conftest import Api, Clock, Practice

MONTH = f"/billing/months/{OCTOBER}"
LATER = NOW + dt.timedelta(days=2)


@pytest.fixture
def clock() -> Clock:
    return Clock(now=NOW)


@pytest.fixture
async def clinic(pool: Pool, north: Practice) -> Any:
    async with pool.acquire() as conn:
        yield await of_practice(conn, north.organisation, north.username)


async def lines_of(api: Api, token: str, **query: Any) -> list[dict[str, Any]]:
    status, page = await api.get(f"{MONTH}/lines", token, **query)
    assert status == 200, page
    return [each["cell"] for each in page["items"]]


def as_seen(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": each["line_id"], "version": each["version"]} for each in cells if each["line_id"]
    ]


async def approve(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "clinician")
    cells = await lines_of(api, token)
    status, told = await api.post("/billing/lines/approve", {"lines": as_seen(cells)}, token)
    assert status == 200, told


async def lock(api: Api, token: str, **body: Any) -> tuple[int, Any]:
    _, month = await api.get(MONTH, token)
    return await api.post(f"{MONTH}/close", {"etag": month["etag"], **body}, token)


async def test_a_biller_runs_a_month(api: Api, north: Practice, clinic: Clinic) -> None:
    await clinic.billable()
    biller = await api.signed_in(north, "biller")
    status, month = await api.get(MONTH, biller)
    assert (status, month["state"], month["statuses"]) == (200, "open", {"ready": 4})
    assert month["totals"]["ready"]["charge"] == "355.40"
    await approve(api, north)
    status, head = await lock(api, biller)
    assert (status, head["version"]) == (200, 1)
    assert len(head["sha256"]) == 64
    status, told = await api.get("/billing/months", biller)
    assert (status, told["items"][0]["state"]) == (200, "locked")
    line = (await lines_of(api, biller))[0]
    status, told = await api.get(f"/billing/lines/{line['line_id']}/events", biller)
    assert [each["status"] for each in told["items"]] == ["ready", "approved"]


async def test_lines_are_filtered_and_come_in_pages(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    for name in ("Able", "Baker", "Carter"):
        await clinic.billable(name)
    token = await api.signed_in(north, "auditor")
    status, page = await api.get(f"{MONTH}/lines", token, limit=4)
    names = [each["family_name"] for each in page["items"]]
    while page["next"]:
        status, page = await api.get(f"{MONTH}/lines", token, limit=4, cursor=page["next"])
        names += [each["family_name"] for each in page["items"]]
    assert status == 200
    assert [name for name in dict.fromkeys(names) if names.count(name) == 4] == [
        "Able", "Baker", "Carter",
    ]  # fmt: skip
    assert {c["code"] for c in await lines_of(api, token, code="99457")} == {"99457"}
    assert await lines_of(api, token, status="paid") == []
    billable = await lines_of(api, token, verdict="billable")
    assert {cell["verdict"] for cell in billable} == {"billable"}
    for query in ({"verdict": "perhaps"}, {"code": "9945 7"}, {"cursor": "x"}):
        assert (await api.get(f"{MONTH}/lines", token, **query))[0] == 400


async def test_nobody_approves_their_own_time(api: Api, north: Practice, clinic: Clinic) -> None:
    patient = await clinic.patient()
    await clinic.measured(patient, dt.date(2026, 10, 2), 20)
    await clinic.worked(patient, local(dt.date(2026, 10, 5)), 25, who="clinician")
    token = await api.signed_in(north, "clinician")
    timed = [cell for cell in await lines_of(api, token) if cell["code"] == "99457"]
    status, told = await api.post("/billing/lines/approve", {"lines": as_seen(timed)}, token)
    assert (status, told["pointer"]) == (403, "/lines")
    assert "time of your own" in told["detail"]


async def test_what_has_changed_since_is_412(api: Api, north: Practice, clinic: Clinic) -> None:
    patient = await clinic.billable()
    token = await api.signed_in(north, "clinician")
    cells = await lines_of(api, token)
    biller = await api.signed_in(north, "biller")
    _, month = await api.get(MONTH, biller)
    await clinic.worked(patient, local(dt.date(2026, 10, 20)), 5, now=NOW)
    await api.get(MONTH, biller)
    status, _ = await api.post("/billing/lines/approve", {"lines": as_seen(cells)}, token)
    assert status == 412
    status, told = await api.post(
        f"{MONTH}/close", {"etag": month["etag"], "reason": "asked about"}, biller
    )
    assert (status, told["detail"]) == (
        412, "October 2026 has changed since you looked: look again",
    )  # fmt: skip


async def test_of_two_billers_at_once_one_locks_and_the_other_is_told(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    await clinic.billable()
    await approve(api, north)
    biller, admin = await api.signed_in(north, "biller"), await api.signed_in(north, "admin")
    _, month = await api.get(MONTH, biller)
    body = {"etag": month["etag"]}
    answers = await asyncio.gather(
        *(api.post(f"{MONTH}/close", body, token) for token in (biller, admin))
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    (refused,) = [told for status, told in answers if status == 409]
    assert "lock" in refused["detail"]


async def test_an_undecided_line_stops_the_lock_or_is_held_for_a_reason(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    await clinic.billable()
    biller = await api.signed_in(north, "biller")
    status, told = await lock(api, biller)
    assert (status, told["pointer"]) == (422, "/reason")
    status, _ = await lock(api, biller, reason="the clinician is away")
    assert status == 200
    assert {cell["held"] for cell in await lines_of(api, biller)} == {"the clinician is away"}


async def test_after_the_lock_late_time_is_refused_with_the_way_out_and_adjusts(
    api: Api, north: Practice, clinic: Clinic, clock: Clock
) -> None:
    patient = await clinic.billable()
    await approve(api, north)
    biller, nurse = await api.signed_in(north, "biller"), await api.signed_in(north, "nurse")
    assert (await lock(api, biller))[0] == 200
    clock.now = LATER
    biller, nurse = await api.signed_in(north, "biller"), await api.signed_in(north, "nurse")
    entry = {
        "patient": str(patient), "activity": "call", "mode": "live_phone", "with_whom": "patient",
        "started_at": local(dt.date(2026, 10, 28)).isoformat(), "minutes": 15,
    }  # fmt: skip
    status, told = await api.post("/time-entries", entry, nurse)
    assert (status, told["pointer"]) == (422, "/started_at")
    assert "October 2026, which is locked" in told["detail"]
    late = {**entry, "late_for_locked_month": True}
    assert (await api.post("/time-entries", late, nurse))[1]["pointer"] == "/reason"
    assert (await api.post("/time-entries", {**late, "reason": "forgotten"}, nurse))[0] == 201
    status, told = await api.get(f"{MONTH}/adjustments", biller)
    (found,) = told["items"]
    assert (found["direction"], found["decision"]) == ("up", None)
    path = f"/billing/adjustments/{found['id']}"
    status, told = await api.post(f"{path}/dismiss", {}, biller)
    assert (status, told["pointer"]) == (422, "/reason")
    clinician = await api.signed_in(north, "clinician")
    assert (await api.post(f"{path}/approve", {}, clinician))[0] == 403
    status, done = await api.post(f"{path}/approve", {}, biller)
    assert (status, done["decision"], done["version"]) == (200, "approved", 2)
    assert (await api.post(f"{path}/approve", {}, biller))[0] == 409


async def test_who_pays_and_what_it_costs_are_set_by_administrators(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    admin, biller = await api.signed_in(north, "admin"), await api.signed_in(north, "biller")
    terms = {"name": "Blue Plan", "payer_id": "B1", "authority": "medicare"}
    status, made = await api.post("/billing/payers", {"key": "blue", "terms": terms}, admin)
    assert status == 201, made
    body = {"key": "blue", "terms": terms}
    assert (await api.post("/billing/payers", body, biller))[0] == 403
    assert (await api.post("/billing/payers", body, admin))[0] == 409
    bad = {"text": "code,amount\n99454,52.11\n99457,many\n", "name": "fees",
           "effective_from": "2026-01-01", "payer": made["id"]}  # fmt: skip
    status, told = await api.post("/billing/fees", bad, admin)
    assert (status, told["pointer"]) == (422, "/text")
    assert told["detail"] == "line 3: amount: 'many' is no amount, as 52.11"
    good = {**bad, "text": "code,amount\n99454,60.00\n"}
    status, told = await api.post("/billing/fees", good, admin)
    assert (status, told["codes"]) == (201, 1)
    patient = await clinic.patient()
    status, told = await api.post(
        f"/patients/{patient}/coverages",
        {"payer": "10000000-0000-0000-0000-000000000000", "starts_on": "2026-11-01"}, biller,
    )  # fmt: skip
    assert status in {404, 422}


@pytest.mark.parametrize(
    ("role", "reads", "locks", "works"),
    [
        ("admin", 200, 422, 200), ("biller", 200, 422, 200), ("auditor", 200, 403, 200),
        ("clinician", 200, 403, 200), ("nurse", 403, 403, 200), ("patient", 403, 403, 403),
        ("caregiver", 403, 403, 403),
    ],
)  # fmt: skip
async def test_who_may_do_what(
    api: Api, north: Practice, role: str, reads: int, locks: int, works: int, clock: Clock
) -> None:
    clock.now = local(dt.date(2026, 10, 20))
    token = await api.signed_in(north, role)
    assert (await api.get(MONTH, token))[0] == reads
    assert (await api.post(f"{MONTH}/close", {"etag": ""}, token))[0] == locks
    assert (await api.get("/billing/work-list", token))[0] == works


async def test_another_organisation_finds_nothing_of_it(
    api: Api, north: Practice, south: Practice, clinic: Clinic
) -> None:
    patient = await clinic.billable()
    line = (await lines_of(api, await api.signed_in(north, "biller")))[0]
    token = await api.signed_in(south, "admin")
    assert await lines_of(api, token) == []
    for path in (f"{MONTH}/patients/{patient}", f"/billing/lines/{line['line_id']}/events"):
        assert (await api.get(path, token))[0] == 404
    status, _ = await api.post("/billing/lines/hold",
                               {"lines": as_seen([line]), "reason": "x"}, token)  # fmt: skip
    assert status == 404


async def test_the_work_list_names_who_is_nearly_there(
    api: Api, north: Practice, clinic: Clinic, clock: Clock
) -> None:
    near = await clinic.patient("Near")
    await clinic.measured(near, dt.date(2026, 10, 5), 15)
    clock.now = local(dt.date(2026, 10, 20))
    status, told = await api.get("/billing/work-list", await api.signed_in(north, "nurse"))
    assert status == 200
    (item,) = [each for each in told["items"] if each["patient"] == str(near)]
    assert [(each["code"], each["missing"]) for each in item["short_of"]] == [("99454", 1)]


async def test_the_work_list_comes_in_pages(
    api: Api, north: Practice, clinic: Clinic, clock: Clock
) -> None:
    for number in range(5):
        patient = await clinic.patient(f"Near{number}")
        await clinic.measured(patient, dt.date(2026, 10, 5 - number % 2), 15)
    clock.now = local(dt.date(2026, 10, 20))
    token = await api.signed_in(north, "nurse")
    _, whole = await api.get("/billing/work-list", token)
    assert (len(whole["items"]), whole["next"]) == (5, None)
    by = [item["short_of"][0]["by"] for item in whole["items"]]
    assert by == sorted(by)
    found: list[Any] = []
    cursor: dict[str, Any] = {}
    for size in (2, 2, 1):
        _, part = await api.get("/billing/work-list", token, limit="2", **cursor)
        assert len(part["items"]) == size
        found += part["items"]
        cursor = {"cursor": part["next"]}
    assert (found, cursor) == (whole["items"], {"cursor": None})
    assert (await api.get("/billing/work-list", token, limit="0"))[0] == 400
    assert (await api.get("/billing/work-list", token, cursor="x"))[0] == 400


async def test_whoever_looks_at_patients_is_in_the_audit_log(
    api: Api, north: Practice, clinic: Clinic
) -> None:
    patient = await clinic.billable()
    await api.get(f"{MONTH}/lines", await api.signed_in(north, "auditor"))
    status, told = await api.get("/audit", await api.signed_in(north, "admin"),
                                 patient=str(patient))  # fmt: skip
    assert status == 200
    assert any("/lines" in str(each) for each in told["items"])
