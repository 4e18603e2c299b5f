"""Contacts, the on-call schedule and messages over the API."""

import datetime as dt
import itertools
from typing import Any
from uuid import UUID

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice

PHONE = "+12025550123"
_numbers = itertools.count(1)
MAIL = {"channel": "email", "address": "ana@clinic.example"}


async def patients_phone(pool: Pool, practice: Practice) -> UUID:
    found: UUID = await pool.fetchval(
        "INSERT INTO contacts (organisation_id, patient_id, channel, address)"
        " VALUES ($1, $2, 'sms', $3) RETURNING id",
        practice.organisation, practice.patient, PHONE,
    )  # fmt: skip
    return found


async def message(pool: Pool, practice: Practice, *, state: str = "queued", **row: Any) -> UUID:
    now = dt.datetime.now(dt.UTC)
    made: UUID = await pool.fetchval(
        "INSERT INTO notifications (organisation_id, patient_id, channel, address, subject, body,"
        " key, what, state, next_at, expires_at, created_at)"
        " VALUES ($1, $2, $3, $4, 's', 'b', $5, 'reminder', $6, $7, $7, $7) RETURNING id",
        practice.organisation, practice.patient, row.get("channel", "sms"), PHONE,
        str(next(_numbers)), state, now,
    )  # fmt: skip
    return made


async def test_people_add_test_and_end_their_own_contacts(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    status, added = await api.post("/contacts", MAIL, token)
    assert (status, added["secret"]) == (201, None)
    where = f"/contacts/{added['contact']['id']}"
    status, tested = await api.post(f"{where}/test", None, token)
    assert (status, tested["state"], tested["address"]) == (202, "queued", "a***@clinic.example")
    again = (await api.post(f"{where}/test", None, token))[1]
    assert again["id"] == tested["id"], "one a minute"
    _, told = await api.get(f"{where}/messages", token)
    assert [each["what"] for each in told["items"]] == ["test"]
    assert (await api.post(f"{where}/end", None, token))[0] == 200
    _, left = await api.get("/contacts", token)
    assert left["items"] == []
    _, told = await api.get(f"{where}/messages", token)
    assert [each["state"] for each in told["items"]] == ["cancelled"]


async def test_a_webhooks_secret_is_shown_once(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "admin")
    _, added = await api.post(
        "/contacts", {"channel": "webhook", "address": "https://h.example/x"}, token
    )
    assert len(added["secret"]) >= 32
    _, found = await api.get("/contacts", token)
    assert added["secret"] not in str(found)


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"address": "ana"}, 422, "/address"),
        ({"channel": "pigeon"}, 422, "/channel"),
        ({"quiet_from": "21:00"}, 422, "/quiet_to"),
        ({"receipts": True}, 422, "/receipts"),
        ({"min_severity": "dire"}, 400, "/min_severity"),
        ({"user": "00000000-0000-0000-0000-00000000000a"}, 404, "/user"),
    ],
)
async def test_each_refusal_names_its_field(
    api: Api, north: Practice, change: dict[str, Any], status: int, pointer: str
) -> None:
    token = await api.signed_in(north, "admin")
    found = await api.post("/contacts", MAIL | change, token)
    assert (found[0], found[1]["pointer"]) == (status, pointer)


