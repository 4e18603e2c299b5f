"""Signing in and one's own account, in a real browser."""

import datetime as dt

import pytest
from playwright.async_api import Page

from care.one_time_codes import code_at, step_at
from care.password_codes import issue_password_code
from tests.browser.axe import unfit
from tests.browser.site import Site
from tests.integration.console.conftest import PASSWORD

NEARLY_OVER = "UPDATE sessions SET last_seen_at = now() - interval '14 minutes 10 seconds'"


async def test_before_signing_in_the_pages_can_be_used_by_everybody(site: Site) -> None:
    page = await site.page(await site.context())
    async with site.pool.acquire() as conn:
        user = await conn.fetchval(
            "SELECT id FROM users WHERE username = $1", site.practice.username("nurse")
        )
        code = await issue_password_code(
            conn, site.practice.organisation, user, now=dt.datetime.now(dt.UTC)
        )
    set_password = "/sign-in/new-password?code="
    for address in ("/sign-in?next=/account&why=idle", f"{set_password}{code}", f"{set_password}x"):
        await page.goto(address)
        assert await unfit(page) == [], address


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_nurse_sets_up_a_second_factor_and_signs_in_with_it(
    site: Site, *, scripts: bool
) -> None:
    await site.pool.execute("UPDATE organisations SET second_factor_required = true")
    page = await site.page(await site.context(width=320, scripts=scripts))
    await page.goto("/account/sessions")
    await sign_in(page, site)
    await page.get_by_role("heading", name="Set up your second factor").wait_for()
    picture = await page.get_by_role("img", name="A picture to scan").bounding_box()
    assert picture is not None
    assert picture["width"] > 150
    secret = (await page.locator("code.key").inner_text()).replace(" ", "")
    now = dt.datetime.now(dt.UTC)
    await page.get_by_label("The code that the app shows now").fill(code_at(secret, step_at(now)))
    await page.get_by_role("button", name="Confirm").click()
    await page.get_by_role("heading", name="Your spare codes").wait_for()
    if scripts:
        assert await unfit(page) == []
    spare = await page.locator(".spare-codes code").first.inner_text()
    await page.get_by_role("link", name="I have kept them").click()
    await page.get_by_role("heading", name="Where you are signed in").wait_for()
    await page.goto("/account/second-factor")
    if scripts:
        assert await unfit(page) == []
    # Away first: a page still asking for unlogged time would see it is signed out, and load itself
    # anew in the middle of what follows.
    await page.goto("about:blank")
    await page.context.clear_cookies()
    await page.goto("/account")
    await sign_in(page, site)
    await page.get_by_role("heading", name="Enter your code").wait_for()
    if scripts:
        assert await unfit(page) == []
    await page.get_by_role("textbox", name="Code").fill(spare)
    await page.get_by_role("button", name="Go on").click()
    await page.get_by_role("heading", name="Account").wait_for()


async def test_a_wrong_password_is_told_and_the_name_is_kept(site: Site) -> None:
    page = await site.page(await site.context(width=320))
    await page.goto("/sign-in")
    await page.get_by_label("User name").fill("nobody@north")
    await page.get_by_label("Password").fill("a guess")
    await page.get_by_role("button", name="Sign in").click()
    await page.get_by_text("The user name or the password is wrong.").wait_for()
    assert await page.get_by_label("User name").input_value() == "nobody@north"
    assert await page.get_by_label("Password").input_value() == ""
    assert await unfit(page) == []


async def test_before_the_end_somebody_is_asked_and_stays_by_one_press(site: Site) -> None:
    page = await site.signed_in("nurse", width=320)
    began = dt.datetime.now(dt.UTC)
    await page.clock.install(time=began)
    await page.clock.pause_at(began + dt.timedelta(seconds=1))  # Only what is said passes by it.
    await page.goto("/account", wait_until="networkidle")
    await site.pool.execute(NEARLY_OVER)
    await page.clock.run_for(61_000)
    dialog = page.get_by_role("alertdialog", name="Are you still there?")
    await dialog.wait_for()
    await page.clock.resume()
    await page.clock.set_fixed_time(began + dt.timedelta(minutes=1))  # Nothing ends meanwhile.
    assert await unfit(page) == []
    stay = dialog.get_by_role("button", name="Stay signed in")
    assert await stay.evaluate("each => each === document.activeElement")
    await site.pool.execute(NEARLY_OVER)  # However long it has been looked at.
    async with page.expect_response("**/account/stay") as answered:
        await stay.press("Enter")
    assert (await answered.value).status == 204
    await dialog.wait_for(state="detached")
    idle = await site.pool.fetchval("SELECT max(now() - last_seen_at) FROM sessions")
    assert idle < dt.timedelta(minutes=1)


async def test_whoever_types_is_there_and_what_scripts_fetch_is_no_sign_of_it(site: Site) -> None:
    page = await site.signed_in("nurse")
    await page.clock.install()
    await page.goto("/account", wait_until="networkidle")
    await site.pool.execute("UPDATE sessions SET last_seen_at = last_seen_at - interval '10 min'")
    status = await page.evaluate("fetch('/api/v1/me').then(answer => answer.status)")
    assert status == 200
    idle = "SELECT max(now() - last_seen_at) FROM sessions"
    assert await site.pool.fetchval(idle) > dt.timedelta(minutes=9)
    await page.clock.set_fixed_time(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2))
    async with page.expect_response("**/account/stay"):
        await page.get_by_label("Your name").press_sequentially("A")
    assert await site.pool.fetchval(idle) < dt.timedelta(minutes=1)


async def test_who_is_gone_is_signed_out_and_brought_back_after(site: Site) -> None:
    page = await site.signed_in("nurse")
    await page.clock.install()
    async with page.expect_response("**/time/waiting"):  # What another script asks for first.
        await page.goto("/account/sessions")
        await page.clock.run_for(5_000)
    await site.pool.execute(
        "UPDATE sessions SET last_seen_at = last_seen_at - interval '15 minutes'"
    )
    await page.clock.run_for(61_000)
    await page.wait_for_url("**/sign-in?why=idle&next=%2Faccount%2Fsessions")
    await page.get_by_text("nothing was done for a while").wait_for()
    await sign_in(page, site)
    await page.get_by_role("heading", name="Where you are signed in").wait_for()


async def sign_in(page: Page, site: Site) -> None:
    await page.get_by_label("User name").fill(site.practice.username("nurse"))
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
