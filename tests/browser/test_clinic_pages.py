"""Enrolling and administration in a real browser: what works, how it looks, what it withstands."""

import re

import pytest
from playwright.async_api import Page

from tests.browser.site import Scheme, Site, overflow, violations
from tests.integration.console.test_clinic_enrolment import WHO, XSS

OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"
STEPS = ("who", "programme", "order", "consent", "kit", "ready", "sheet")


async def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        field = page.locator(f'form [name="{name}"]').first
        kind = await field.evaluate("each => each.type || each.tagName")
        if kind == "radio":
            await page.check(f'[name="{name}"][value="{value}"]')
        elif kind == "select-one":
            await field.select_option(value)
        else:
            await field.fill(value)


async def enrol(page: Page, **changes: str) -> str:
    """The first four steps; the patient's path."""
    await page.goto("/patients/new")
    await fill(page, WHO | changes)
    await page.click("text=Save and go on")
    await page.wait_for_url("**/enrol/programme")
    patient = page.url.removesuffix("/enrol/programme")
    await page.goto(f"{patient}/enrol/programme?programme=heart-failure")
    await page.click("text=Save and go on")
    await page.fill('[name="ordered_by"]', "Maria Ortiz, MD")
    await page.fill('[name="diagnoses"]', "I50.9")
    await page.click("text=Save and go on")
    await page.wait_for_url("**/enrol/consent")
    await page.check("#consent-monitoring")
    await page.click("text=Record, and begin monitoring")
    await page.wait_for_url("**/enrol/kit")
    return patient


async def looked_at(page: Page, name: str, width: int, scheme: str) -> None:
    """No scrolling sideways, no axe violation."""
    assert await overflow(page) == 0, f"{name} scrolls sideways at {width}"
    assert await violations(page) == [], f"{name} at {width}, {scheme}"


async def test_a_patient_is_enrolled_and_the_hub_joins_while_the_page_waits(site: Site) -> None:
    page = await site.signed_in("nurse")
    patient = await enrol(page)
    await page.select_option('[name="gateway"]', "new")
    await page.fill('[name="hub_label"]', "Kit 14")
    await page.click("text=Choose this hub")
    await page.click("text=Make its one-time code")
    await page.wait_for_selector("svg.qr")
    assert "Waiting for the hub" in await page.inner_text("#hub-state")
    said = re.search(r"--code ([A-Z0-9-]{39})", await page.inner_text("pre.command"))
    assert said
    answer = await page.request.post(f"{site.base}/api/v1/enrolments", data={"code": said[1]})
    assert answer.status == 201
    await page.wait_for_selector("text=Has joined", timeout=10_000)
    assert await page.locator("svg.qr").count() == 1
    await page.fill('[name="address"]', "A1:B2:C3:D4:E5:F6")
    await page.fill('[name="label"]', "Scale 14")
    await page.click('button:has-text("Hand out")')
    await page.wait_for_selector("text=Scale 14")
    await page.click('a.button:has-text("Go on")')
    await page.click("text=Finish the enrolment")
    await page.wait_for_url(patient)


LOOKS = [(320, "light", False), (768, "dark", False), (1280, "light", False), (1280, "dark", True)]


@pytest.mark.parametrize(("width", "scheme", "forced"), LOOKS)
async def test_steps_that_are_done_look_right(
    site: Site, width: int, scheme: Scheme, *, forced: bool
) -> None:
    page = await site.signed_in("nurse", width=width, scheme=scheme, forced=forced)
    patient = await enrol(page)
    await page.select_option('[name="gateway"]', "new")
    await page.click("text=Choose this hub")
    await page.click("text=Make its one-time code")
    await page.wait_for_selector("svg.qr")
    await looked_at(page, "code", width, scheme)
    for step in STEPS:
        await page.goto(f"{patient}/enrol/{step}")
        await looked_at(page, f"enrol-{step}", width, scheme)
    for path in ("edit", "care"):
        await page.goto(f"{patient}/{path}")
        await page.evaluate(OPEN_ALL)
        await looked_at(page, path, width, scheme)


