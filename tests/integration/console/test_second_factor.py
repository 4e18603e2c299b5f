"""The second factor, from setting it up to losing the telephone."""

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator

import pytest

from care.half_sessions import GOOD_FOR
from care.one_time_codes import STEP, code_at, step_at
from care.users import set_password
from console.settings import ConsoleSettings
from console.throttle import FREE_TRIES
from store.pool import Pool
from tests.integration.console.conftest import PASSWORD, Api, Clock, Practice, served
from tests.integration.console.visitor import Visitor, typed, visiting

SECOND = dt.timedelta(seconds=1)
PLACE = "/account/second-factor"
SPARE = re.compile(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>")


@pytest.fixture
async def visitor(api: Api) -> AsyncIterator[Visitor]:
    async with visiting(api) as found:
        yield found


def secret_in(page: str) -> str:
    found = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert found is not None
    return found[1].replace(" ", "")


def code(secret: str, clock: Clock, *, off: int = 0) -> str:
    return code_at(secret, step_at(clock.now) + off)


async def set_up(visitor: Visitor, clock: Clock) -> tuple[str, list[str]]:
    """The secret, and the sheet; half a minute later, so that there is another code."""
    status, _ = await visitor.own(f"{PLACE}/begin", password=PASSWORD)
    assert (status, visitor.where) == (303, PLACE)
    secret = secret_in((await visitor.get(PLACE))[1])
    status, page = await visitor.own(PLACE, code=code(secret, clock))
    assert status == 200
    clock.now += STEP
    return secret, SPARE.findall(page)


@pytest.fixture
async def secret(visitor: Visitor, north: Practice, clock: Clock) -> str:
    """Of the nurse, who has left again."""
    await visitor.sign_in(north, "nurse")
    found, _ = await set_up(visitor, clock)
    await visitor.own("/sign-out")
    return found


async def test_it_is_set_up_with_a_picture_and_a_code(
    visitor: Visitor, north: Practice, clock: Clock, pool: Pool
) -> None:
    await visitor.sign_in(north, "nurse")
    await visitor.own(f"{PLACE}/begin", password=PASSWORD)
    _, page = await visitor.get(PLACE)
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert "style=" not in page
    status, page = await visitor.own(PLACE, code="000000")
    assert (status, "This code is wrong" in page) == (422, True)
    _, page = await visitor.own(PLACE, code=code(secret_in(page), clock))
    sheet = SPARE.findall(page)
    assert len(sheet) == 10
    _, page = await visitor.get(PLACE)
    assert "Spare codes left: 10." in page
    assert not SPARE.findall(page)
    kept = str(await pool.fetch("SELECT * FROM recovery_codes"))
    assert sheet[0] not in kept
    assert sheet[0].replace("-", "") not in kept


async def test_a_browser_left_open_is_not_enough_to_set_it_up(
    visitor: Visitor, north: Practice
) -> None:
    await visitor.sign_in(north, "nurse")
    status, page = await visitor.own(f"{PLACE}/begin", password="guess")
    assert (status, "not your password" in page) == (422, True)
    assert "otpauth" not in (await visitor.get(PLACE))[1]


async def test_signing_in_takes_two_steps(
    visitor: Visitor, north: Practice, clock: Clock, secret: str, api: Api
) -> None:
    status, _ = await visitor.sign_in(north, "nurse", next="/account/sessions")
    assert (status, visitor.where) == (303, "/sign-in/code?next=%2Faccount%2Fsessions")
    half = visitor.cookie("hearthbeat-half")
    assert visitor.cookie() == ""
    _, page = await visitor.get(visitor.where)
    assert 'autocomplete="one-time-code"' in page
    assert (await visitor.get("/account"))[0] == 303
    assert (await api.get("/patients", half))[0] == 401
    status, _ = await visitor.halfway(
        "/sign-in/code", code=code(secret, clock), next="/account/sessions"
    )
    assert (status, visitor.where) == (303, "/account/sessions")
    assert visitor.cookie() not in {"", half}
    assert visitor.cookie("hearthbeat-half") == ""
    assert (await visitor.get("/account"))[0] == 200


async def test_half_a_session_opens_no_door_under_any_name(
    visitor: Visitor, north: Practice, secret: str, api: Api
) -> None:
    del secret
    await visitor.sign_in(north, "nurse")
    half = visitor.cookie("hearthbeat-half")
    for path in ("/account", "/api/v1/me", "/api/v1/patients", "/account/second-factor"):
        headers = {"Cookie": f"hearthbeat={half}"}
        async with api._client.get(path, headers=headers, allow_redirects=False) as answer:
            assert answer.status in {303, 401}, path


@pytest.mark.parametrize(
    ("after", "status"),
    [(GOOD_FOR - SECOND, 422), (GOOD_FOR, 303), (GOOD_FOR + SECOND, 303)],
)
async def test_half_a_session_is_good_for_five_minutes(
    visitor: Visitor,
    north: Practice,
    clock: Clock,
    secret: str,
    after: dt.timedelta,
    status: int,
) -> None:
    del secret
    await visitor.sign_in(north, "nurse")
    clock.now += after
    found, _ = await visitor.halfway("/sign-in/code", code="000000")
    assert found == status
    if status == 303:
        assert visitor.where == "/sign-in?why=too-late"
        assert "longer than five minutes" in (await visitor.get(visitor.where))[1]


@pytest.mark.parametrize(("off", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
async def test_a_clock_may_be_half_a_minute_off(
    visitor: Visitor, north: Practice, clock: Clock, secret: str, off: int, status: int
) -> None:
    clock.now += 4 * STEP
    await visitor.sign_in(north, "nurse")
    found, _ = await visitor.halfway("/sign-in/code", code=code(secret, clock, off=off))
    assert found == status


async def test_a_code_works_once_and_none_before_it_after(
    visitor: Visitor, north: Practice, clock: Clock, secret: str
) -> None:
    clock.now += 4 * STEP
    before, now, after = (code(secret, clock, off=off) for off in (-1, 0, 1))
    answers = []
    for each in (now, now, before, after):
        await visitor.sign_in(north, "nurse")
        answers.append((await visitor.halfway("/sign-in/code", code=each))[0])
        if answers[-1] == 303:
            await visitor.own("/sign-out")
    assert answers == [303, 422, 422, 303]


async def test_of_many_who_send_one_code_at_once_one_gets_in(
    api: Api, north: Practice, clock: Clock, secret: str
) -> None:
    body = typed(north) | {"code": code(secret, clock)}
    answers = await asyncio.gather(*(api.post("/login", body) for _ in range(6)))
    assert sorted(status for status, _ in answers).count(200) == 1


async def test_the_code_of_setting_it_up_does_not_sign_in(
    visitor: Visitor, north: Practice, clock: Clock, secret: str
) -> None:
    await visitor.sign_in(north, "nurse")
    status, _ = await visitor.halfway("/sign-in/code", code=code(secret, clock, off=-1))
    assert status == 422


async def test_guessing_codes_is_slowed_down_for_the_person(
    visitor: Visitor, north: Practice, clock: Clock, secret: str
) -> None:
    await visitor.sign_in(north, "nurse")
    for _ in range(FREE_TRIES):
        assert (await visitor.halfway("/sign-in/code", code="000000"))[0] == 422
    await visitor.sign_in(north, "nurse")  # A new half-session gives no new tries.
    status, page = await visitor.halfway("/sign-in/code", code=code(secret, clock))
    assert (status, "Wait" in page) == (429, True)


async def test_where_one_is_set_up_no_code_is_tried_outside_of_the_count(
    visitor: Visitor, north: Practice, clock: Clock, secret: str
) -> None:
    await visitor.sign_in(north, "nurse")
    for tried in ("000000", code(secret, clock)):
        status, _ = await visitor.halfway("/sign-in/second-factor", code=tried)
        assert (status, visitor.where) == (303, "/sign-in?why=too-late")
    await visitor.sign_in(north, "nurse")
    assert (await visitor.halfway("/sign-in/code", code=code(secret, clock)))[0] == 303
    told = {await visitor.own(PLACE, code=tried) for tried in ("000000", code(secret, clock))}
    assert {status for status, _ in told} == {422}


async def test_a_form_of_another_half_session_is_refused(
    visitor: Visitor, north: Practice, clock: Clock, secret: str
) -> None:
    await visitor.sign_in(north, "nurse")
    for csrf in ("", "wrong"):
        form = {"csrf": csrf, "code": code(secret, clock)}
        assert (await visitor.send("/sign-in/code", form))[0] == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert (await visitor.send("/sign-in/code", {}, headers=foreign))[0] == 403


async def test_each_recovery_code_works_once(
    visitor: Visitor, north: Practice, clock: Clock
) -> None:
    await visitor.sign_in(north, "nurse")
    _, sheet = await set_up(visitor, clock)
    await visitor.own("/sign-out")
    answers = []
    for each in (sheet[0].upper(), sheet[0], sheet[1].replace("-", " ")):
        await visitor.sign_in(north, "nurse")
        answers.append((await visitor.halfway("/sign-in/code", code=each))[0])
    assert answers == [303, 422, 303]
    assert "Spare codes left: 8." in (await visitor.get(PLACE))[1]


async def test_anothers_recovery_code_is_of_no_use(
    visitor: Visitor, api: Api, north: Practice, clock: Clock, secret: str
) -> None:
    del secret
    async with visiting(api) as other:
        await other.sign_in(north, "clinician")
        _, sheet = await set_up(other, clock)
    await visitor.sign_in(north, "nurse")
    assert (await visitor.halfway("/sign-in/code", code=sheet[0]))[0] == 422


async def test_new_recovery_codes_put_an_end_to_the_old_ones(
    visitor: Visitor, north: Practice, clock: Clock
) -> None:
    await visitor.sign_in(north, "nurse")
    secret, old = await set_up(visitor, clock)
    status, page = await visitor.own(
        f"{PLACE}/spare-codes", password=PASSWORD, code=code(secret, clock)
    )
    new = SPARE.findall(page)
    assert (status, len(new), set(new) & set(old)) == (200, 10, set())
    await visitor.own("/sign-out")
    await visitor.sign_in(north, "nurse")
    assert (await visitor.halfway("/sign-in/code", code=old[0]))[0] == 422
    assert (await visitor.halfway("/sign-in/code", code=new[0]))[0] == 303


async def test_removing_it_needs_the_password_and_a_code(
    visitor: Visitor, north: Practice, clock: Clock
) -> None:
    await visitor.sign_in(north, "nurse")
    secret, _ = await set_up(visitor, clock)
    good = code(secret, clock)
    wrong = [{"password": "guess", "code": good}, {"password": PASSWORD, "code": "000000"},
             {"password": PASSWORD, "code": ""}]  # fmt: skip
    for form in wrong:
        assert (await visitor.own(f"{PLACE}/remove", **form))[0] == 422
        assert "It is on" in (await visitor.get(PLACE))[1]
    # The good code was not burned by the wrong password before it.
    status, _ = await visitor.own(f"{PLACE}/remove", password=PASSWORD, code=good)
    assert status == 303
    await visitor.own("/sign-out")
    await visitor.sign_in(north, "nurse")
    assert visitor.where == "/"


async def test_one_that_is_set_up_is_not_replaced_without_its_code(
    visitor: Visitor, north: Practice, clock: Clock
) -> None:
    await visitor.sign_in(north, "nurse")
    await set_up(visitor, clock)
    assert (await visitor.own(f"{PLACE}/begin", password=PASSWORD))[0] == 409
    assert "It is on" in (await visitor.get(PLACE))[1]


async def test_the_api_asks_for_the_code_once_the_password_is_right(
    api: Api, north: Practice, clock: Clock, secret: str
) -> None:
    status, told = await api.post("/login", typed(north))
    assert (status, told["pointer"]) == (401, "/code")
    status, told = await api.post("/login", typed(north) | {"code": "000000"})
    assert (status, told["pointer"]) == (401, "/code")
    status, told = await api.post("/login", typed(north) | {"password": "guess", "code": "000000"})
    assert (status, "pointer" in told) == (401, False)
    good = {"code": code(secret, clock)}
    assert (await api.post("/login", typed(north) | good))[0] == 200
    assert (await api.post("/login", typed(north) | good))[0] == 401


async def test_a_clinic_may_ask_everybody_on_its_staff_for_one(
    visitor: Visitor, api: Api, north: Practice, clock: Clock, pool: Pool
) -> None:
    await pool.execute("UPDATE organisations SET second_factor_required = true")
    await visitor.sign_in(north, "nurse", next="/account/sessions")
    assert visitor.where == "/sign-in/second-factor?next=%2Faccount%2Fsessions"
    assert (await visitor.get("/account"))[0] == 303
    _, page = await visitor.get(visitor.where or "/sign-in/second-factor")
    _, page = await visitor.get("/sign-in/second-factor?next=/account/sessions")
    secret = secret_in(page)
    assert (await visitor.halfway("/sign-in/second-factor", code="000000"))[0] == 422
    # Nor is there another way round it.
    assert (await visitor.halfway("/sign-in/code", code=code(secret, clock)))[0] == 422
    status, page = await visitor.halfway(
        "/sign-in/second-factor", code=code(secret, clock), next="/account/sessions"
    )
    assert (status, len(SPARE.findall(page))) == (200, 10)
    assert 'href="/account/sessions"' in page
    assert (await visitor.get("/account"))[0] == 200
    on_record = "SELECT count(*) FROM audit WHERE action = 'set up a second factor'"
    assert await pool.fetchval(on_record) == 1
    status, told = await api.post("/login", typed(north, "biller"))
    assert (status, "second factor" in told["detail"]) == (403, True)


async def test_nobody_at_home_is_kept_out_for_want_of_an_app(
    visitor: Visitor, north: Practice, pool: Pool
) -> None:
    await pool.execute("UPDATE organisations SET second_factor_required = true")
    await visitor.sign_in(north, "patient")
    assert visitor.where == "/"


async def test_a_new_password_ends_what_was_half_way(
    visitor: Visitor, north: Practice, clock: Clock, secret: str, pool: Pool
) -> None:
    await visitor.sign_in(north, "nurse")
    async with pool.acquire() as conn:
        await set_password(
            conn, north.organisation, north.username("nurse"), "another long one", now=clock.now
        )
    status, _ = await visitor.halfway("/sign-in/code", code=code(secret, clock))
    assert (status, visitor.where) == (303, "/sign-in?why=too-late")


async def test_with_a_key_the_database_holds_no_secret(
    pool: Pool, database: str, north: Practice, clock: Clock
) -> None:
    settings = ConsoleSettings(allow_unsafe_database=True, secret_key="k" * 32)
    async with served(settings, pool, database, clock) as api, visiting(api) as visitor:
        await visitor.sign_in(north, "nurse")
        secret, _ = await set_up(visitor, clock)
        kept = await pool.fetchval("SELECT secret FROM second_factors")
        assert kept.startswith("fernet:")
        assert secret not in kept
        await visitor.own("/sign-out")
        await visitor.sign_in(north, "nurse")
        assert (await visitor.halfway("/sign-in/code", code=code(secret, clock)))[0] == 303
