import datetime as dt
from typing import Any
from uuid import UUID

import msgspec
import pytest

from store.pool import Pool
from tests.integration.console.conftest import CUFF, Api, Practice
from tests.integration.ingest.home import MEASURED, message, reading
from vitals.kinds import Kind
from vitals.reading import Reading
from wire.messages import MOST_BYTES

JSON = {"Content-Type": "application/json"}


async def post(
    api: Api, practice: Practice, *readings: Reading, payload: bytes | None = None
) -> tuple[int, Any]:
    return await api.ask(
        "POST",
        "/readings",
        data=message(*readings) if payload is None else payload,
        headers={**JSON, "X-Api-Key": practice.source_key},
    )


async def test_readings_over_http_are_answered_with_receipts_after_the_commit(
    api: Api, north: Practice, pool: Pool
) -> None:
    good, doubtful = reading(), reading(values={"systolic": 301.0, "diastolic": 80.0})
    status, body = await post(api, north, good, doubtful)
    assert (status, body) == (
        200,
        {
            "v": 1,
            "committed": [str(good.id)],
            "quarantined": [{"id": str(doubtful.id), "reason": "implausible:systolic"}],
            "rejected": [],
        },
    )
    assert await pool.fetchval("SELECT count(*) FROM readings") == 2
    assert await pool.fetchval("SELECT count(*) FROM evaluation_queue") == 2


