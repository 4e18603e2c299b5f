"""Enrolling and administration in a real browser: what works, how it looks, what it withstands."""

import re

from playwright.async_api import Page, expect

from tests.browser.axe import unfit
from tests.browser.site import Site
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
    await page.wait_for_selector("text=Has joined")
    assert await page.locator("svg.qr").count() == 1
    await page.fill('[name="address"]', "A1:B2:C3:D4:E5:F6")
    await page.fill('[name="label"]', "Scale 14")
    await page.click('button:has-text("Hand out")')
    await page.wait_for_selector("text=Scale 14")
    await page.click('a.button:has-text("Go on")')
    await page.click("text=Finish the enrolment")
    await page.wait_for_url(patient)


async def test_steps_that_are_done_look_right(site: Site) -> None:
    page = await site.signed_in("nurse")
    patient = await enrol(page)
    await page.select_option('[name="gateway"]', "new")
    await page.click("text=Choose this hub")
    await page.click("text=Make its one-time code")
    await page.wait_for_selector("svg.qr")
    assert await unfit(page) == []
    for path in (*(f"enrol/{step}" for step in STEPS if step != "kit"), "edit", "care"):
        await page.goto(f"{patient}/{path}")
        await page.evaluate(OPEN_ALL)
        assert await unfit(page) == [], path


async def test_steps_that_are_open_look_right(site: Site) -> None:
    page = await site.signed_in("nurse")
    await page.goto("/patients/new")
    await page.click("text=Save and go on")
    await expect(page.locator(".fault").first).to_be_visible()
    assert await unfit(page) == [], "refused"
    await fill(page, WHO)
    await page.click("text=Save and go on")
    await page.wait_for_url("**/enrol/programme")
    assert await unfit(page) == [], "choose"
    patient = page.url.removesuffix("/enrol/programme")
    for step in ("programme?programme=heart-failure", "order", "consent", "ready"):
        await page.goto(f"{patient}/enrol/{step}")
        assert await unfit(page) == [], step
    await page.fill('[name="name"]', "Eva New")
    await page.click("text=Make an invitation")
    await page.wait_for_selector("svg.qr")
    assert await unfit(page) == [], "invited"
    await page.click("text=Invite the patient")
    await page.wait_for_selector("text=Your own page")
    assert await unfit(page) == [], "the patient's sheet"
    await page.goto("/patients/new")
    await fill(page, WHO | {"mrn": "other"})
    await page.click("text=Save and go on")
    assert await unfit(page) == [], "alike"


async def test_a_programme_with_faults_and_the_link_of_somebody_new_look_right(site: Site) -> None:
    page = await site.signed_in("admin")
    await page.goto("/programmes/new")
    await page.fill('[name="file"]', 'id = "own"\nversion = 0\ntitel = "A"')
    await page.click("button:has-text('Check')")
    await page.wait_for_selector("text=Nothing was saved")
    assert await unfit(page) == []
    await page.goto("/people/new")
    await page.fill('[name="username"]', "ana")
    await page.click("text=Add, and make the link")
    await page.wait_for_selector("pre.command")
    assert await unfit(page) == []


async def test_enrolling_works_without_scripts(site: Site) -> None:
    page = await site.signed_in("nurse", scripts=False)
    patient = await enrol(page)
    await page.select_option('[name="gateway"]', "new")
    await page.click("text=Choose this hub")
    await page.click("text=Make its one-time code")
    await page.click("text=look now")
    await page.wait_for_url("**/enrol/kit")
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
