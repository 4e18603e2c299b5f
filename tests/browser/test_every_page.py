"""Every page of every role: WCAG 2.2 A and AA by axe, at three widths, in light, dark and forced
colours; nothing wider than the window; by keyboard alone.
"""

from pathlib import Path

import pytest
from playwright.async_api import Page

from console.web.navigation import KNOWN
from tests.browser.lively import furnish
from tests.browser.pages import pages, reachable
from tests.browser.site import NARROW, WIDTHS, Scheme, Site, overflow, violations

ROLES = ("nurse", "admin", "auditor", "biller", "patient", "caregiver")
PARTS = {"nurse": 4, "admin": 2}
"""Tests over which a role's pages are spread: nine looks at each take their time."""
SCHEMES: tuple[tuple[Scheme, bool], ...] = (("light", False), ("dark", False), ("light", True))
FETCHED = {
    "/queue/rows", "/queue/row/{kind}/{subject}", "/my/pulse", "/time/waiting", "/sign-in/left",
    "/patients/{id}/rows", "/patients/{id}/enrol/kit/state", "/patients/{id}/enrol/ready/state",
}  # fmt: skip
"""Parts of pages, which scripts fetch: looked at where they stand."""
SPENT = 400
"""Presses of Tab, and no end in sight."""


def first_of(role: str) -> str:
    return next(each.path for each in KNOWN if role in each.roles)


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("role", "part", "of"),
    [(role, part, PARTS.get(role, 1)) for role in ROLES for part in range(PARTS.get(role, 1))],
)
async def test_nobody_is_shut_out_of_any_page(
    site: Site, database: str, tmp_path: Path, role: str, part: int, of: int
) -> None:
    await furnish(site.pool, database, tmp_path)
    page = await site.signed_in(role, username=role)
    found = await reachable(page, start=first_of(role))
    missing = {each.route.path for each in found if each.route.path in FETCHED}
    wrong = [
        f"{each.address}: {fault}"
        for each in sorted(found, key=lambda each: each.route.path)[part::of]
        if each.route.path not in missing and _owner(each.route.roles, role)
        for fault in await _faults(page, each.address)
    ]
    assert wrong == []


def _owner(roles: frozenset[str], role: str) -> bool:
    """Each page is looked at in all nine ways by the first role that has it."""
    return next((each for each in ROLES if each in roles), role) == role


async def _faults(page: Page, address: str) -> list[str]:
    faults = []
    await page.goto(address)
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        for scheme, forced in SCHEMES:
            await page.emulate_media(
                color_scheme=scheme, forced_colors="active" if forced else "none"
            )
            way = f"{width} {'forced' if forced else scheme}"
            again = forced or scheme != "light"
            faults += [f"{way}: {each}" for each in await violations(page, colours=again)]
        if (wider := await overflow(page)) > 0:
            faults.append(f"{width}: {wider} px wider than the window")
    return faults


@pytest.mark.timeout(280)
@pytest.mark.parametrize("role", ["nurse", "patient"])
async def test_every_control_is_reached_by_keyboard_and_seen(
    site: Site, database: str, tmp_path: Path, role: str
) -> None:
    await furnish(site.pool, database, tmp_path, patients=3)
    page = await site.signed_in(role, username=role, width=NARROW if role == "patient" else 1280)
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


def test_every_page_of_the_table_is_looked_at_or_known_to_be_a_part() -> None:
    paths = {each.path for each in pages()}
    assert paths >= FETCHED, FETCHED - paths