async def test_the_same_contact_twice_is_refused(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    assert (await api.post("/contacts", MAIL, token))[0] == 201
    assert (await api.post("/contacts", MAIL, token))[0] == 409


@pytest.mark.parametrize(
    ("role", "whose", "status"),
    [("admin", "clinician", 201), ("nurse", "clinician", 403), ("biller", "biller", 201),
     ("nurse", "patient", 422), ("admin", "patient", 422)],
)  # fmt: skip
async def test_who_may_add_for_whom(
    api: Api, north: Practice, role: str, whose: str, status: int
) -> None:
    user = await api.user_id(north, whose)
    found = await api.post("/contacts", MAIL | {"user": user}, await api.signed_in(north, role))
    assert found[0] == (403 if (role, whose) == ("nurse", "patient") else status)


@pytest.mark.parametrize(
    ("role", "status"),
    [("nurse", 201), ("clinician", 201), ("admin", 201), ("patient", 201), ("biller", 403),
     ("auditor", 403), ("caregiver", 403)],
)  # fmt: skip
async def test_a_patients_contact_is_added_by_staff_or_the_patient(
    api: Api, north: Practice, role: str, status: int
) -> None:
    body = {"channel": "sms", "address": PHONE, "patient": str(north.patient), "receipts": True}
    assert (await api.post("/contacts", body, await api.signed_in(north, role)))[0] == status


async def test_nobody_sees_or_touches_what_is_anothers(
    api: Api, north: Practice, south: Practice, pool: Pool
) -> None:
    contact = await patients_phone(pool, north)
    await pool.execute(
        "UPDATE contacts SET patient_id = $2 WHERE id = $1", contact, north.other_patient
    )
    patient = await api.signed_in(north, "patient")
    assert (await api.get("/contacts", patient))[1]["items"] == []
    query = {"patient": str(north.other_patient)}
    assert (await api.get("/contacts", patient, **query))[0] == 404
    for role, practice in (("patient", north), ("biller", north), ("admin", south)):
        token = await api.signed_in(practice, role)
        for what in ("end", "test"):
            assert (await api.post(f"/contacts/{contact}/{what}", None, token))[0] == 404
    _, added = await api.post("/contacts", MAIL, await api.signed_in(north, "clinician"))
    nurse = await api.signed_in(north, "nurse")
    where = f"/contacts/{added['contact']['id']}"
    assert (await api.post(f"{where}/end", None, nurse))[0] == 404
    assert (await api.get(f"{where}/messages", nurse))[0] == 404
    caregiver = await api.signed_in(north, "caregiver")
    assert (await api.post(f"/contacts/{contact}/end", None, caregiver))[0] == 403


async def test_admins_keep_the_on_call_schedule_and_see_its_gaps(
    api: Api, north: Practice, clock: Clock
) -> None:
    admin, nurse = await api.signed_in(north, "admin"), await api.signed_in(north, "nurse")
    start = clock.now + dt.timedelta(days=1)
    body = {
        "user": await api.user_id(north, "nurse"),
        "starts_at": start.isoformat(),
        "ends_at": (start + dt.timedelta(hours=12)).isoformat(),
    }
    assert (await api.post("/on-call", body, nurse))[0] == 403
    status, made = await api.post("/on-call", body, admin, headers={"Idempotency-Key": "a"})
    assert status == 201
    assert (await api.post("/on-call", body, admin))[0] == 409
    _, found = await api.get("/on-call", nurse)
    assert [each["id"] for each in found["shifts"]] == [made["id"]]
    assert len(found["gaps"]) == 2
    status, _ = await api.post(f"/on-call/{made['id']}/end", None, admin)
    assert status == 200
    _, found = await api.get("/on-call", nurse)
    assert (found["shifts"], len(found["gaps"])) == ([], 1)


async def test_a_shift_that_runs_ends_now_and_stays_on_record(
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    admin = await api.signed_in(north, "admin")
    body = {
        "user": await api.user_id(north, "clinician"),
        "starts_at": (clock.now - dt.timedelta(hours=1)).isoformat(),
        "ends_at": (clock.now + dt.timedelta(hours=1)).isoformat(),
    }
    _, made = await api.post("/on-call", body, admin)
    assert (await api.post(f"/on-call/{made['id']}/end", None, admin))[0] == 200
    assert await pool.fetchval("SELECT ends_at FROM on_call") == clock.now
    assert (await api.post(f"/on-call/{made['id']}/end", None, admin))[0] == 422


@pytest.mark.parametrize("role", ["patient", "biller"])
async def test_only_who_is_told_of_alerts_is_on_call(
    api: Api, north: Practice, clock: Clock, role: str
) -> None:
    body = {
        "user": await api.user_id(north, role),
        "starts_at": clock.now.isoformat(),
        "ends_at": (clock.now + dt.timedelta(hours=1)).isoformat(),
    }
    status, told = await api.post("/on-call", body, await api.signed_in(north, "admin"))
    assert (status, told["pointer"]) == (422, "/user")


async def test_messages_are_paged_and_masked(api: Api, north: Practice, pool: Pool) -> None:
    made = [await message(pool, north, state="failed") for _ in range(5)]
    await message(pool, north, state="sent")
    admin = await api.signed_in(north, "admin")
    _, first = await api.get("/notifications", admin, state="failed", limit="3")
    _, rest = await api.get("/notifications", admin, state="failed", cursor=first["next"])
    found = [each["id"] for each in first["items"] + rest["items"]]
    assert sorted(found) == sorted(map(str, made))
    assert PHONE not in str(first)
    assert (await api.get(f"/notifications/{made[0]}", admin))[1]["address"] == "+1***23"
    assert (await api.get("/notifications", admin, state="lost"))[0] == 400
    assert (await api.get("/notifications", await api.signed_in(north, "nurse")))[0] == 403


@pytest.mark.parametrize("role", ["nurse", "patient", "biller"])
async def test_only_an_admin_points_hearthbeat_at_its_own_machine(
    api: Api, north: Practice, role: str
) -> None:
    """What listens there may do as it is asked by whoever asks from here."""
    channel = "ntfy" if role == "patient" else "webhook"
    for address in ("http://127.0.0.1:2375/containers/x/stop", " HTTP://localhost:9090/-/quit"):
        new = {"channel": channel, "address": address}
        token = await api.signed_in(north, role)
        status, problem = await api.post("/contacts", new, token)
        assert (status, problem["pointer"]) == (422, "/address")
        admin = await api.signed_in(north, "admin")
        assert (await api.post("/contacts", new | {"channel": "webhook"}, admin))[0] == 201


async def test_nobody_has_contacts_without_end(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    for number in range(20):
        new = {"channel": "sms", "address": f"+120255501{number:02}"}
        assert (await api.post("/contacts", new, token))[0] == 201
    status, problem = await api.post("/contacts", {"channel": "console"}, token)
    assert (status, problem["pointer"]) == (422, "/address")
