"""Signing in at the clinic's own provider, and everything that must not work there."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import RSAKey

from care.oidc_attempts import GOOD_FOR
from console.settings import ConsoleSettings, OidcSettings
from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice, served
from tests.integration.console.openid_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    OpenIdProvider,
    provided,
)
from tests.integration.console.visitor import Visitor, visiting

PUBLIC = "http://console.example"
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True)
class Place:
    api: Api
    provider: OpenIdProvider
    visitor: Visitor
    pool: Pool

    async def come(self, path: str = "/sign-in/oidc", *, to_provider: bool = True) -> str:
        """From the sign-in page to the provider; the path by which it sends the browser back."""
        status, _ = await self.visitor.get(path)
        assert status == 303
        if not to_provider:
            return ""
        await self.visitor.get(self.visitor.where)
        assert self.visitor.where.startswith(f"{PUBLIC}/sign-in/oidc/return?")
        return self.visitor.where.removeprefix(PUBLIC)

    async def signed_in(self) -> bool:
        return (await self.visitor.get("/account"))[0] == 200


@pytest.fixture
async def place(pool: Pool, database: str, north: Practice, clock: Clock) -> AsyncIterator[Place]:
    async with provided(clock) as provider:
        provider.claims = {"email": north.username("nurse").upper()}
        settings = ConsoleSettings(
            allow_unsafe_database=True,
            public_url=PUBLIC,
            oidc=OidcSettings(
                issuer=provider.issuer,
                client_id=CLIENT_ID,
                client_secret=CLIENT_SECRET,
                name="North Hospital",
            ),
        )
        async with served(settings, pool, database, clock) as api, visiting(api) as visitor:
            yield Place(api, provider, visitor, pool)


async def test_a_button_leads_there_and_back_to_the_page_that_was_asked_for(place: Place) -> None:
    _, page = await place.visitor.get("/sign-in?next=/account/sessions")
    assert "Sign in with North Hospital" in page
    assert 'href="/sign-in/oidc?next=/account/sessions"' in page
    back = await place.come("/sign-in/oidc?next=/account/sessions")
    status, _ = await place.visitor.get(back)
    assert (status, place.visitor.where) == (303, "/account/sessions")
    assert await place.signed_in()


async def test_without_a_provider_there_is_neither_button_nor_way(api: Api) -> None:
    async with visiting(api) as visitor:
        assert "Sign in with" not in (await visitor.get("/sign-in"))[1]
        assert (await visitor.get("/sign-in/oidc"))[0] == 404
        assert (await visitor.get("/sign-in/oidc/return?state=x&code=y"))[0] == 404


async def test_what_leaves_holds_a_challenge_and_no_secret(place: Place) -> None:
    await place.come(to_provider=False)
    query = parse_qs(urlsplit(place.visitor.where).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["code_challenge"][0]) == 43
    assert CLIENT_SECRET not in place.visitor.where
    assert query["redirect_uri"] == [f"{PUBLIC}/sign-in/oidc/return"]
    [cookie] = [each for each in place.visitor.set_cookies if "hearthbeat-oidc" in each]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


async def test_what_the_provider_says_of_itself_is_asked_for_once(place: Place) -> None:
    for _ in range(3):
        await place.visitor.get(await place.come())
    assert place.provider.asked == {"discovery": 1, "keys": 1, "token": 3}


MISCHIEF: dict[str, dict[str, Any]] = {
    "another's nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "somebody else's token": {"aud": "another-client"},
    "nobody's token": {"aud": None},
    "a token for several, given to another": {"aud": [CLIENT_ID, "b"], "azp": "b"},
    "a token for several, given to nobody": {"aud": [CLIENT_ID, "b"]},
    "given to another": {"azp": "b"},
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "no end": {"exp": None},
    "an end in words": {"exp": "never"},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a number for a subject": {"sub": 7},
}


@pytest.mark.parametrize("name", MISCHIEF)
async def test_a_token_that_is_not_as_it_should_be_lets_nobody_in(place: Place, name: str) -> None:
    place.provider.claims |= MISCHIEF[name]
    status, page = await place.visitor.get(await place.come())
    assert status == 403
    assert "did not work" in page
    assert not await place.signed_in()


@pytest.mark.parametrize(("over_for_s", "status"), [(59, 303), (60, 403), (61, 403)])
async def test_a_token_that_is_over_lets_nobody_in(
    place: Place, clock: Clock, over_for_s: int, status: int
) -> None:
    place.provider.claims["exp"] = clock.now.timestamp() - over_for_s
    assert (await place.visitor.get(await place.come()))[0] == status


@pytest.mark.parametrize(("ahead_s", "status"), [(59, 303), (60, 303), (61, 403)])
async def test_a_token_of_the_future_lets_nobody_in(
    place: Place, clock: Clock, ahead_s: int, status: int
) -> None:
    place.provider.claims["iat"] = clock.now.timestamp() + ahead_s
    assert (await place.visitor.get(await place.come()))[0] == status


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_that_anybody_could_have_made_lets_nobody_in(
    place: Place, algorithm: str
) -> None:
    place.provider.algorithm = algorithm
    assert (await place.visitor.get(await place.come()))[0] == 403
    assert not await place.signed_in()


async def test_a_token_of_another_key_lets_nobody_in(place: Place) -> None:
    place.provider.published = RSAKey.generate_key(2048, {"kid": "first"})
    assert (await place.visitor.get(await place.come()))[0] == 403
    assert not await place.signed_in()


async def test_new_keys_of_the_provider_are_found(place: Place, clock: Clock) -> None:
    assert (await place.visitor.get(await place.come()))[0] == 303
    place.provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    clock.now += 61 * SECOND
    assert (await place.visitor.get(await place.come()))[0] == 303
    assert place.provider.asked["keys"] == 2


async def test_made_up_keys_do_not_make_us_ask_each_time(place: Place) -> None:
    assert (await place.visitor.get(await place.come()))[0] == 303
    place.provider.published = place.provider.key
    place.provider.key = RSAKey.generate_key(2048, {"kid": "made up"})
    for _ in range(3):
        assert (await place.visitor.get(await place.come()))[0] == 403
    assert place.provider.asked["keys"] == 1


async def test_a_code_and_a_state_work_once(place: Place) -> None:
    back = await place.come()
    assert (await place.visitor.get(back))[0] == 303
    await place.visitor.get("/account")
    status, page = await place.visitor.get(back)
    assert status == 403
    assert "Begin again here" in page


async def test_a_stolen_code_is_of_no_use_under_another_state(place: Place) -> None:
    stolen = parse_qs(urlsplit(await place.come()).query)["code"][0]
    async with visiting(place.api) as thief:
        await thief.get("/sign-in/oidc")
        state = parse_qs(urlsplit(thief.where).query)["state"][0]
        status, _ = await thief.get(f"/sign-in/oidc/return?state={state}&code={stolen}")
        assert status == 403  # The challenge is another.
        assert (await thief.get("/account"))[0] == 303


async def test_another_browsers_state_is_refused_and_over(place: Place) -> None:
    """Otherwise somebody could be signed in as a stranger without noticing."""
    back = await place.come()
    async with visiting(place.api) as other:
        assert (await other.get(back))[0] == 403
        await other.get("/sign-in/oidc")  # With a cookie of its own, too.
        assert (await other.get(back))[0] == 403
        assert (await other.get("/account"))[0] == 303
    assert (await place.visitor.get(back))[0] == 403


@pytest.mark.parametrize(
    "query", ["", "?state=made-up&code=x", "?code=x", "?state=%00", "?state=é"]
)
async def test_a_return_that_nobody_left_for_is_refused(place: Place, query: str) -> None:
    assert (await place.visitor.get(f"/sign-in/oidc/return{query}"))[0] in {400, 403}


@pytest.mark.parametrize(
    ("after", "status"), [(GOOD_FOR - SECOND, 303), (GOOD_FOR, 403), (GOOD_FOR + SECOND, 403)]
)
async def test_who_stays_away_too_long_begins_again(
    place: Place, clock: Clock, after: dt.timedelta, status: int
) -> None:
    back = await place.come()
    clock.now += after
    assert (await place.visitor.get(back))[0] == status


async def test_two_tabs_may_sign_in_at_once(place: Place) -> None:
    first, second = await place.come(), await place.come()
    assert (await place.visitor.get(first))[0] == 303
    assert (await place.visitor.get(second))[0] == 303


@pytest.mark.parametrize("told", ["error=access_denied", "error=x&code=y", "code="])
async def test_whoever_says_no_there_is_told_so_here(place: Place, told: str) -> None:
    state = parse_qs(urlsplit(await place.come()).query)["state"][0]
    status, page = await place.visitor.get(f"/sign-in/oidc/return?state={state}&{told}")
    assert (status, "did not work" in page) == (403, True)


async def test_an_answer_of_another_issuer_is_refused(place: Place) -> None:
    back = (await place.come()).replace("iss=http", "iss=https")
    assert (await place.visitor.get(back))[0] == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "stranger@north"},
        {"email": None},
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "true"},
        {"email": ["nurse@north"]},
        {"email": "nurse@north\x00"},
    ],
)
async def test_nobody_is_made_and_nobody_is_taken_for_another(
    place: Place, claims: dict[str, Any]
) -> None:
    place.provider.claims |= claims
    status, page = await place.visitor.get(await place.come())
    assert status in {400, 403}
    assert "nurse@north" not in page
    assert await place.pool.fetchval("SELECT count(*) FROM users WHERE role = 'nurse'") == 1
    assert not await place.signed_in()


async def test_a_disabled_account_looks_like_none(place: Place, north: Practice) -> None:
    place.provider.claims["email"] = "stranger@north"
    _, strange = await place.visitor.get(await place.come())
    place.provider.claims["email"] = north.username("nurse")
    await place.pool.execute("UPDATE users SET disabled_at = now() WHERE role = 'nurse'")
    status, page = await place.visitor.get(await place.come())
    assert (status, page) == (403, strange)


async def test_a_name_that_changes_hands_there_opens_nothing_here(
    place: Place, north: Practice
) -> None:
    assert (await place.visitor.get(await place.come()))[0] == 303
    place.provider.claims["sub"] = "2"
    async with visiting(place.api) as other:
        place_of_other = Place(place.api, place.provider, other, place.pool)
        assert (await other.get(await place_of_other.come()))[0] == 403
        # And who was tied once stays who they are, whatever their email is by now.
        place.provider.claims |= {"sub": "1", "email": north.username("admin")}
        assert (await other.get(await place_of_other.come()))[0] == 303
        assert north.username("nurse") in (await other.get("/account"))[1]


async def test_an_account_with_a_second_factor_is_asked_for_it(place: Place) -> None:
    await place.pool.execute(
        "INSERT INTO second_factors (user_id, secret, created_at, confirmed_at) SELECT id,"
        " 'plain:JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', now(), now() FROM users WHERE role = 'nurse'"
    )
    await place.visitor.get(await place.come())
    assert place.visitor.where == "/sign-in/code"
    assert not await place.signed_in()


async def test_a_second_factor_there_is_enough(place: Place) -> None:
    await place.pool.execute("UPDATE organisations SET second_factor_required = true")
    await place.visitor.get(await place.come())
    assert place.visitor.where == "/sign-in/second-factor"
    place.provider.claims["amr"] = ["pwd", "mfa"]
    await place.visitor.get(await place.come())
    assert place.visitor.where == "/"
    assert await place.signed_in()


async def test_a_provider_that_gives_itself_another_name_is_not_used(place: Place) -> None:
    place.provider.issuer_told = "https://evil.example"
    status, page = await place.visitor.get("/sign-in/oidc")
    assert (status, "does not answer now" in page) == (503, True)


async def test_nobody_is_sent_away_from_there_either(place: Place) -> None:
    back = await place.come("/sign-in/oidc?next=//evil.example")
    await place.visitor.get(back)
    assert place.visitor.where == "/"


async def test_neither_code_nor_token_stands_in_the_log(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    back = await place.come()
    code = parse_qs(urlsplit(back).query)["code"][0]
    place.provider.claims["nonce"] = "another"
    await place.visitor.get(back)
    written = capsys.readouterr().out
    assert "refused" in written
    assert code not in written
    assert "nurse@north" not in written.lower()
