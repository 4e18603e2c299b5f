import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest

from care.sessions import IDLE_MAX
from console import bodies
from console.settings import ConsoleSettings
from console.throttle import FREE_TRIES
from store.pool import Pool
from tests.integration.console.conftest import PASSWORD, Api, Clock, Practice, served


async def test_the_right_password_is_a_token_that_opens_the_door(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    status, _ = await api.get("/patients", token)
    assert status == 200


@pytest.mark.parametrize("username", ["nurse@north", "nobody@north"])
async def test_a_wrong_name_looks_like_a_wrong_password(api: Api, username: str) -> None:
    status, body = await api.post("/login", {"username": username, "password": "wrong password"})
    assert status == 401
    assert api.headers["Content-Type"].startswith("application/problem+json")
    assert body["detail"] == "the user name or the password is wrong"


async def test_guessing_is_slowed_down_for_known_and_unknown_names_alike(
    api: Api, north: Practice, clock: Clock
) -> None:
    wrong = {"username": north.username("nurse"), "password": "guess"}
    for _ in range(FREE_TRIES):
        assert (await api.post("/login", wrong))[0] == 401
    status, _ = await api.post("/login", wrong)
    assert (status, api.headers["Retry-After"]) == (429, "10")
    right = {"username": north.username("nurse"), "password": PASSWORD}
    assert (await api.post("/login", right))[0] == 429
    clock.now += dt.timedelta(seconds=10)
    assert (await api.post("/login", right))[0] == 200


async def test_guesses_sent_all_at_once_are_counted_all_the_same(api: Api, north: Practice) -> None:
    wrong = {"username": north.username("nurse"), "password": "guess"}
    answers = await asyncio.gather(*(api.post("/login", wrong) for _ in range(4 * FREE_TRIES)))
    told = Counter(status for status, _ in answers)
    assert told == {401: FREE_TRIES, 429: 3 * FREE_TRIES}


async def test_people_who_sign_in_at_the_same_moment_all_get_in(api: Api, north: Practice) -> None:
    right = {"username": north.username("nurse"), "password": PASSWORD}
    answers = await asyncio.gather(*(api.post("/login", right) for _ in range(2 * FREE_TRIES)))
    assert {status for status, _ in answers} == {200}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"username": "ada"}, "/password"),
        ({"username": 1, "password": "x"}, "/username"),
        ({"username": "ada", "password": "x", "admin": True}, "/admin"),
        ([], ""),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_with_the_place(
    api: Api, body: object, pointer: str
) -> None:
    status, told = await api.post("/login", body)
    assert (status, told["pointer"]) == (400, pointer)
    assert "ada" not in str(told)


async def test_a_key_given_twice_is_refused(api: Api) -> None:
    body = b'{"username":"a","password":"x","username":"b"}'
    status, _ = await api.ask(
        "POST", "/login", data=body, headers={"Content-Type": "application/json"}
    )
    assert status == 400


async def test_a_body_over_the_cap_is_refused(api: Api) -> None:
    status, _ = await api.post("/login", {"username": "a" * 20_000, "password": "x"})
    assert status == 413


@pytest.mark.parametrize("token", [None, "", "guess", "x" * 1000, "\udcff", "é"])
async def test_without_a_good_token_nobody_is_signed_in(api: Api, token: str | None) -> None:
    status, _ = await api.get("/patients", token)
    assert status == 401
    assert api.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_session_ends_by_choice_and_by_idleness(
    api: Api, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    assert (await api.post("/logout", token=token))[0] == 204
    assert (await api.get("/patients", token))[0] == 401
    other = await api.signed_in(north, "nurse")
    clock.now += IDLE_MAX
    assert (await api.get("/patients", other))[0] == 401


async def test_every_answer_carries_the_headers_that_protect_it(api: Api) -> None:
    await api.get("/openapi.json")
    assert api.headers["Cache-Control"] == "no-store"
    assert api.headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in api.headers["Content-Security-Policy"]


async def test_what_is_not_there_is_a_problem_too(api: Api) -> None:
    status, body = await api.get("/nothing")
    assert (status, body["title"]) == (404, "Not Found")
    status, _ = await api.ask("DELETE", "/login")
    assert (status, api.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "path", ["/quarantine?reason=%00", "/patients?cursor=WyJcdTAwMDAiLCIiLCIiXQ", "/devices/%00/x"]
)
async def test_no_parameter_makes_the_server_stumble(api: Api, north: Practice, path: str) -> None:
    token = await api.signed_in(north, "nurse")
    status, _ = await api.ask("GET", f"/api/v1{path}", token=token)
    assert status in {400, 404}


async def test_a_body_that_never_comes_is_not_waited_for_long(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "WITHIN_S", 0.05)

    async def drip() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(1)
        yield b"}"

    json = {"Content-Type": "application/json"}
    status, _ = await api.ask("POST", "/login", data=drip(), headers=json)
    assert status == 408


async def test_guesses_from_elsewhere_do_not_shut_the_owner_out(
    pool: Pool, database: str, north: Practice, clock: Clock
) -> None:
    settings = ConsoleSettings(
        allow_unsafe_database=True, trusted_proxies=(ip_network("127.0.0.1"),)
    )
    right = {"username": north.username("nurse"), "password": PASSWORD}
    wrong = right | {"password": "guess"}
    home, elsewhere, on_a_journey = (
        {"X-Forwarded-For": f"203.0.113.1, {address}"}
        for address in ("192.0.2.1", "198.51.100.9", "192.0.2.77")
    )
    async with served(settings, pool, database, clock) as api:
        assert (await api.post("/login", right, headers=home))[0] == 200
        for _ in range(FREE_TRIES):
            assert (await api.post("/login", wrong, headers=elsewhere))[0] == 401
        assert (await api.post("/login", right, headers=elsewhere))[0] == 429
        assert (await api.post("/login", right, headers=on_a_journey))[0] == 429
        assert (await api.post("/login", right, headers=home))[0] == 200
        # The owner's coming and going gives the stranger no new tries, nor is home a free place.
        assert (await api.post("/login", wrong, headers=elsewhere))[0] == 429
        for _ in range(FREE_TRIES):
            assert (await api.post("/login", wrong, headers=home))[0] == 401
        assert (await api.post("/login", right, headers=home))[0] == 429


async def test_without_trusted_proxies_nobody_chooses_an_address(api: Api, north: Practice) -> None:
    wrong = {"username": north.username("nurse"), "password": "guess"}
    right = wrong | {"password": PASSWORD}
    home = {"X-Forwarded-For": "192.0.2.1"}
    assert (await api.post("/login", right, headers=home))[0] == 200
    for _ in range(FREE_TRIES):
        assert (await api.post("/login", wrong))[0] == 401
    assert (await api.post("/login", right, headers=home))[0] == 429
