"""Accounts: added with a link, changed, shut out, and never without an administrator."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest

from care.sessions import NOTED_EVERY
from console.bodies import JSON
from console.web.csrf import csrf_token
from console.web.forms import FORM
from store.pool import Pool
from tests.integration.console.conftest import PASSWORD, Api, Browser, Clock, Practice

ANA = {
    "username": "ana@example.org",
    "display_name": "Ana Diaz",
    "credential": "RN",
    "role": "nurse",
}


@pytest.fixture
async def admin(api: Api, north: Practice) -> Browser:
    return await api.browser(north, "admin")


async def user_id(pool: Pool, username: str) -> str:
    return str(await pool.fetchval("SELECT id FROM users WHERE username = $1", username))


async def test_a_person_is_added_and_sets_their_own_password(api: Api, admin: Browser) -> None:
    status, text = await admin.send("/people/new", ANA)
    assert status == 200, text
    found = re.search(r"/sign-in/new-password\?code=([\w-]+)", text)
    assert found
    assert 'type="password"' not in text
    set_to = {"code": found[1], "new_password": "a password of her own"}
    status, text = await admin.send("/sign-in/new-password", set_to)
    assert status == 303, text
    status, _ = await api.post(
        "/login", {"username": "ana@example.org", "password": "a password of her own"}
    )
    assert status == 200
    _, text = await admin.get("/people")
    assert "Ana Diaz" in text
    assert found[1] not in text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"username": ""}, "1 to 100 letters"),
        ({"username": "nurse@north"}, "is in use"),
        ({"role": "patient"}, "invitation"),
        ({"role": "root"}, "invitation"),
        ({"credential": "x" * 21}, "at most 20"),
        ({"display_name": "x" * 201}, "at most 200"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    admin: Browser, changed: dict[str, str], words: str
) -> None:
    status, text = await admin.send("/people/new", ANA | changed)
    assert status == 422
    assert words in text
    assert "Nothing was saved" in text
    shown = "Ana Diaz" if "display_name" not in changed else "ana@example.org"
    assert f'value="{shown}"' in text


async def test_the_only_administrator_stays_one(admin: Browser, pool: Pool) -> None:
    me = await user_id(pool, "admin@north")
    status, text = await admin.send(f"/people/{me}/disable")
    assert (status, "only administrator" in text) == (422, True)
    status, text = await admin.send(f"/people/{me}", {"role": "nurse", "display_name": "Me"})
    assert (status, "nobody else administers" in text) == (422, True)
    assert 'value="Me"' in text
    other = await user_id(pool, "nurse@north")
    status, _ = await admin.send(f"/people/{other}", {"role": "admin"})
    assert status == 303
    status, text = await admin.send(f"/people/{me}/disable")
    assert status == 303, text
    status, _ = await admin.get("/people")
    assert status in (200, 303, 401)
    assert "sign-in" in admin.where


async def test_a_disabled_account_is_out_at_once_and_can_be_opened_again(
    api: Api, north: Practice, admin: Browser, pool: Pool
) -> None:
    nurse = await api.browser(north, "nurse")
    theirs = await user_id(pool, "nurse@north")
    status, _ = await admin.send(f"/people/{theirs}/disable")
    assert status == 303
    await nurse.get("/patients/new")
    assert "sign-in" in nurse.where
    sign_in = {"username": "nurse@north", "password": PASSWORD}
    assert (await api.post("/login", sign_in))[0] != 200
    status, _ = await admin.send(f"/people/{theirs}/link")
    assert status == 404
    await admin.send(f"/people/{theirs}/enable")
    assert (await api.post("/login", sign_in))[0] == 200


async def half_in_and_known(pool: Pool, user: str) -> None:
    """Somebody with the password waits for the code; a browser has signed in before."""
    await pool.execute("INSERT INTO half_sessions VALUES (sha256('a'), $1, now())", user)
    await pool.execute("INSERT INTO known_browsers VALUES (sha256('b'), $1, now())", user)


async def test_sessions_end_and_a_lost_second_factor_is_reset(
    api: Api, north: Practice, admin: Browser, pool: Pool
) -> None:
    nurse = await api.browser(north, "nurse")
    theirs = await user_id(pool, "nurse@north")
    await half_in_and_known(pool, theirs)
    await pool.execute(
        "INSERT INTO second_factors (user_id, secret, created_at, confirmed_at)"
        " VALUES ($1, 'x', now(), now())",
        theirs,
    )
    _, text = await admin.get(f"/people/{theirs}")
    assert "Set up" in text
    status, _ = await admin.send(f"/people/{theirs}/reset-factor")
    assert status == 303
    assert await pool.fetchval("SELECT count(*) FROM second_factors") == 0
    assert await pool.fetchval("SELECT count(*) FROM half_sessions") == 0
    assert await pool.fetchval("SELECT count(*) FROM known_browsers") == 0
    await nurse.get("/patients/new")
    assert "sign-in" in nurse.where
    nurse = await api.browser(north, "nurse")
    await admin.send(f"/people/{theirs}/end-sessions")
    await nurse.get("/patients/new")
    assert "sign-in" in nurse.where


async def test_only_administrators_see_people_and_only_their_own(
    api: Api, north: Practice, south: Practice, pool: Pool, admin: Browser
) -> None:
    assert south.name == "south"
    theirs = await user_id(pool, "nurse@south")
    for path in (f"/people/{theirs}", "/people/not-an-id"):
        assert (await admin.get(path))[0] == 404
    for path in ("", "/disable", "/enable", "/link", "/end-sessions", "/reset-factor"):
        status, _ = await admin.send(f"/people/{theirs}{path}", {"role": "admin"})
        assert (path, status) == (path, 404)
    assert await pool.fetchval("SELECT role FROM users WHERE username = 'nurse@south'") == "nurse"
    _, text = await admin.get("/people")
    assert "nurse@south" not in text
    for role in ("nurse", "clinician", "biller", "auditor", "patient", "caregiver"):
        browser = await api.browser(north, role)
        for path in ("/people", "/people/new", "/clinic", "/programmes/new"):
            assert (role, path, (await browser.get(path))[0]) == (role, path, 403)
        assert (await browser.send("/people/new", ANA))[0] == 403


async def test_a_name_full_of_markup_is_text(admin: Browser, pool: Pool) -> None:
    name = '<script>alert(1)</script>"'
    theirs = await user_id(pool, "nurse@north")
    await admin.send(f"/people/{theirs}", {"display_name": name, "role": "nurse"})
    for path in ("/people", f"/people/{theirs}"):
        _, text = await admin.get(path)
        assert "<script>alert" not in text
        assert "&lt;script&gt;" in text


SHUT_OUT_AND_BACK = (
    ("UPDATE users SET disabled_at = now()", "UPDATE users SET disabled_at = NULL"),
    ("UPDATE users SET role = 'auditor'", "UPDATE users SET role = 'admin'"),
    ("UPDATE sessions SET revoked_at = now()", "UPDATE sessions SET revoked_at = NULL"),
)


async def test_whoever_is_shut_out_while_their_words_are_on_the_way_changes_nothing(
    admin: Browser, pool: Pool, clock: Clock
) -> None:
    form = urlencode({"csrf": csrf_token(admin.token), **ANA}).encode()
    as_json = json.dumps({"mrn": "9", "given_name": "Ana", "family_name": "Diaz"}).encode()

    async def shut_out_meanwhile(sent: bytes, how: str) -> AsyncIterator[bytes]:
        clock.now += NOTED_EVERY
        yield sent[:10]
        # Who asks is settled with the headers; that they were here is noted then.
        noted = "SELECT max(last_seen_at) >= $1 FROM sessions"
        while not await pool.fetchval(noted, clock.now):  # noqa: ASYNC110 - not ours to signal
            await asyncio.sleep(0.01)
        await pool.execute(how)
        yield sent[10:]

    async def slowly(path: str, kind: str, sent: bytes, how: str) -> int:
        headers = {"Content-Type": kind, "X-CSRF-Token": csrf_token(admin.token)}
        body = shut_out_meanwhile(sent, how)
        status, _ = await admin.ask("POST", path, data=body, headers=headers, allow_redirects=False)
        return status

    for how, back in SHUT_OUT_AND_BACK:
        assert await slowly("/people/new", FORM, form, how) == 303
        assert admin.where.startswith("/sign-in")
        await pool.execute(back)
        assert await slowly("/api/v1/patients", JSON, as_json, how) == 401
        await pool.execute(back)
    assert await pool.fetchval("SELECT count(*) FROM users WHERE username LIKE 'ana@%'") == 0
    assert await pool.fetchval("SELECT count(*) FROM patients WHERE mrn = '9'") == 0
