"""The audit log as an auditor sees it."""

import datetime as dt
import os
from pathlib import Path
from typing import Final

from console.audit_words import OF_ROUTES
from store.audit import Entry, append
from tests.browser.site import WIDTHS, Scheme, Site, overflow, violations

SHOTS: Final = os.environ.get("HB_TEST_SHOTS")  # noqa: TID251
"""A directory for pictures, to be looked at."""
LOOKS: Final[tuple[tuple[Scheme, bool], ...]] = (
    ("light", False),
    ("dark", False),
    ("light", True),
)


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


async def test_it_can_be_read_at_every_width_and_in_every_look(site: Site) -> None:
    await written(site)
    for width in WIDTHS:
        for scheme, forced in LOOKS:
            page = await site.signed_in("auditor", width=width, scheme=scheme, forced=forced)
            await page.goto("/audit")
            assert await overflow(page) == 0
            assert await violations(page) == []
            if SHOTS:
                name = f"audit-{width}-{'forced' if forced else scheme}.png"
                await page.screenshot(path=Path(SHOTS) / name)


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
