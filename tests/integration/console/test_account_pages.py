"""One's own account: name, password, sessions, preferences; and a password by a code."""

import datetime as dt
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from care.password_codes import GOOD_FOR, issue_password_code
from console.throttle import FREE_TRIES
from store.pool import Pool
from tests.integration.console.conftest import PASSWORD, Api, Clock, Practice
from tests.integration.console.visitor import Visitor, visiting

SECOND = dt.timedelta(seconds=1)
NEW = "another long password"
MARK = "<img src=x onerror=alert(1)>"


@pytest.fixture
async def nurse(api: Api, north: Practice) -> AsyncIterator[Visitor]:
    """A nurse who is signed in."""
    async with visiting(api) as found:
        await found.sign_in(north, "nurse")
        yield found


async def code_for(pool: Pool, practice: Practice, role: str, *, now: dt.datetime) -> str:
    async with pool.acquire() as conn:
        user = await conn.fetchval(
            "SELECT id FROM users WHERE username = $1", practice.username(role)
        )
        return await issue_password_code(conn, practice.organisation, user, now=now)


async def test_the_name_is_what_others_see_and_never_markup(nurse: Visitor) -> None:
    assert (await nurse.own("/account", display_name=MARK))[0] == 303
    _, page = await nurse.get("/account")
    assert "Saved." in page
    assert MARK not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("name", ["a" * 201, "a\x07b", "\u202ea"])
async def test_a_name_that_cannot_be_is_refused_and_kept_in_the_field(
    nurse: Visitor, name: str
) -> None:
    status, page = await nurse.own("/account", display_name=name)
    assert (status, 'aria-invalid="true"' in page) == (422, True)


async def test_a_changed_password_ends_every_other_session(
    api: Api, nurse: Visitor, north: Practice
) -> None:
    other = await api.signed_in(north, "nurse")
    before = nurse.cookie()
    status, _ = await nurse.own("/account/password", old_password=PASSWORD, new_password=NEW)
    assert (status, nurse.where) == (303, "/account")
    assert nurse.cookie() != before
    assert (await nurse.get("/account"))[0] == 200
    assert (await api.get("/me", other))[0] == 401
    assert (await api.get("/me", before))[0] == 401
    login = {"username": north.username("nurse"), "password": NEW}
    assert (await api.post("/login", login))[0] == 200


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("guess", NEW, "not your password"),
        (PASSWORD, "a" * 11, "at least 12 letters"),
        (PASSWORD, "a" * 257, "no more than 256 letters"),
        (PASSWORD, "", "at least 12 letters"),
        (PASSWORD, "Sunshine2024!", "Many people use this one"),
    ],
)
async def test_a_password_that_cannot_be_changed_stays(
    api: Api, nurse: Visitor, north: Practice, old: str, new: str, words: str
) -> None:
    status, page = await nurse.own("/account/password", old_password=old, new_password=new)
    assert (status, words in page) == (422, True)
    assert await api.signed_in(north, "nurse")


async def test_the_old_password_cannot_be_guessed_from_an_open_browser(nurse: Visitor) -> None:
    for _ in range(FREE_TRIES):
        await nurse.own("/account/password", old_password="guess", new_password=NEW)
    status, page = await nurse.own("/account/password", old_password=PASSWORD, new_password=NEW)
    assert (status, "Wait" in page) == (429, True)


async def test_sessions_are_listed_and_ended(api: Api, nurse: Visitor, north: Practice) -> None:
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"}
    async with visiting(api) as other:
        form = {"username": north.username("nurse"), "password": PASSWORD}
        await other.send("/sign-in", form, headers=firefox)
        _, page = await nurse.get("/account/sessions")
        assert "Firefox on Windows" in page
        assert "127.0.0.1" in page
        assert page.count("This one") == 1
        where = page.split('action="/account/sessions/')[1].split('"')[0]
        assert (await nurse.own(f"/account/sessions/{where}"))[0] == 303
        assert (await other.get("/account"))[0] == 303
    assert (await nurse.get("/account"))[0] == 200


async def test_all_others_are_ended_at_once(api: Api, nurse: Visitor, north: Practice) -> None:
    tokens = [await api.signed_in(north, "nurse") for _ in range(2)]
    someone = await api.signed_in(north, "admin")
    assert (await nurse.own("/account/sessions/end-others"))[0] == 303
    assert [(await api.get("/me", token))[0] for token in (*tokens, someone)] == [401, 401, 200]
    assert (await nurse.get("/account"))[0] == 200


@pytest.mark.parametrize("name", [str(UUID(int=1)), "x", "%00", "..%2F.."])
async def test_a_session_that_is_not_ones_own_is_not_there(nurse: Visitor, name: str) -> None:
    assert (await nurse.own(f"/account/sessions/{name}/end"))[0] == 404


async def test_nobody_ends_anothers_session(
    api: Api, nurse: Visitor, north: Practice, pool: Pool
) -> None:
    token = await api.signed_in(north, "admin")
    session = await pool.fetchval(
        "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.role = 'admin'"
    )
    assert (await nurse.own(f"/account/sessions/{session}/end"))[0] == 404
    assert (await api.get("/me", token))[0] == 200


async def test_preferences_are_kept_as_they_were_ticked(api: Api, nurse: Visitor) -> None:
    _, page = await nurse.get("/account/preferences")
    assert 'name="shortcuts" value="yes" checked' in page
    keys = {f"key-{each}": "" for each in ("search", "help")}
    form = {"move_on": "yes", "sound": "critical", "key-claim": "y", "key-note": "n", **keys}
    assert (await nurse.own("/account/preferences", **form))[0] == 303
    _, mine = await api.get("/me", nurse.cookie())
    assert mine["preferences"]["move_on"] is True
    assert mine["preferences"]["shortcuts"] is False
    assert mine["preferences"]["sound"]["critical"] is True
    assert mine["preferences"]["sound"]["low"] is False
    assert mine["preferences"]["keys"]["claim"] == "y"
    assert "note" not in mine["preferences"]["keys"]


