"""The audit log as an auditor sees it."""

import datetime as dt

from console.audit_words import OF_ROUTES
from store.audit import Entry, append
from tests.browser.axe import unfit
from tests.browser.site import Site


async def written(site: Site) -> None:
    """A morning of a clinic."""
    practice, now = site.practice, dt.datetime.now(dt.UTC)
    words = list(OF_ROUTES.items())[:24]
    async with site.pool.acquire() as conn:
        for number, (route, action) in enumerate(words):
            entry = Entry(
                at=now - dt.timedelta(minutes=3 * (30 - number)),
                via=("page", "api")[number % 2],
                actor=practice.patient,
                actor_name="Ana Diaz",
                actor_role="nurse",
                action=action,
                route=route,
                outcome=("done", "done", "done", "refused", "failed")[number % 5],
                status=200,
                patients=[practice.patient, practice.other_patient][: number % 3],
                object_kind="alerts",
                object_id=str(practice.device),
                address="2001:db8:85a3::8a2e:370:7334",
                detail={"why": "the page is too old: load it again"} if number % 5 == 3 else {},
            )
            await append(conn, practice.organisation, entry)


async def test_what_was_done_refused_and_failed_can_be_read_by_everybody(site: Site) -> None:
    await written(site)
    page = await site.signed_in("auditor")
    await page.goto("/audit")
    assert await unfit(page) == []


async def test_an_auditor_verifies_it_and_finds_a_patient(site: Site) -> None:
    await written(site)
    page = await site.signed_in("auditor")
    await page.goto("/audit")
    await page.get_by_role("button", name="Verify now").click()
    await page.get_by_text("Verified", exact=True).wait_for()
    await page.locator("#field-mrn").fill("0")
    await page.get_by_role("button", name="Show", exact=True).click()
    await page.get_by_text("Able, Ada (MRN 0)").wait_for()
    assert "mrn" not in page.url
    assert f"patient={site.practice.patient}" in page.url
