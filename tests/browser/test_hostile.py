"""Markup, SQL and paths in every field and parameter, typed in a browser: they stay text.

`site` fails a test whose pages open a dialog, throw, or make the browser report to our policy.
"""

from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from playwright.async_api import Page

from console.web.navigation import KNOWN
from tests.browser.lively import furnish
from tests.browser.pages import Found, reachable, route_of
from tests.browser.site import Site

MARKUP = """"><img src=x onerror=alert(1)><script>alert(2)</script>"""
SQL = """'); DROP TABLE audit; --"""
PATH = "../../../../etc/passwd"
MARK = "{{7*7}}${7*7}"
PAYLOADS = (f"{MARKUP}{MARK}", SQL, PATH)
LEFT_ALONE = ("/sign-out", "/account/password", "/sign-in", "/account/second-factor")
"""Forms after which nobody is signed in any more, or that no text of ours gets through."""
TEXTS = "input[type=text], input[type=search], input[type=tel], input:not([type]), textarea"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ["nurse", "admin", "patient"])
async def test_what_is_typed_into_any_field_stays_text(
    site: Site, database: str, tmp_path: Path, role: str
) -> None:
    await furnish(site.pool, database, tmp_path, patients=3)
    page = await site.signed_in(role, username=role)
    found = await reachable(page, start=next(each.path for each in KNOWN if role in each.roles))
    tried = 0
    for each in found:
        tried += await _all_forms(page, each)
    assert tried >= 3
    for each in found:  # Whatever was kept is shown somewhere: look again.
        answer = await page.goto(each.address)
        assert answer is not None
        assert answer.status < 500, each.address
        assert "49$49" not in await page.content()


async def _all_forms(page: Page, found: Found) -> int:
    tried = 0
    for number in range(await _count(page, found.address)):
        for payload in PAYLOADS:
            await page.goto(found.address)
            if number >= await page.locator("main form").count():
                break
            form = page.locator("main form").nth(number)
            action = await form.get_attribute("action") or found.address
            if action.startswith(LEFT_ALONE) or not await form.locator(TEXTS).count():
                continue
            await _fill(form_page=page, number=number, payload=payload)
            tried += 1
            assert "<title>That did not work" not in await page.content(), (action, payload)
    return tried


async def _count(page: Page, address: str) -> int:
    await page.goto(address)
    return await page.locator("main form").count()


async def _fill(*, form_page: Page, number: int, payload: str) -> None:
    """Fills what takes text, past what the browser itself would refuse, and sends it."""
    async with form_page.expect_navigation():
        await form_page.evaluate(
            """([number, payload, texts]) => {
              const form = document.querySelectorAll('main form')[number];
              form.noValidate = true;
              for (const each of form.querySelectorAll(texts)) {
                each.removeAttribute('maxlength');
                each.value = payload;
              }
              for (const each of form.querySelectorAll('select')) {
                if (!each.value && each.options.length > 1) each.selectedIndex = 1;
              }
              HTMLFormElement.prototype.submit.call(form);
            }""",
            [number, payload, TEXTS],
        )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", ["admin", "patient"])
async def test_what_stands_in_an_address_stays_text(
    site: Site, database: str, tmp_path: Path, role: str
) -> None:
    await furnish(site.pool, database, tmp_path, patients=3)
    page = await site.signed_in(role, username=role)
    found = await reachable(page, start=next(each.path for each in KNOWN if role in each.roles))
    for each in found:
        for address in await _twisted(page, each):
            answer = await page.goto(address)
            assert answer is not None
            assert answer.status < 500, address
            assert "alert(1)>" not in (await page.content()).replace("&gt;", "")


async def _twisted(page: Page, found: Found) -> list[str]:
    """The address with each of its parts and parameters replaced."""
    await page.goto(found.address)
    parts = urlsplit(found.address)
    named: list[str] = await page.evaluate(
        "[...document.querySelectorAll('form[method=get] [name]')].map((each) => each.name)"
    )
    names = {*named, *(name for name, _ in parse_qsl(parts.query)), "cursor", "next"}
    evil = quote(MARKUP, safe="")
    made = [f"{parts.path}?{name}={value}" for name in sorted(names) for value in (evil, "%00")]
    for text in (evil, quote(SQL, safe=""), quote(PATH, safe=""), "%00", "%ff"):
        made += [
            "/".join([*pieces[:at], text, *pieces[at + 1 :]])
            for pieces in [parts.path.split("/")]
            for at, given in enumerate(found.route.path.split("/"))
            if given.startswith("{")
        ]
    return [each for each in made if route_of(urlsplit(each).path) is not None]