async def test_two_actions_on_one_key_are_told_at_the_field(nurse: Visitor) -> None:
    status, page = await nurse.own("/account/preferences", **{"key-claim": "y", "key-note": "y"})
    assert status == 422
    assert 'aria-describedby="key-note-fault"' in page
    assert "is the key of claim already" in page


async def test_how_alerts_are_worked_on_is_nothing_for_patients(api: Api, north: Practice) -> None:
    async with visiting(api) as patient:
        await patient.sign_in(north, "patient")
        assert (await patient.get("/account"))[0] == 200
        assert (await patient.get("/account/preferences"))[0] == 403


async def test_programs_read_and_change_who_they_are(api: Api, north: Practice) -> None:
    token = await api.signed_in(north, "nurse")
    _, mine = await api.get("/me", token)
    assert (mine["username"], mine["role"]) == (north.username("nurse"), "nurse")
    assert mine["clinic"] == {
        "name": "north", "time_zone": "America/New_York", "phone": None, "emergency_number": None,
    }  # fmt: skip
    changes = {"display_name": "Ana Reyes", "preferences": {"keys": {"claim": "y"}}}
    status, changed = await api.ask("PATCH", "/me", token=token, json=changes)
    assert (status, changed["display_name"]) == (200, "Ana Reyes")
    changes = {"preferences": {"keys": {"claim": None}, "move_on": True}}
    _, changed = await api.ask("PATCH", "/me", token=token, json=changes)
    assert changed["preferences"] == {"keys": {}, "move_on": True}
    assert changed["display_name"] == "Ana Reyes"


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"role": "admin"}, 400, "/role"),
        ({"display_name": None}, 400, "/display_name"),
        ({"display_name": "a" * 201}, 422, "/display_name"),
        ({"preferences": {"theme": "x"}}, 422, "/preferences/theme"),
        ({"preferences": {"sound": {"critical": 1}}}, 422, "/preferences/sound/critical"),
        ({"preferences": []}, 400, "/preferences"),
    ],
)
async def test_what_cannot_be_changed_is_refused_at_its_place(
    api: Api, north: Practice, changes: dict[str, object], status: int, pointer: str
) -> None:
    token = await api.signed_in(north, "nurse")
    found, told = await api.ask("PATCH", "/me", token=token, json=changes)
    assert (found, told["pointer"]) == (status, pointer)
    _, mine = await api.get("/me", token)
    assert (mine["role"], mine["preferences"]) == ("nurse", {})


async def test_a_password_is_set_by_a_code_once(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    old = await api.signed_in(north, "nurse")
    code = await code_for(pool, north, "nurse", now=clock.now)
    async with visiting(api) as visitor:
        _, page = await visitor.get(f"/sign-in/new-password?code={code}")
        assert north.username("nurse") in page
        form = {"code": code, "new_password": "short"}
        status, page = await visitor.send("/sign-in/new-password", form)
        assert (status, "at least 12" in page) == (422, True)
        form["new_password"] = NEW
        status, _ = await visitor.send("/sign-in/new-password", form)
        assert (status, visitor.where) == (303, "/sign-in?why=password")
        assert visitor.cookie() == ""
        assert (await visitor.send("/sign-in/new-password", form))[0] == 404
    assert (await api.get("/me", old))[0] == 401
    # Who and from where is on record, once; the code and the password are not.
    rows = await pool.fetch("SELECT * FROM audit WHERE route LIKE '%new-password'")
    assert [(row["action"], row["actor_name"], row["outcome"]) for row in rows] == [
        ("set up a password by a link", north.username("nurse"), "done")
    ]
    assert code not in str(rows)
    login = {"username": north.username("nurse"), "password": NEW}
    assert (await api.post("/login", login))[0] == 200


@pytest.mark.parametrize(
    ("after", "status"), [(GOOD_FOR - SECOND, 200), (GOOD_FOR, 404), (GOOD_FOR + SECOND, 404)]
)
async def test_a_code_is_good_for_a_day(
    api: Api, north: Practice, pool: Pool, clock: Clock, after: dt.timedelta, status: int
) -> None:
    code = await code_for(pool, north, "nurse", now=clock.now)
    clock.now += after
    async with visiting(api) as visitor:
        assert (await visitor.get(f"/sign-in/new-password?code={code}"))[0] == status


async def test_a_new_code_voids_the_one_before_and_none_is_kept(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    first = await code_for(pool, north, "nurse", now=clock.now)
    second = await code_for(pool, north, "nurse", now=clock.now)
    assert second not in str(await pool.fetch("SELECT * FROM password_codes"))
    async with visiting(api) as visitor:
        assert (await visitor.get(f"/sign-in/new-password?code={first}"))[0] == 404
        assert (await visitor.get(f"/sign-in/new-password?code={second}"))[0] == 200


@pytest.mark.parametrize("code", ["", "x", "%00", "é", "a" * 5000, "<script>"])
async def test_a_made_up_code_says_nothing(api: Api, code: str) -> None:
    async with visiting(api) as visitor:
        status, page = await visitor.get(f"/sign-in/new-password?code={code}")
        assert status in {400, 404}
        assert "<script>" not in page
        form = {"code": code.replace("%00", "x"), "new_password": NEW}
        assert (await visitor.send("/sign-in/new-password", form))[0] == 404
