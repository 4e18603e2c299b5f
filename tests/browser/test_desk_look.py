"""A message that nobody could read, as an administrator sees it."""

from tests.browser.axe import unfit
from tests.browser.site import Site

UNREADABLE = b'{"v":1,"v":"<img src=x onerror=alert(1)>"}'


async def test_an_unreadable_message_can_be_read_by_everybody(site: Site) -> None:
    page = await site.signed_in("admin")
    key = {"X-Api-Key": site.practice.source_key, "Content-Type": "application/json"}
    await page.request.post("/api/v1/readings", headers=key, data=UNREADABLE)
    letter = await site.pool.fetchval("SELECT id FROM dead_letters")
    assert letter is not None
    await page.goto(f"/desk/letters/{letter}")
    assert await unfit(page) == []
