"""The door at which a hub's one-time code is turned into its credentials."""

import asyncio
import datetime as dt
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from care.gateways import CODE_LIFETIME
from care.registry import issue_code
from care.secrets import make_code, matches
from console.throttle import FREE_TRIES_OF_ADDRESS as TRIES_PER_ADDRESS
from store.pool import Pool
from tests.integration.console.conftest import BROKER, Api, Clock, Practice

DETAIL = "the code is not known, was used, or is older than 24 hours"


async def new_code(api: Api, practice: Practice, **body: object) -> tuple[str, str]:
    token = await api.signed_in(practice, "nurse")
    status, made = await api.post("/gateways", body, token)
    assert status == 201, made
    return made["id"], made["enrolment_code"]


async def test_a_code_buys_what_the_hub_signs_in_with(
    api: Api, north: Practice, pool: Pool
) -> None:
    gateway, code = await new_code(api, north, time_zone="America/New_York")
    status, body = await api.post("/enrolments", {"code": code.lower().replace("-", " ")})
    password = body["mqtt"].pop("password")
    assert (status, body) == (
        201,
        {
            "gateway": gateway,
            "mqtt": {"url": BROKER, "username": gateway},
            "time_zone": "America/New_York",
        },
    )
    kept = await pool.fetchval("SELECT credential_hash FROM gateways WHERE id = $1", gateway)
    assert matches(password, kept)
    assert api.headers["Cache-Control"] == "no-store"


async def test_a_fresh_code_makes_the_old_one_void_and_nothing_else_until_it_is_used(
    api: Api, north: Practice, pool: Pool
) -> None:
    gateway, lost = await new_code(api, north)
    admin = await api.signed_in(north, "admin")
    with capture_logs() as lines:
        status, made = await api.post(f"/gateways/{gateway}/code", token=admin)
    assert (status, made["id"]) == (201, gateway)
    (line,) = (line for line in lines if line["event"] == "a fresh enrolment code")
    assert (line["gateway"], UUID(line["by"]).version) == (gateway, 4)
    assert made["enrolment_code"] not in str(lines)
    assert (await api.post("/enrolments", {"code": lost}))[0] == 422
    _, first = await api.post("/enrolments", {"code": made["enrolment_code"]})
    _, again = await api.post(f"/gateways/{gateway}/code", token=admin)

    async def kept() -> str:
        return str(
            await pool.fetchval("SELECT credential_hash FROM gateways WHERE id = $1", gateway)
        )

    assert matches(first["mqtt"]["password"], await kept())
    _, second = await api.post("/enrolments", {"code": again["enrolment_code"]})
    assert matches(second["mqtt"]["password"], await kept())
    assert not matches(first["mqtt"]["password"], await kept())


async def test_a_revoked_gateway_gets_no_fresh_code(api: Api, north: Practice) -> None:
    admin = await api.signed_in(north, "admin")
    assert (await api.post(f"/gateways/{north.gateway}/revoke", token=admin))[0] == 204
    status, told = await api.post(f"/gateways/{north.gateway}/code", token=admin)
    assert status == 404
    assert "not revoked" in told["detail"]


async def test_codes_that_are_unknown_used_expired_or_revoked_are_answered_alike(
    api: Api, north: Practice, clock: Clock
) -> None:
    _, used = await new_code(api, north)
    assert (await api.post("/enrolments", {"code": used}))[0] == 201
    gone, revoked = await new_code(api, north)
    admin = await api.signed_in(north, "admin")
    assert (await api.post(f"/gateways/{gone}/revoke", token=admin))[0] == 204
    _, expired = await new_code(api, north)
    clock.now += CODE_LIFETIME
    answers = [
        await api.post("/enrolments", {"code": code})
        for code in (used, revoked, expired, make_code(), "", "nonsense", "ü" * 1000)
    ]
    status, body = answers[0]
    assert (status, body["detail"], body["pointer"]) == (422, DETAIL, "/code")
    assert all(answer == answers[0] for answer in answers)


