"""Whom a patient lets look along: the life of an invitation, and its end."""

import asyncio
import datetime as dt
import html
import re
from typing import Any

import pytest

from care import invitations
from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice
from tests.integration.console.my_home import Home

NOW = dt.datetime(2026, 11, 22, 18, 30, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
GOOD = {
    "name": "Eve Able", "username": "eve", "password": "three words in a row",
    "again": "three words in a row", "agree": "yes",
}  # fmt: skip


@pytest.fixture
def home(pool: Pool, north: Practice, clock: Clock) -> Home:
    clock.now = NOW
    return Home(pool=pool, practice=north, now=NOW)


@pytest.fixture
async def patient(api: Api, home: Home) -> Browser:
    return await api.browser(home.practice, "patient")


def stranger(patient: Browser) -> Browser:
    """The same machine, nobody signed in."""
    return Browser(patient._client, patient._directory, "")


async def invited(patient: Browser, **fields: str) -> str:
    """The code of a new invitation."""
    status, page = await patient.send(
        "/my/people", {"name": "Eve", "relation": "daughter", **fields}
    )
    assert status == 200, page
    found = re.search(r'class="code">([A-Z0-9-]+)<', page)
    assert found is not None
    return found[1]


async def join(someone: Browser, code: str, **changes: Any) -> tuple[int, str]:
    return await someone.send(f"/invitation/{code}", {**GOOD, **changes})


async def test_an_invitation_is_made_shown_once_and_used_once(
    patient: Browser, api: Api, home: Home, pool: Pool
) -> None:
    code = await invited(patient)
    _, page = await patient.get("/my/people")
    assert "Asked, and not here yet" in page
    assert code not in page
    someone = stranger(patient)
    status, page = await someone.get(f"/invitation/{code}")
    assert status == 200
    assert "Ada wants to share readings with you" in page
    assert "Able" not in page  # The first name and no more.
    status, page = await join(someone, code)
    assert (status, someone.where) == (303, "/sign-in"), page
    row = await pool.fetchrow("SELECT * FROM users WHERE username = 'eve'")
    assert row is not None
    assert (row["role"], row["patient_id"], row["display_name"]) == (
        "caregiver", home.patient, "Eve Able",
    )  # fmt: skip
    status, page = await join(someone, code, username="mallory")
    assert status == 404
    assert await pool.fetchval("SELECT count(*) FROM users WHERE username = 'mallory'") == 0
    status, body = await api.post("/login", {"username": "eve", "password": GOOD["password"]})
    assert status == 200
    eve = Browser(patient._client, patient._directory, body["token"])
    status, page = await eve.get("/my")
    assert status == 200
    assert "You are looking at the readings of Ada." in page
    _, page = await patient.get("/my/people")
    assert "Eve, Daughter" in page
    assert "Last looked: Today" in page
    assert (
        await pool.fetchval(
            "SELECT count(*) FROM audit"
            " WHERE route = 'POST /invitation/{code}' AND $1 = ANY (patients)",
            home.patient,
        )
        == 1
    )


async def test_the_link_and_the_picture_say_the_same_and_only_a_hash_is_kept(
    patient: Browser, pool: Pool
) -> None:
    status, page = await patient.send("/my/people", {"name": "Eve", "relation": "daughter"})
    assert status == 200
    link = re.search(r"<textarea[^>]*>(http[^<]+)<", page)
    assert link is not None
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/invitation/([A-Z2-7]{4}-){3}[A-Z2-7]{4}", link[1])
    assert 'class="ink"' in page
    code = link[1].rpartition("/")[2]
    row = await pool.fetchrow("SELECT * FROM invitations")
    assert row is not None
    assert code not in str(dict(row))


@pytest.mark.parametrize(
    ("after", "works"), [(-SECOND, True), (dt.timedelta(), False), (SECOND, False)]
)
async def test_it_is_good_for_seven_days(
    patient: Browser, clock: Clock, after: dt.timedelta, *, works: bool
) -> None:
    code = await invited(patient)
    clock.now = NOW + dt.timedelta(days=7) + after
    someone = stranger(patient)
    status, _ = await someone.get(f"/invitation/{code}")
    assert status == (200 if works else 404)
    status, _ = await join(someone, code)
    assert status == (303 if works else 404)


async def test_taken_back_it_is_good_no_more(patient: Browser, pool: Pool) -> None:
    code = await invited(patient)
    number = await pool.fetchval("SELECT id FROM invitations")
    status, _ = await patient.send("/my/people/take-back", {"invitation": str(number)})
    assert (status, patient.where) == (303, "/my/people")
    status, _ = await join(stranger(patient), code)
    assert status == 404
    status, _ = await patient.send("/my/people/take-back", {"invitation": str(number)})
    assert status == 303
    _, page = await patient.get("/my/people")
    assert "Asked, and not here yet" not in page


async def test_every_code_that_is_no_good_is_answered_alike(
    patient: Browser, pool: Pool, clock: Clock
) -> None:
    used, old = await invited(patient), await invited(patient, name="Max")
    someone = stranger(patient)
    await join(someone, used)
    await pool.execute(
        "UPDATE invitations SET created_at = $1, expires_at = $2 WHERE name = 'Max'",
        NOW - dt.timedelta(days=8), NOW - dt.timedelta(days=1),
    )  # fmt: skip
    answers = [
        await someone.get(f"/invitation/{code}")
        for code in (used, old, "AAAA-AAAA-AAAA-AAAA", "x", "%27%20OR%201=1", "a" * 500)
    ]
    assert {status for status, _ in answers} == {404}
    assert len({page for _, page in answers}) == 1
    del clock


async def test_guessing_is_held_off(patient: Browser, clock: Clock) -> None:
    good = await invited(patient)
    someone = stranger(patient)
    statuses = [
        (await someone.get(f"/invitation/AAAA-AAAA-AAAA-{number:04}"))[0] for number in range(60)
    ]
    assert statuses[0] == 404
    assert statuses[-1] == 429
    status, _ = await someone.get(f"/invitation/{good}")
    assert status == 429
    clock.now += dt.timedelta(hours=2)
    status, _ = await someone.get(f"/invitation/{good}")
    assert status == 200


async def test_two_at_once_get_one_account(patient: Browser, pool: Pool) -> None:
    code = await invited(patient)
    someone = stranger(patient)
    answers = await asyncio.gather(
        join(someone, code, username="eve"), join(someone, code, username="adam")
    )
    assert sorted(status for status, _ in answers) == [303, 404]
    assert await pool.fetchval("SELECT count(*) FROM users WHERE username IN ('eve', 'adam')") == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Please type your name."),
        ({"username": ""}, "Use letters, digits"),
        ({"username": "eve able"}, "Use letters, digits"),
        ({"username": "nurse@north"}, "That one is in use."),
        ({"password": "short", "again": "short"}, "It needs at least 12"),
        ({"again": "three words in a now"}, "The two do not match."),
        ({"agree": None}, "Please tick this box"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_said_at_its_field_and_the_code_stays_good(
    patient: Browser, pool: Pool, changes: dict[str, str | None], said: str
) -> None:
    code = await invited(patient)
    someone = stranger(patient)
    form = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    status, page = await someone.send(f"/invitation/{code}", form)
    assert status == 422
    assert said in page
    assert "three words in a row" not in page
    assert await pool.fetchval("SELECT count(*) FROM users WHERE username = 'eve'") == 0
    status, _ = await join(someone, code)
    assert status == 303


async def test_stopped_they_see_nothing_from_the_same_moment_on(
    patient: Browser, api: Api, pool: Pool
) -> None:
    await join(stranger(patient), await invited(patient))
    _, body = await api.post("/login", {"username": "eve", "password": GOOD["password"]})
    eve = Browser(patient._client, patient._directory, body["token"])
    status, _ = await eve.get("/my")
    assert status == 200
    number = await pool.fetchval("SELECT id FROM users WHERE username = 'eve'")
    status, _ = await patient.send("/my/people/stop", {"caregiver": str(number)})
    assert status == 303
    status, _ = await eve.get("/my", allow_redirects=False)
    assert status == 303
    assert eve.where.startswith("/sign-in")
    status, _ = await api.post("/login", {"username": "eve", "password": GOOD["password"]})
    assert status == 401
    _, page = await patient.get("/my/people")
    assert "Eve, Daughter" not in page


async def test_whom_the_patient_has_stopped_the_clinic_does_not_let_in_again(
    patient: Browser, api: Api, home: Home, pool: Pool
) -> None:
    await join(stranger(patient), await invited(patient))
    number = await pool.fetchval("SELECT id FROM users WHERE username = 'eve'")
    admin = await api.browser(home.practice, "admin")
    await admin.send(f"/people/{number}/disable")
    status, _ = await admin.send(f"/people/{number}/enable")
    assert status == 303  # What the clinic ended it may begin again.
    await patient.send("/my/people/stop", {"caregiver": str(number)})
    status, page = await admin.send(f"/people/{number}/enable")
    assert status == 422
    assert "the patient has ended it" in page
    assert await pool.fetchval("SELECT disabled_at FROM users WHERE username = 'eve'") is not None
    status, _ = await join(stranger(patient), await invited(patient), username="eve.again")
    assert status == 303


async def test_only_ones_own_caregivers_can_be_stopped(
    patient: Browser, api: Api, home: Home, pool: Pool
) -> None:
    async with pool.acquire() as conn:
        made = await invitations.invite(
            conn, home.practice.organisation, home.practice.other_patient, name="Max",
            relation="son", by_patient=False, actor=None, now=NOW,
        )  # fmt: skip
    await join(stranger(patient), made.code, username="max")
    others = await pool.fetchval("SELECT id FROM users WHERE username = 'max'")
    nurse = await api.user_id(home.practice, "nurse")
    for number in (others, nurse, "nonsense", "00000000-0000-0000-0000-000000000000"):
        status, _ = await patient.send("/my/people/stop", {"caregiver": str(number)})
        assert status == 303
    assert await pool.fetchval("SELECT count(*) FROM users WHERE disabled_at IS NOT NULL") == 0
    status, _ = await patient.send("/my/people/take-back", {"invitation": str(made.id)})
    assert status == 303
    _, page = await patient.get("/my/people")
    assert "Max" not in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "", "relation": "son"}, "Please type a name."),
        ({"name": "Eve", "relation": ""}, "Please pick one."),
        ({"name": "Eve", "relation": "enemy"}, "Please pick one."),
    ],
)
async def test_an_invitation_needs_a_name_and_a_relation(
    patient: Browser, form: dict[str, str], said: str
) -> None:
    status, page = await patient.send("/my/people", form)
    assert status == 422
    assert said in page


