"""Markup, SQL and paths in every field and parameter, typed in a browser: they stay text.

`site` fails a test whose pages open a dialog, throw, or make the browser report to our policy.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from playwright.async_api import Page

from console.page_table import PAGES
from console.web.navigation import KNOWN
from tests.browser.pages import Found, route_of, walked
from tests.browser.site import Site

MARKUP = """"><img src=x onerror=alert(1)><script>alert(2)</script>"""
SQL = """'); DROP TABLE audit; --"""
PATH = "../../../../etc/passwd"
MARK = "{{7*7}}${7*7}"
PAYLOADS = (f"{MARKUP}{MARK}", SQL, PATH)
TOGETHER = f"{PATH}{MARKUP}{MARK}{SQL}"
LEFT_ALONE = ("/sign-out", "/account/password", "/sign-in", "/account/second-factor")
"""Forms after which nobody is signed in any more, or that no text of ours gets through."""
SENT = [each for each in PAGES if each.method == "POST"]

FORMS = """
const texts = "input[type=text], input[type=search], input[type=tel], input:not([type]), textarea";
const formsOf = () => [...document.querySelectorAll("main form")]
  .filter((form) => form.querySelector(texts))
  .map((form) => ({ form, action: new URL(form.getAttribute("action") || "", location).pathname,
    method: (form.getAttribute("method") ?? "get").toLowerCase(),
    names: [...new Set([...form.elements].map((each) => each.name))].sort().join(" ") }));
"""
ALL_FORMS = f"""() => {{ {FORMS}
  return formsOf().map(({{ action, method, names }}) => [action, method, names]);
}}"""
FILL = f"""([action, method, names, payload]) => {{ {FORMS}
  const wanted = (each) => each.action === action && each.method === method && each.names === names;
  const found = formsOf().find(wanted)?.form;
  if (!found) return false;
  for (const each of found.querySelectorAll(texts)) {{
    each.removeAttribute("maxlength");
    each.value = payload;
  }}
  for (const each of found.querySelectorAll("select")) {{
    if (!each.value && each.options.length > 1) each.selectedIndex = 1;
  }}
  window.filled = found;
  return true;
}}"""
"""Fills what takes text, past what the browser itself would refuse."""
CALCULATED = "document.documentElement.outerHTML.includes('49$49')"
SEND = "HTMLFormElement.prototype.submit.call(window.filled)"


@dataclass(frozen=True, kw_only=True)
class Form:
    """One that takes text, and a page on which it stands."""

    address: str
    action: str
    method: str
    names: str

    @property
    def kind(self) -> tuple[str, str, str]:
        """The same on other pages, of other people, for another role."""
        route = route_of(self.action, SENT if self.method == "post" else None)
        return (self.method, self.action if route is None else route.path, self.names)


def _start(role: str) -> str:
    return next(each.path for each in KNOWN if role in each.roles)


@pytest.mark.timeout(1800)
async def test_what_is_typed_into_any_field_stays_text(lively: Site) -> None:
    seen: dict[str, tuple[Page, str]] = {}
    tried: set[tuple[str, str, str]] = set()
    for role in ("nurse", "admin", "patient"):
        page = await lively.signed_in(role, username=role)
        forms: dict[tuple[str, str, str], Form] = {}
        async for found in walked(page, start=_start(role)):
            seen.setdefault(found.route.path, (page, found.address))
            for each in await _forms(page, found.address):
                forms.setdefault(each.kind, each)
        for kind, form in forms.items():
            if kind not in tried and await _tried(page, form):
                tried.add(kind)
    assert len(tried) > 50
    for page, address in seen.values():  # Whatever was kept is shown somewhere: look again.
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status < 500, address
        assert not await page.evaluate(CALCULATED), address


async def _forms(page: Page, address: str) -> list[Form]:
    found = [
        Form(address=address, action=action, method=method, names=names)
        for action, method, names in await page.evaluate(ALL_FORMS)
    ]
    return [each for each in found if not each.action.startswith(LEFT_ALONE)]


async def _tried(page: Page, form: Form) -> bool:
    """With all payloads in one text; where that is refused, as it may be for its length alone,
    with each by itself, in the form that comes back with the refusal.
    """
    await page.goto(form.address)
    status = await _sent(page, form, TOGETHER)
    for payload in PAYLOADS if status is not None and status >= 400 else ():
        if await _sent(page, form, payload) is None:
            await page.goto(form.address)
            await _sent(page, form, payload)
    return status is not None


async def _sent(page: Page, form: Form, payload: str) -> int | None:
    """The answer's status; None where the form does not stand on the page any more."""
    if not await page.evaluate(FILL, [form.action, form.method, form.names, payload]):
        return None
    async with page.expect_navigation() as sending:
        await page.evaluate(SEND)
    answer = await sending.value
    assert answer is not None
    assert answer.status < 500, (form, payload)
    return answer.status


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("role", ["admin", "patient"])
async def test_what_stands_in_an_address_stays_text(lively: Site, role: str) -> None:
    page = await lively.signed_in(role, username=role)
    twisted = [
        address
        async for found in walked(page, start=_start(role))
        for address in await _twisted(page, found)
    ]
    assert len(twisted) > 20
    for address in twisted:
        answer = await page.request.get(address)
        assert answer.status < 500, address
        if "alert(1)" in await answer.text():  # It comes back: a browser has to take it as text.
            await page.goto(address)
            assert "alert(1)>" not in (await page.content()).replace("&gt;", "")


async def _twisted(page: Page, found: Found) -> list[str]:
    """The address with each of its parts and parameters replaced."""
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