async def test_of_many_that_use_a_code_at_once_one_is_let_in(api: Api, north: Practice) -> None:
    _, code = await new_code(api, north)
    answers = await asyncio.gather(*(api.post("/enrolments", {"code": code}) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [201, 422, 422, 422, 422]


async def test_guessing_is_slowed_down(api: Api, north: Practice, clock: Clock) -> None:
    _, code = await new_code(api, north)
    for _ in range(TRIES_PER_ADDRESS):
        assert (await api.post("/enrolments", {"code": make_code()}))[0] == 422
    assert (await api.post("/enrolments", {"code": code}))[0] == 429
    assert api.headers["Retry-After"] == "10"
    clock.now += dt.timedelta(seconds=10)
    assert (await api.post("/enrolments", {"code": code}))[0] == 201


async def test_neither_code_nor_password_is_logged(api: Api, north: Practice) -> None:
    gateway, code = await new_code(api, north)
    with capture_logs() as logged:
        _, body = await api.post("/enrolments", {"code": code})
        await api.post("/enrolments", {"code": code})
    assert {"event": "a gateway enrolled", "gateway": gateway, "log_level": "info"} in logged
    assert body["mqtt"]["password"] not in str(logged)
    assert code not in str(logged)


async def test_where_no_broker_can_be_named_the_code_stays_good(
    brokerless: Api, api: Api, north: Practice
) -> None:
    _, code = await new_code(api, north)
    status, body = await brokerless.post("/enrolments", {"code": code})
    assert (status, "mqtt.public_url" in body["detail"]) == (503, True)
    assert (await api.post("/enrolments", {"code": code}))[0] == 201


async def test_a_source_that_posts_gets_a_key_and_no_broker(api: Api, north: Practice) -> None:
    gateway, code = await new_code(api, north, transport="http")
    _, body = await api.post("/enrolments", {"code": code})
    assert body["mqtt"] is None
    assert body["source_key"].startswith(f"{gateway}.")


async def test_a_gateway_without_an_id_gets_one(api: Api, north: Practice) -> None:
    first, _ = await new_code(api, north)
    second, _ = await new_code(api, north)
    assert first != second
    assert first.startswith("gw-")
    assert len(first) == len("gw-") + 8


async def test_a_new_code_voids_the_one_that_was_lost(
    api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    gateway, lost = await new_code(api, north)
    async with pool.acquire() as conn:
        code = await issue_code(conn, north.organisation, gateway, now=clock())
    assert (await api.post("/enrolments", {"code": lost}))[0] == 422
    assert (await api.post("/enrolments", {"code": code}))[0] == 201


@pytest.mark.parametrize(
    ("body", "pointer", "detail"),
    [
        ({}, "/code", "the field 'code' is missing"),
        ({"code": 1}, "/code", "the field 'code': expected text, got a whole number"),
        ({"code": "x", "id": 1}, "/id", "there is no field 'id' here"),
        ([], "", "the body: expected an object, got a list"),
    ],
)
async def test_a_body_that_is_wrong_is_explained_in_words(
    api: Api, body: object, pointer: str, detail: str
) -> None:
    status, told = await api.post("/enrolments", body)
    assert (status, told["pointer"], told["detail"]) == (400, pointer, detail)


@pytest.mark.parametrize(
    ("body", "status", "pointer", "word"),
    [
        ({"id": "a/b"}, 422, "/id", "letters, digits"),
        ({"id": ""}, 422, "/id", "letters, digits"),
        ({"id": None, "transport": "pigeon"}, 422, "/transport", "must be one of mqtt, http"),
        ({"time_zone": "Mars"}, 422, "/time_zone", "no IANA time zone"),
    ],
)
async def test_a_gateway_that_cannot_be_is_explained_in_words(
    api: Api, north: Practice, body: object, status: int, pointer: str, word: str
) -> None:
    token = await api.signed_in(north, "nurse")
    found, told = await api.post("/gateways", body, token)
    assert (found, told["pointer"]) == (status, pointer)
    assert word in told["detail"]


async def test_a_source_is_known_by_the_time_it_has_its_key(api: Api, north: Practice) -> None:
    gateway, code = await new_code(api, north, transport="http")
    assert (await api.post("/enrolments", {"code": code}))[0] == 201
    # As it stands after that very request: the next one would find it read again.
    known = api._directory.snapshot.gateway(gateway)
    assert known is not None
    assert known.credential_hash is not None