async def test_sent_again_they_are_answered_again_and_stored_once(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = reading()
    first, again = await post(api, north, subject), await post(api, north, subject)
    assert first == again
    assert await pool.fetchval("SELECT count(*) FROM readings") == 1


async def test_a_key_may_come_as_a_bearer_token(api: Api, north: Practice) -> None:
    headers = {**JSON, "Authorization": f"Bearer {north.source_key}"}
    status, _ = await api.ask("POST", "/readings", data=message(reading()), headers=headers)
    assert status == 200


@pytest.mark.parametrize("key", ["", "hub-north", "hub-north.guess", "hub-nowhere.guess", "."])
async def test_without_the_right_key_nothing_is_taken(api: Api, pool: Pool, key: str) -> None:
    headers = {**JSON, "X-Api-Key": key}
    status, _ = await api.ask("POST", "/readings", data=message(reading()), headers=headers)
    assert status == 401
    assert await pool.fetchval("SELECT count(*) FROM readings") == 0


async def test_an_unreadable_body_is_refused_with_the_place_and_kept(
    api: Api, north: Practice, pool: Pool
) -> None:
    status, body = await post(api, north, payload=b'{"v":1,"v":1}')
    assert (status, body["pointer"]) == (400, "/v")
    assert await pool.fetchval("SELECT gateway_id FROM dead_letters") == north.gateway


async def test_one_bad_reading_among_good_ones_is_rejected_alone(api: Api, north: Practice) -> None:
    good, bad = reading(), reading()
    payload = message(good, bad)
    head, tail = payload.rsplit(b'"time_quality":"device"', 1)
    status, body = await post(api, north, payload=head + b'"time_quality":"sundial"' + tail)
    assert status == 200
    assert body["committed"] == [str(good.id)]
    assert body["rejected"] == [
        {
            "id": str(bad.id),
            "reason": "unreadable",
            "pointer": "/readings/1/time_quality",
            "detail": "not one of the known values",
        }
    ]
    assert "unreadable" not in body


async def test_a_bad_reading_without_a_legible_id_is_told_by_its_place(
    api: Api, north: Practice
) -> None:
    bad, good = reading(), reading()
    payload = message(bad, good).replace(str(bad.id).encode(), b"seven", 1)
    status, body = await post(api, north, payload=payload)
    assert (status, body["committed"], body["rejected"]) == (200, [str(good.id)], [])
    (told,) = body["unreadable"]
    assert told["pointer"] == "/readings/0/id"
    assert "UUID" in told["detail"]


async def test_a_reading_is_told_where_it_stood_when_its_id_is_anothers(
    api: Api, north: Practice
) -> None:
    first = reading()
    await post(api, north, first)
    rival = msgspec.structs.replace(first, values={"systolic": 99.0, "diastolic": 60.0})
    unread, good = reading(), reading()
    payload = message(unread, good, rival).replace(b'"device"', b'"gadget"', 1)
    _, body = await post(api, north, payload=payload)
    assert body["committed"] == [str(good.id)]
    told = {one["id"]: one for one in body["rejected"]}
    assert told[str(rival.id)] == {
        "id": str(rival.id),
        "reason": "id_reused",
        "pointer": "/readings/2/id",
        "detail": "another reading already has this id",
    }
    assert told[str(unread.id)]["pointer"].startswith("/readings/0/")


async def test_a_reading_that_the_database_refuses_is_told_why(api: Api, north: Practice) -> None:
    far = dt.datetime.fromisoformat("2026-11-20T08:15:05+23:59")
    _, body = await post(api, north, reading(), reading(measured_at=far))
    (told,) = body["rejected"]
    assert (told["reason"], told["pointer"]) == ("unstorable", "/readings/1")
    assert "readings_utc_offset_s" in told["detail"]


async def test_a_body_over_256_kib_is_refused(api: Api, north: Practice) -> None:
    status, _ = await post(api, north, payload=b" " * (MOST_BYTES + 1))
    assert status == 413


async def test_a_revoked_source_is_shut_out(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "admin")
    assert (await api.post(f"/gateways/{north.gateway}/revoke", token=token))[0] == 204
    assert (await post(api, north, reading()))[0] == 401


async def test_a_patients_readings_come_in_pages_the_latest_first(
    api: Api, north: Practice
) -> None:
    sent = [reading(flags=("irregular_pulse",)) for _ in range(5)]
    await post(api, north, *sent)
    token = await api.signed_in(north, "nurse")
    path = f"/patients/{north.patient}/readings"
    seen: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        _, page = await api.get(path, token, **query)
        assert len(page["items"]) <= 2
        seen += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert [item["id"] for item in seen] == [str(each.id) for each in reversed(sent)]
    newest = seen[0]
    assert newest["values"] == {"systolic": 128.0, "diastolic": 81.0}
    assert newest["measured_at"] == sent[-1].measured_at.isoformat()
    assert newest["flags"] == ["irregular_pulse", "late"]
    assert (newest["attribution"], newest["device"]) == ("assigned", CUFF)


async def test_readings_are_found_by_kind_and_span(api: Api, north: Practice) -> None:
    first, second = reading(), reading()
    await post(api, north, first, second)
    token = await api.signed_in(north, "clinician")
    path = f"/patients/{north.patient}/readings"

    async def found(**query: str) -> list[str]:
        _, page = await api.get(path, token, **query)
        return [item["id"] for item in page["items"]]

    start, end = first.measured_at.isoformat(), second.measured_at.isoformat()
    assert await found(**{"from": start, "to": end}) == [str(first.id)]
    assert await found(**{"from": end}) == [str(second.id)]
    assert await found(kind=Kind.BLOOD_PRESSURE) == [str(second.id), str(first.id)]
    assert await found(kind=Kind.WEIGHT) == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"kind": "shoe_size"}, "/kind"),
        ({"from": "yesterday"}, "/from"),
        ({"to": "2026-11-22T08:00:00"}, "/to"),
        ({"limit": "0"}, "/limit"),
        ({"cursor": "x"}, "/cursor"),
    ],
)
async def test_a_parameter_that_cannot_be_read_is_refused_with_its_name(
    api: Api, north: Practice, query: dict[str, str], pointer: str
) -> None:
    token = await api.signed_in(north, "nurse")
    status, body = await api.get(f"/patients/{north.patient}/readings", token, **query)
    assert (status, body["pointer"]) == (400, pointer)


async def test_one_reading_shows_its_provenance(api: Api, north: Practice) -> None:
    subject = reading(frame="1e8000", seq=7, device_time=MEASURED.replace(tzinfo=None))
    await post(api, north, subject)
    token = await api.signed_in(north, "nurse")
    status, body = await api.get(f"/readings/{subject.id}", token)
    assert status == 200
    assert (body["frame"], body["seq"], body["device_time"], body["gateway"]) == (
        "1e8000",
        7,
        "2026-11-20T08:15:05",
        north.gateway,
    )
    assert (await api.get(f"/readings/{UUID(int=9)}", token))[0] == 404


async def test_another_organisation_sees_nothing_of_it(
    api: Api, north: Practice, south: Practice
) -> None:
    subject = reading()
    await post(api, north, subject)
    token = await api.signed_in(south, "admin")
    assert (await api.get(f"/readings/{subject.id}", token))[0] == 404
    _, held = await api.get("/quarantine", token)
    assert held["items"] == []


