"""The patient's pages in a real browser: large, narrow, zoomed, long words, no script."""

import datetime as dt
import math
import random
import re

import pytest
from playwright.async_api import Page, expect

from console.my import words
from console.my.words import Words, catalogue
from tests.browser.axe import overflow, unfit
from tests.browser.site import NARROW, Site
from tests.integration.console.my_home import Home

PAGES = ("/my", "/my/readings", "/my/how", "/my/help", "/my/people")
TEXT_LEAST = 18
TARGET_LEAST = 44
IN_TWO_LINES = """(all) => all
  .filter((each) => each.offsetHeight > 1.5 * parseFloat(getComputedStyle(each).lineHeight))
  .map((each) => each.textContent)"""
NUMBER_LEAST = 40

SMALL_TEXT = """
() => [...document.querySelectorAll("body *")].filter((each) =>
  [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
  && !each.closest(".hidden-text, svg, .skip, option")
  && each.getClientRects().length
  && parseFloat(getComputedStyle(each).fontSize) < 17.99
).map((each) => `small ${each.tagName} ${each.className}: ${each.textContent.trim().slice(0, 40)}`)
"""
SMALL_TARGETS = """
() => [...document.querySelectorAll(
  "main a, main button, nav a, header button, footer a, input, select")]
  .filter((each) => each.type !== "hidden" && each.getClientRects().length)
  .filter((each) => {
    const box = (each.closest(".tick") ?? each).getBoundingClientRect();
    return box.height < 43.99 || box.width < 43.99;
  })
  .map((each) => `small target ${each.tagName} ${each.textContent.trim().slice(0, 40)}`)
"""
CUT_OFF = """
() => [...document.querySelectorAll("body *")].filter((each) => {
  if (each.closest(".hidden-text, svg, .skip, .toasts")) return false;
  if (!each.getClientRects().length) return false;
  const style = getComputedStyle(each), box = each.getBoundingClientRect();
  const clipped = style.overflow !== "visible" && each.scrollWidth > each.clientWidth + 1
    && each.tagName !== "TEXTAREA" && each.tagName !== "SELECT" && each.tagName !== "INPUT";
  return clipped || style.textOverflow === "ellipsis"
    || box.right > innerWidth + 1 || box.left < -1;
}).map((each) => `cut ${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 40)}`)
"""


async def lived_in(site: Site, *, days: int = 40) -> Home:
    """Weeks of readings of four kinds, the newest far out of range."""
    now = dt.datetime.now(dt.UTC)
    home = Home(pool=site.pool, practice=site.practice, now=now)
    await home.plan("post-discharge-30")
    made = random.Random(3)
    for day in range(days, 0, -1):
        at = now - dt.timedelta(days=day)
        await home.measured(
            "blood_pressure", at, systolic=130 + made.gauss(0, 9), diastolic=80 + made.gauss(0, 6),
            pulse=72.0,
        )  # fmt: skip
        await home.measured("weight", at + dt.timedelta(minutes=5), weight=81 + made.gauss(0, 0.5))
    await home.measured("glucose", now - dt.timedelta(hours=20), glucose=178.0)
    at = now - dt.timedelta(minutes=30)
    reading = await home.measured("blood_pressure", at, systolic=184.0, diastolic=96.0, pulse=72.0)
    await home.alert(reading, at)
    await home.measured(
        "blood_pressure", now - dt.timedelta(hours=3), attribution="ambiguous",
        reason="ambiguous_user", systolic=150.0, diastolic=80.0,
    )  # fmt: skip
    return home


async def faults(page: Page) -> list[str]:
    """Of any width: what shuts somebody out, is small, or is cut off."""
    return await unfit(page, SMALL_TEXT, SMALL_TARGETS, CUT_OFF)


async def test_every_page_is_large_and_fits_and_is_heard(site: Site) -> None:
    await lived_in(site)
    page = await site.signed_in("patient")
    for path in PAGES:
        await page.goto(path)
        assert await faults(page) == [], path


async def test_the_answer_stands_on_the_first_screen_of_a_small_telephone(site: Site) -> None:
    await lived_in(site, days=2)
    page = await site.signed_in("patient", width=NARROW, height=568)
    await page.goto("/my")
    places = await page.locator(".places").bounding_box()
    assert places is not None
    assert await page.locator(".places span").evaluate_all(IN_TWO_LINES) == []
    for part in (".big", ".meaning", ".when"):
        box = await page.locator(part).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < places["y"], part
    size = await page.locator(".big").first.evaluate(
        "(each) => parseFloat(getComputedStyle(each).fontSize)"
    )
    assert size >= NUMBER_LEAST


