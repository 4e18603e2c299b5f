"""Signing in and out as a browser does it."""

import datetime as dt
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from care.sessions import AGE_MAX, IDLE_MAX, IDLE_MAX_AT_HOME
from console.settings import ConsoleSettings
from console.throttle import FREE_TRIES
from console.web.cookies import PLAIN, SECURE
from console.web.csrf import HEADER, csrf_token
from store.pool import Pool
from tests.integration.console.conftest import PASSWORD, Api, Clock, Practice, served
from tests.integration.console.visitor import Visitor, typed, visiting

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
async def visitor(api: Api) -> AsyncIterator[Visitor]:
    async with visiting(api) as found:
        yield found


async def test_whoever_asks_for_a_page_signs_in_and_is_brought_there(
    visitor: Visitor, north: Practice
) -> None:
    status, _ = await visitor.get("/account/sessions")
    assert (status, visitor.where) == (303, "/sign-in?next=%2Faccount%2Fsessions")
    status, page = await visitor.get(visitor.where)
    assert status == 200
    assert 'value="/account/sessions"' in page
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="username"' in page
    status, _ = await visitor.send("/sign-in", typed(north, next="/account/sessions"))
    assert (status, visitor.where) == (303, "/account/sessions")
    assert (await visitor.get("/account/sessions"))[0] == 200


async def test_the_cookie_is_for_this_host_and_no_script(visitor: Visitor, north: Practice) -> None:
    await visitor.send("/sign-in", typed(north))
    [kept] = [each for each in visitor.set_cookies if each.startswith(f"{PLAIN}=")]
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Path=/" in kept
    assert "Domain" not in kept


async def test_behind_tls_the_cookie_is_bound_to_the_host(
    pool: Pool, database: str, north: Practice, clock: Clock
) -> None:
    settings = ConsoleSettings(allow_unsafe_database=True, public_url="https://care.example.org")
    async with served(settings, pool, database, clock) as api:
        async with api._client.post("/sign-in", data=typed(north), allow_redirects=False) as answer:
            kept = [each for each in answer.headers.getall("Set-Cookie") if SECURE in each]
        assert any(each.startswith(f"{SECURE}=") and "Secure" in each for each in kept)


async def test_nobody_is_told_what_was_wrong(visitor: Visitor, north: Practice) -> None:
    pages = set()
    for name in (north.username("nurse"), "nobody@north"):
        status, page = await visitor.send("/sign-in", {"username": name, "password": "guess"})
        assert status == 422
        pages.add(page.replace(name, "NAME"))
    assert len(pages) == 1
    assert PASSWORD not in pages.pop()


async def test_what_was_typed_stays_but_for_the_password(visitor: Visitor, north: Practice) -> None:
    wrong = typed(north) | {"password": "my secret guess"}
    _, page = await visitor.send("/sign-in", wrong)
    assert north.username("nurse") in page
    assert "my secret guess" not in page


async def test_guesses_are_slowed_down_with_the_wait_told(
    visitor: Visitor, north: Practice
) -> None:
    wrong = typed(north) | {"password": "guess"}
    for _ in range(FREE_TRIES):
        assert (await visitor.send("/sign-in", wrong))[0] == 422
    status, page = await visitor.send("/sign-in", typed(north))
    assert (status, visitor.headers["Retry-After"]) == (429, "10")
    assert "Wait 10 seconds" in page


async def test_a_password_with_space_around_it_is_taken_as_typed(
    visitor: Visitor, api: Api, north: Practice
) -> None:
    browser = await api.browser(north, "nurse")
    spaced = "  four words with space  "
    form = {"old_password": PASSWORD, "new_password": spaced}
    assert (await browser.send("/account/password", form))[0] == 303
    assert (await visitor.send("/sign-in", typed(north) | {"password": spaced}))[0] == 303
    assert (await visitor.send("/sign-in", typed(north) | {"password": spaced.strip()}))[0] == 422


async def test_every_sign_in_has_a_new_session_and_the_one_before_ends(
    visitor: Visitor, north: Practice, api: Api
) -> None:
    await visitor.send("/sign-in", typed(north))
    first = visitor.cookie()
    await visitor.send("/sign-in", typed(north))
    assert visitor.cookie() not in {"", first}
    assert (await api.get("/patients", first))[0] == 401


async def test_a_planted_cookie_never_becomes_a_session(
    visitor: Visitor, north: Practice, api: Api
) -> None:
    planted = "a" * 43
    await visitor.send("/sign-in", typed(north), headers={"Cookie": f"{PLAIN}={planted}"})
    assert (await api.get("/patients", planted))[0] == 401


async def test_signing_out_leaves_nothing_behind(api: Api, north: Practice) -> None:
    browser = await api.browser(north, "nurse")
    status, _ = await browser.send("/sign-out")
    assert (status, browser.where) == (303, "/sign-in?why=signed-out")
    assert browser.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert f"{PLAIN}=" in browser.headers["Set-Cookie"]
    assert "Max-Age=0" in browser.headers["Set-Cookie"]
    await browser.get("/account")
    assert browser.where == "/sign-in"