async def test_what_waits_in_quarantine_is_the_patients_once_the_device_is_theirs(
    api: Api, north: Practice, pool: Pool
) -> None:
    other = "FF:FF:FF:FF:FF:01"
    subject = reading(device=other)
    hopeless = reading(device=other, values={"systolic": 301.0, "diastolic": 80.0})
    await post(api, north, subject, hopeless)
    token = await api.signed_in(north, "nurse")
    _, held = await api.get("/quarantine", token, reason="unknown_device")
    assert [item["id"] for item in held["items"]] == [str(subject.id)]

    _, device = await api.post("/devices", {"address": other}, token)
    assignment = {"patient": str(north.other_patient), "starts_at": "2020-01-01T00:00:00Z"}
    assert (await api.post(f"/devices/{device['id']}/assignments", assignment, token))[0] == 201
    _, body = await api.post("/quarantine/recheck", token=token)
    assert body == {"fates": {"assigned": 1}}

    _, page = await api.get(f"/patients/{north.other_patient}/readings", token)
    assert [item["id"] for item in page["items"]] == [str(subject.id)]
    _, held = await api.get("/quarantine", token)
    assert [item["reason"] for item in held["items"]] == ["implausible:systolic"]
    queued = await pool.fetch(
        "SELECT attribution FROM evaluation_queue WHERE reading_id = $1 ORDER BY position",
        subject.id,
    )
    assert [row["attribution"] for row in queued] == ["quarantined", "assigned"]


async def test_a_dead_letter_can_be_read_and_replayed(api: Api, north: Practice) -> None:
    bad = message(reading()).replace(b'"time_quality":"device"', b'"time_quality":"sundial"')
    await post(api, north, payload=bad)
    token = await api.signed_in(north, "admin")
    _, page = await api.get("/dead-letters", token)
    (letter,) = page["items"]
    assert letter["pointer"] == "/readings/0/time_quality"
    assert "payload" not in letter or letter["payload"] is None
    _, whole = await api.get(f"/dead-letters/{letter['id']}", token)
    assert whole["payload"]
    _, outcome = await api.post(f"/dead-letters/{letter['id']}/replay", token=token)
    assert outcome["done"] is False
    assert outcome["outcome"].startswith("unreadable")


async def test_a_letter_that_can_be_read_by_now_becomes_a_reading(
    api: Api, north: Practice, pool: Pool
) -> None:
    subject = reading()
    body = msgspec.json.encode(subject)
    await pool.execute(
        """
        INSERT INTO dead_letters (organisation_id, gateway_id, topic, payload, pointer, error,
            digest, first_received_at, last_received_at)
        VALUES ($1, $2, $3, $4, '/readings/3/flags', 'too new', $5, now(), now())
        """,
        north.organisation,
        north.gateway,
        f"hearthbeat/v1/{north.gateway}/readings",
        body,
        b"0" * 16,
    )
    token = await api.signed_in(north, "admin")
    _, page = await api.get("/dead-letters", token)
    number = page["items"][0]["id"]
    _, outcome = await api.post(f"/dead-letters/{number}/replay", token=token)
    assert outcome == {"outcome": "stored", "done": True}
    assert await pool.fetchval("SELECT patient_id FROM readings") == north.patient
    assert (await api.get("/dead-letters", token))[1]["items"] == []


async def test_a_new_hub_gets_a_code_and_the_code_buys_credentials_once(
    api: Api, north: Practice
) -> None:
    token = await api.signed_in(north, "nurse")
    status, made = await api.post("/gateways", {"id": "hub-2", "transport": "http"}, token)
    assert status == 201
    status, credentials = await api.post("/enrolments", {"code": made["enrolment_code"]})
    assert (status, credentials["gateway"]) == (201, "hub-2")
    assert (await api.post("/enrolments", {"code": made["enrolment_code"]}))[0] == 422
    status, taken = await api.post("/gateways", {"id": "hub-2"}, token)
    assert (status, taken["pointer"]) == (409, "/id")
    headers = {**JSON, "X-Api-Key": credentials["source_key"]}
    status, _ = await api.ask("POST", "/readings", data=message(reading()), headers=headers)
    assert status == 200