async def test_what_the_patient_types_is_text_everywhere(patient: Browser) -> None:
    attack = '"><script>alert(1)</script>'
    code = await invited(patient, name=attack)
    _, page = await patient.get("/my/people")
    assert "<script>alert" not in page
    assert html.escape(attack, quote=False).replace('"', "&#34;") in page
    _, page = await stranger(patient).get(f"/invitation/{code}")
    assert "<script>alert" not in page
    status, page = await join(stranger(patient), code, name=attack, username="<b>")
    assert status == 422
    assert "<script>alert" not in page


async def test_another_site_cannot_join_in_somebodys_name(patient: Browser) -> None:
    code = await invited(patient)
    status, _ = await stranger(patient).send(
        f"/invitation/{code}", GOOD, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert status == 403


async def test_a_code_may_be_typed_as_it_was_heard(patient: Browser) -> None:
    code = await invited(patient)
    someone = stranger(patient)
    status, _ = await someone.get("/invitation")
    assert status == 200
    status, _ = await someone.send("/invitation", {"code": f" {code.lower().replace('-', ' ')} "})
    assert (status, someone.where) == (303, f"/invitation/{code}")
    status, _ = await someone.send("/invitation", {"code": "../../my?x"})
    assert (status, someone.where) == (303, "/invitation/MYX")


async def test_the_page_speaks_the_patients_language_and_the_one_that_is_asked_for(
    patient: Browser, home: Home, pool: Pool
) -> None:
    await home.say(language="es")
    code = await invited(patient)
    someone = stranger(patient)
    _, page = await someone.get(f"/invitation/{code}")
    assert "Ada quiere compartir sus medidas con usted" in page
    _, page = await someone.get(f"/invitation/{code}?language=en")
    assert "Ada wants to share" in page
    await someone.send(f"/invitation/{code}?language=en", GOOD)
    assert (
        await pool.fetchval("SELECT preferences ->> 'language' FROM users WHERE username = 'eve'")
        == "en"
    )
