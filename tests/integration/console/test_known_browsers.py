"""A browser that its owner has signed in with is not shut out by others' failures."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from care.password_codes import issue_password_code
from console import failures
from console.browsers import PLAIN, SECURE
from console.failures import PLACES_KEPT
from console.settings import ConsoleSettings
from console.throttle import FREE_TRIES, FREE_TRIES_OF_ADDRESS
from store.pool import Pool
from tests.integration.console.conftest import PASSWORD, Api, Clock, Practice, served
from tests.integration.console.visitor import Visitor, typed, visiting

SECOND = dt.timedelta(seconds=1)
NEW = "a quiet lake in late autumn"
ADDRESS = "address\x00127.0.0.1"


@pytest.fixture
async def owner(api: Api) -> AsyncIterator[Visitor]:
    async with visiting(api) as found:
        yield found


@pytest.fixture
async def stranger(api: Api) -> AsyncIterator[Visitor]:
    """Behind the same address."""
    async with visiting(api) as found:
        yield found


async def flood(pool: Pool, clock: Clock) -> None:
    """As many failures at the address as are free, of names that nobody has."""
    async with pool.acquire() as conn:
        for _ in range(FREE_TRIES_OF_ADDRESS):
            await failures.count(conn, ADDRESS, now=clock())


async def test_failures_of_others_hold_off_all_but_the_owners_browser(
    owner: Visitor, stranger: Visitor, north: Practice, pool: Pool, clock: Clock
) -> None:
    assert (await owner.sign_in(north, "nurse"))[0] == 303
    await flood(pool, clock)
    assert (await stranger.sign_in(north, "nurse"))[0] == 429
    assert (await owner.sign_in(north, "nurse"))[0] == 303
    assert (await stranger.sign_in(north, "nurse"))[0] == 429


async def test_guesses_at_the_owners_own_account_from_the_same_address_do_not_either(
    owner: Visitor, stranger: Visitor, north: Practice
) -> None:
    await owner.sign_in(north, "nurse")
    wrong = typed(north) | {"password": "guess"}
    for _ in range(FREE_TRIES):
        assert (await stranger.send("/sign-in", wrong))[0] == 422
    assert (await stranger.sign_in(north, "nurse"))[0] == 429
    assert (await owner.sign_in(north, "nurse"))[0] == 303


async def test_the_owners_browser_has_no_more_free_tries_than_anybody(
    owner: Visitor, north: Practice, pool: Pool, clock: Clock
) -> None:
    await owner.sign_in(north, "nurse")
    await flood(pool, clock)
    wrong = typed(north) | {"password": "guess"}
    for _ in range(FREE_TRIES):
        assert (await owner.send("/sign-in", wrong))[0] == 422
    assert (await owner.sign_in(north, "nurse"))[0] == 429
    clock.now += dt.timedelta(seconds=10)
    assert (await owner.send("/sign-in", wrong))[0] == 422
    assert (await owner.sign_in(north, "nurse"))[0] == 429


async def test_it_is_known_to_those_only_who_signed_in_with_it(
    owner: Visitor, north: Practice, pool: Pool, clock: Clock
) -> None:
    await owner.sign_in(north, "nurse")
    await flood(pool, clock)
    assert (await owner.sign_in(north, "admin"))[0] == 429


async def test_several_people_share_a_browser(
    owner: Visitor, north: Practice, pool: Pool, clock: Clock
) -> None:
    await owner.sign_in(north, "nurse")
    first = owner.cookie(PLAIN)
    await owner.sign_in(north, "admin")
    assert owner.cookie(PLAIN) == first
    await flood(pool, clock)
    assert (await owner.sign_in(north, "nurse"))[0] == 303
    assert (await owner.sign_in(north, "admin"))[0] == 303


async def test_a_cookie_that_somebody_chose_is_replaced(
    owner: Visitor, north: Practice, pool: Pool
) -> None:
    owner.client.cookie_jar.update_cookies({PLAIN: "chosen"}, URL(owner.base))
    await owner.sign_in(north, "nurse")
    assert owner.cookie(PLAIN) not in {"", "chosen"}
    kept = str(await pool.fetch("SELECT * FROM known_browsers"))
    assert owner.cookie(PLAIN) not in kept


async def test_it_says_nothing_and_no_script_reads_it(owner: Visitor, north: Practice) -> None:
    await owner.sign_in(north, "nurse")
    [kept] = [each for each in owner.set_cookies if each.startswith(f"{PLAIN}=")]
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Path=/" in kept
    assert f"Max-Age={int(PLACES_KEPT.total_seconds())}" in kept
    assert north.username("nurse") not in kept


async def test_a_password_set_by_a_link_makes_every_browser_a_strangers(
    owner: Visitor, stranger: Visitor, north: Practice, pool: Pool, clock: Clock
) -> None:
    await owner.sign_in(north, "nurse")
    await stranger.sign_in(north, "admin")
    nurse = await pool.fetchval("SELECT id FROM users WHERE username = $1", north.username("nurse"))
    async with pool.acquire() as conn:
        code = await issue_password_code(conn, north.organisation, nurse, now=clock())
    # Until it is used nothing changes: whoever asked for it may be anybody.
    assert (await owner.get("/account"))[0] == 200
    form = {"code": code, "new_password": NEW}
    assert (await stranger.send("/sign-in/new-password", form))[0] == 303
    assert (await owner.get("/account"))[0] == 303
    assert (await stranger.get("/account"))[0] == 200  # Another account's session stays.
    await flood(pool, clock)
    signing_in = typed(north) | {"password": NEW}
    assert (await owner.send("/sign-in", signing_in))[0] == 429
    assert (await stranger.sign_in(north, "admin"))[0] == 303


async def test_whoever_changes_their_own_password_goes_on_in_this_browser_alone(
    owner: Visitor, stranger: Visitor, north: Practice, pool: Pool, clock: Clock
) -> None:
    for each in (owner, stranger):
        await each.sign_in(north, "nurse")
    changed = await owner.own("/account/password", old_password=PASSWORD, new_password=NEW)
    assert changed[0] == 303
    assert (await owner.get("/account"))[0] == 200
    assert (await stranger.get("/account"))[0] == 303
    await flood(pool, clock)
    signing_in = typed(north) | {"password": NEW}
    assert (await stranger.send("/sign-in", signing_in))[0] == 429
    assert (await owner.send("/sign-in", signing_in))[0] == 303


async def test_behind_tls_it_is_bound_to_the_host(
    pool: Pool, database: str, north: Practice, clock: Clock
) -> None:
    settings = ConsoleSettings(allow_unsafe_database=True, public_url="https://care.example.org")
    async with served(settings, pool, database, clock) as api, visiting(api) as visitor:
        await visitor.sign_in(north, "nurse")
        [kept] = [each for each in visitor.set_cookies if each.startswith(f"{SECURE}=")]
    assert "Secure" in kept


async def test_a_wrong_password_makes_nothing_known(
    owner: Visitor, north: Practice, pool: Pool
) -> None:
    await owner.send("/sign-in", typed(north) | {"password": "guess"})
    assert owner.cookie(PLAIN) == ""
    assert await pool.fetchval("SELECT count(*) FROM known_browsers") == 0


@pytest.mark.parametrize(("off", "status"), [(-SECOND, 303), (0 * SECOND, 303), (SECOND, 429)])
async def test_it_is_forgotten_90_days_after_the_last_time(
    owner: Visitor,
    north: Practice,
    pool: Pool,
    clock: Clock,
    off: dt.timedelta,
    status: int,
) -> None:
    await owner.sign_in(north, "nurse")
    clock.now += PLACES_KEPT + off
    async with pool.acquire() as conn:
        await failures.forget(conn, now=clock())
    await flood(pool, clock)
    assert (await owner.sign_in(north, "nurse"))[0] == status