async def test_signing_out_of_the_api_by_cookie_is_possible_too(api: Api, north: Practice) -> None:
    browser = await api.browser(north, "nurse")
    headers = {HEADER: csrf_token(browser.token)}
    status, _ = await browser.ask("POST", "/api/v1/logout", headers=headers)
    assert status == 204
    assert (await api.get("/patients", browser.token))[0] == 401


@pytest.mark.parametrize(
    "evil",
    [
        "//evil.example",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "https:evil.example",
        "https://evil.example/",
        "HTTPS://evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "/%0d%0aLocation:%20//evil",
        "/" + "a" * 600,
        "/é",
        "",
    ],
)
async def test_nobody_is_sent_away_after_sign_in(
    visitor: Visitor, north: Practice, evil: str
) -> None:
    _, page = await visitor.get(f"/sign-in?next={quote(evil, safe='')}")
    await visitor.send("/sign-in", typed(north, next=evil))
    if evil.startswith("/%0d"):  # A path of ours, however odd: nothing is decoded on the way.
        assert visitor.where == evil
        return
    assert visitor.where == "/"
    assert 'name="next"' not in page


@pytest.mark.parametrize("encoded", ["/%2Fevil.example", "/%5Cevil.example", "/.//evil.example"])
async def test_what_is_encoded_stays_on_this_host(
    visitor: Visitor, north: Practice, encoded: str
) -> None:
    await visitor.send("/sign-in", typed(north, next=encoded))
    assert visitor.where.startswith("/")
    assert not visitor.where.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_site_signs_nobody_in(
    visitor: Visitor, north: Practice, headers: dict[str, str]
) -> None:
    status, _ = await visitor.send("/sign-in", typed(north), headers=headers)
    assert status == 403
    assert visitor.cookie() == ""


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil"}])
async def test_a_form_from_another_site_changes_nothing_even_with_the_token(
    api: Api, north: Practice, headers: dict[str, str]
) -> None:
    browser = await api.browser(north, "nurse")
    status, _ = await browser.send("/account", {"display_name": "Mallory"}, headers=headers)
    assert status == 403
    assert "Mallory" not in (await browser.get("/account"))[1]


@pytest.mark.parametrize("csrf", [None, "", "wrong", "another"])
async def test_a_form_needs_the_proof_of_its_own_session(
    api: Api, north: Practice, csrf: str | None
) -> None:
    browser = await api.browser(north, "nurse")
    other = await api.browser(north, "admin")
    given = csrf_token(other.token) if csrf == "another" else csrf
    form = {"display_name": "Mallory"} | ({} if given is None else {"csrf": given})
    status, _ = await browser.ask("POST", "/account", data=form, allow_redirects=False)
    assert status == 403
    assert "Mallory" not in (await browser.get("/account"))[1]


@pytest.mark.parametrize(("role", "limit"), [("nurse", IDLE_MAX), ("patient", IDLE_MAX_AT_HOME)])
@pytest.mark.parametrize(("off", "status"), [(-SECOND, 200), (0 * SECOND, 303), (SECOND, 303)])
async def test_a_page_left_alone_is_signed_out(
    api: Api,
    north: Practice,
    clock: Clock,
    role: str,
    limit: dt.timedelta,
    off: dt.timedelta,
    status: int,
) -> None:
    browser = await api.browser(north, role)
    clock.now += limit + off
    found, _ = await browser.get("/account", allow_redirects=False)
    assert found == status


async def test_the_time_that_is_left_is_told_without_using_any(
    api: Api, north: Practice, clock: Clock
) -> None:
    browser = await api.browser(north, "nurse")
    assert "900" in (await browser.get("/sign-in/left"))[1]
    clock.now += IDLE_MAX - 60 * SECOND
    assert '"left_s":60' in (await browser.get("/sign-in/left"))[1].replace(" ", "")
    assert (await browser.send("/account/stay"))[0] == 204
    assert '"left_s":900' in (await browser.get("/sign-in/left"))[1].replace(" ", "")
    clock.now += IDLE_MAX
    assert '"left_s":0' in (await browser.get("/sign-in/left"))[1].replace(" ", "")


async def test_nothing_keeps_a_session_over_its_age(
    api: Api, north: Practice, clock: Clock
) -> None:
    browser = await api.browser(north, "nurse")
    end = clock.now + AGE_MAX
    while clock.now + 10 * 60 * SECOND < end:
        clock.now += 10 * 60 * SECOND
        assert (await browser.send("/account/stay"))[0] == 204
    clock.now = end - SECOND
    assert '"left_s":1' in (await browser.get("/sign-in/left"))[1].replace(" ", "")
    clock.now = end
    assert (await browser.get("/account", allow_redirects=False))[0] == 303


async def test_whoever_is_signed_in_is_not_asked_again(api: Api, north: Practice) -> None:
    browser = await api.browser(north, "patient")
    status, _ = await browser.get("/sign-in", allow_redirects=False)
    assert (status, browser.where) == (303, "/")


async def test_the_pages_are_not_kept_and_cannot_be_framed(visitor: Visitor) -> None:
    await visitor.get("/sign-in")
    assert visitor.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in visitor.headers["Content-Security-Policy"]
    assert visitor.headers["Referrer-Policy"] == "no-referrer"