@pytest.mark.parametrize(("width", "scheme", "forced"), LOOKS)
async def test_steps_that_are_open_look_right(
    site: Site, width: int, scheme: Scheme, *, forced: bool
) -> None:
    page = await site.signed_in("nurse", width=width, scheme=scheme, forced=forced)
    await page.goto("/patients/new")
    await looked_at(page, "new", width, scheme)
    await page.click("text=Save and go on")
    await looked_at(page, "new-refused", width, scheme)
    await fill(page, WHO)
    await page.click("text=Save and go on")
    await page.wait_for_url("**/enrol/programme")
    await looked_at(page, "choose", width, scheme)
    patient = page.url.removesuffix("/enrol/programme")
    await page.goto(f"{patient}/enrol/programme?programme=heart-failure")
    await looked_at(page, "limits", width, scheme)
    for step in ("order", "consent", "ready"):
        await page.goto(f"{patient}/enrol/{step}")
        await looked_at(page, f"open-{step}", width, scheme)
    await page.fill('[name="name"]', "Eva New")
    await page.click("text=Make an invitation")
    await page.wait_for_selector("svg.qr")
    await looked_at(page, "invited", width, scheme)
    await page.goto("/patients/new")
    await fill(page, WHO | {"mrn": "other"})
    await page.click("text=Save and go on")
    await looked_at(page, "alike", width, scheme)


@pytest.mark.parametrize(("width", "scheme", "forced"), LOOKS)
async def test_administration_looks_right(
    site: Site, width: int, scheme: Scheme, *, forced: bool
) -> None:
    page = await site.signed_in("admin", width=width, scheme=scheme, forced=forced)
    for path, name in (
        ("/people", "people"), ("/people/new", "person-new"), ("/clinic", "clinic"),
        ("/programmes", "programmes"), ("/programmes/heart-failure", "programme"),
        ("/programmes/new", "import"),
    ):  # fmt: skip
        await page.goto(path)
        await looked_at(page, name, width, scheme)
    await page.fill('[name="file"]', 'id = "own"\nversion = 0\ntitel = "A"')
    await page.click("button:has-text('Check')")
    await page.wait_for_selector("text=Nothing was saved")
    await looked_at(page, "import-faults", width, scheme)
    await page.goto("/people/new")
    await page.fill('[name="username"]', "ana")
    await page.click("text=Add, and make the link")
    await page.wait_for_selector("pre.command")
    await looked_at(page, "person", width, scheme)


async def test_enrolling_works_without_scripts(site: Site) -> None:
    page = await site.signed_in("nurse", scripts=False)
    patient = await enrol(page)
    await page.select_option('[name="gateway"]', "new")
    await page.click("text=Choose this hub")
    await page.click("text=Make its one-time code")
    await page.click("text=look now")
    assert "Waiting for the hub" in await page.inner_text("#hub-state")
    await page.goto(f"{patient}/enrol/ready")
    await page.click("text=Finish the enrolment")
    await page.wait_for_url(patient)


async def test_markup_in_every_field_stays_text(site: Site) -> None:
    """Whatever ran, or was stopped by the policy, fails the test by the site's own proof."""
    page = await site.signed_in("nurse")
    await page.goto("/patients/new")
    await fill(page, WHO | {"given_name": XSS, "family_name": XSS, "allergies": XSS, "mrn": XSS})
    await page.click("text=Save and go on")
    await page.wait_for_url("**/enrol/programme")
    patient = page.url.removesuffix("/enrol/programme")
    for step in STEPS:
        await page.goto(f"{patient}/enrol/{step}")
    for path in ("edit", "care"):
        await page.goto(f"{patient}/{path}")
    await page.goto("/patients/new")
    assert await page.locator("script:not([src])").count() == 0