async def test_zoomed_to_twice_its_size_nothing_has_to_be_scrolled_sideways(site: Site) -> None:
    await lived_in(site, days=2)
    half = await site.signed_in("patient", width=NARROW // 2, height=284)  # What 200 % leaves.
    large = await site.signed_in("patient", width=NARROW, height=568)
    for path in PAGES:
        await half.goto(path)
        assert await overflow(half) == 0, path
        assert await half.evaluate(CUT_OFF) == [], path
        await large.goto(path)
        await large.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert await overflow(large) == 0, path


def lengthened(text: str) -> str:
    """As a language in which everything takes forty percent more room."""
    return "".join(
        part if part.startswith("{") else re.sub(r"\w+", lambda found: _longer(found[0]), part)
        for part in re.split(r"(\{\w+\})", text)
    )


def _longer(word: str) -> str:
    accents = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
    return (word + word[: math.ceil(len(word) * 0.4)]).translate(accents)


@pytest.fixture
def long_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language that nobody speaks, in the place of every one."""
    texts = {name: lengthened(text) for name, text in catalogue("en").texts.items()}
    monkeypatch.setattr(words, "catalogue", lambda language: Words(language, texts))


@pytest.mark.usefixtures("long_words")
async def test_in_a_language_of_long_words_nothing_is_cut_off(site: Site) -> None:
    await lived_in(site, days=2)
    page = await site.signed_in("patient", width=NARROW, height=640)
    for path in PAGES:
        await page.goto(path)
        assert await overflow(page) == 0, path
        assert await page.evaluate(CUT_OFF) == [], path
    await expect(page.get_by_role("heading", level=1)).to_contain_text("WhóWh cáncá")


async def test_without_scripts_all_of_it_works_in_spanish_too(site: Site) -> None:
    await lived_in(site, days=2)
    page = await site.signed_in("patient", width=NARROW, scripts=False)
    await page.goto("/my/readings")
    await expect(page.get_by_role("table")).to_contain_text("184/96")
    await page.get_by_role("button", name="Español").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sus medidas anteriores")
    await expect(page.get_by_role("table")).to_contain_text("Muy alta")
    await page.goto("/my")
    await page.get_by_role("link", name="Mirar otra vez").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hola, Ada")


async def test_a_new_reading_shows_up_by_itself_and_is_announced(site: Site) -> None:
    home = await lived_in(site, days=2)
    page = await site.signed_in("patient", width=NARROW)
    await page.goto("/my")
    await expect(page.locator(".big").first).to_have_text("184/96")
    await home.measured(
        "blood_pressure", dt.datetime.now(dt.UTC), systolic=119.0, diastolic=77.0, pulse=66.0
    )
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(page.locator("#now")).to_contain_text("119/77")
    await expect(page.locator("#toasts")).to_contain_text("Something new came in")


async def test_a_link_is_made_opened_by_a_stranger_and_ended(site: Site) -> None:
    await lived_in(site, days=2)
    page = await site.signed_in("patient", width=NARROW)
    await page.goto("/my/people")
    await page.get_by_label("Their name").fill("Eve")
    await page.get_by_label("Who they are to you").select_option("daughter")
    await page.get_by_role("button", name="Make a link").click()
    link = await page.get_by_role("textbox", name="The link").input_value()
    assert await faults(page) == []
    other = await site.page(await site.context(width=NARROW))
    await other.goto(link)
    await expect(other.get_by_role("heading", level=1)).to_contain_text("Ada wants to share")
    assert await faults(other) == []
    await other.get_by_label("Your name").fill("Eve Able")
    await other.get_by_label("Pick a user name").fill("eve")
    await other.get_by_label("Pick a password").fill("three words in a row")
    await other.get_by_label("The same password once more").fill("three words in a row")
    await other.get_by_text("I will keep what I see private").click()
    await other.get_by_role("button", name="Make my account").click()
    await expect(other).to_have_url(re.compile("/sign-in"))
    eve = await site.signed_in("caregiver", username="eve", width=NARROW)
    await eve.goto("/my")
    await expect(eve.locator(".whose")).to_have_text("You are looking at the readings of Ada.")
    assert await faults(eve) == []
    await eve.goto("about:blank")  # The page that lies open asks what is new, and would go itself.
    await page.goto("/my/people")
    await page.get_by_role("button", name="Stop Eve").click()
    await expect(page.get_by_text("That person cannot see your readings")).to_be_visible()
    await eve.goto("/my")
    await expect(eve).to_have_url(re.compile("/sign-in"))
