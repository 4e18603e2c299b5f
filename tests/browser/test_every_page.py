"""Every page of every role: WCAG 2.2 A and AA by axe, at three widths, in light, dark and forced
colours; nothing wider than the window; by keyboard alone.
"""

import pytest
from playwright.async_api import Page

from console.web.navigation import KNOWN
from tests.browser.axe import unfit
from tests.browser.pages import pages, walked
from tests.browser.site import NARROW, Site

ROLES = ("nurse", "admin", "auditor", "biller", "patient", "caregiver")
FETCHED = {
    "/queue/rows", "/queue/row/{kind}/{subject}", "/my/pulse", "/time/waiting", "/sign-in/left",
    "/patients/{id}/rows", "/patients/{id}/enrol/kit/state", "/patients/{id}/enrol/ready/state",
    "/billing/{month}/evaluating",
}  # fmt: skip
"""Parts of pages, which scripts fetch: looked at where they stand."""
ELSEWHERE = {
    "/patients/search": "test_chart_look", "/time/timers/{timer}": "test_time_look",
    "/desk/letters/{id}": "test_desk_look", "/billing/{month}/close": "test_billing_pages",
    "/billing/{month}/patients/{id}/superbill": "test_billing_pages",
}  # fmt: skip
"""Pages that no link leads to in the demonstration, and which file looks at them."""
SPENT = 400
"""Presses of Tab, and no end in sight."""


def first_of(role: str) -> str:
    return next(each.path for each in KNOWN if role in each.roles)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("role", ROLES)
async def test_nobody_is_shut_out_of_any_page(
    lively: Site, role: str, request: pytest.FixtureRequest
) -> None:
    only = request.config.getoption("--page", default=None)
    page = await lively.signed_in(role, username=role)
    wrong: list[str] = []
    seen: set[str] = set()
    async for found in walked(page, start=first_of(role)):
        if found.route.path in FETCHED or not _owner(found.route.roles, role):
            continue
        if only in {None, found.route.path, found.address}:
            seen.add(found.route.path)
            wrong += [f"{found.address}: {fault}" for fault in await unfit(page)]
    assert wrong == []
    if only is None:
        assert seen - ELSEWHERE.keys() == _owned(role)
    elif not seen:
        pytest.skip(f"{only} is no page that {role} is the first to have")


def _owner(roles: frozenset[str], role: str) -> bool:
    """Each page is looked at in all nine ways by the first role that has it."""
    return next((each for each in ROLES if each in roles), None) == role


def _owned(role: str) -> set[str]:
    paths = {each.path for each in pages() if _owner(each.roles, role)}
    return paths - FETCHED - ELSEWHERE.keys()


@pytest.mark.parametrize("role", ["nurse", "patient"])
async def test_every_control_is_reached_by_keyboard_and_seen(lively: Site, role: str) -> None:
    page = await lively.signed_in(role, username=role, width=NARROW if role == "patient" else 1280)
    for address in [each.path for each in KNOWN if role in each.roles]:
        await page.goto(address)
        reached, hidden = await _tabbed_through(page)
        wanted: list[str] = await page.evaluate(CONTROLS)
        assert set(wanted) - reached == set(), address
        assert hidden == [], address


async def _tabbed_through(page: Page) -> tuple[set[str], list[str]]:
    """What Tab reaches; and what has the focus without showing it."""
    reached: set[str] = set()
    hidden: list[str] = []
    last = ""
    for _ in range(SPENT):
        await page.keyboard.press("Tab")
        name, shown = await page.evaluate(FOCUSED)
        if name in reached and name != last:
            break  # Round once. A field for a time has several places of its own.
        within, last = name == last, name
        if not name:
            continue
        reached.add(name)
        if not shown and not within:  # Within a field the browser marks the part itself.
            hidden.append(name)
    return reached, hidden


NAME = """
const nameOf = (each) => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')];
  return `${all.indexOf(each)} ${each.tagName} ${(each.textContent || each.name || '').trim()}`;
};
"""
CONTROLS = f"""(() => {{ {NAME}
  const groups = new Set();
  return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter((each) => each.checkVisibility({{ visibilityProperty: true }}) && !each.disabled
      && each.type !== 'hidden' && each.tabIndex >= 0)
    .filter((each) => {{
      if (each.type !== 'radio') return true;
      if (groups.has(each.name)) return false;
      groups.add(each.name);
      return true;
    }})
    .map(nameOf);
}})()"""
FOCUSED = f"""(() => {{ {NAME}
  const each = document.activeElement;
  if (!each || each === document.body) return ['', true];
  const style = getComputedStyle(each);
  const box = each.getBoundingClientRect();
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const around = each.closest('label, li, .field');
  const marked = around && getComputedStyle(around).outlineStyle !== 'none';
  return [nameOf(each), outlined || Boolean(marked) || box.width <= 2];
}})()"""


def test_every_page_that_is_left_out_is_one() -> None:
    paths = {each.path for each in pages()}
    assert paths >= FETCHED | ELSEWHERE.keys()
    assert {role for each in pages() for role in each.roles} - {"clinician"} == set(ROLES)
