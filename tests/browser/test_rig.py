from playwright.async_api import expect

from tests.browser.axe import overflow, violations
from tests.browser.site import Site


async def test_an_address_that_leads_nowhere_is_told_as_a_page(site: Site) -> None:
    page = await site.signed_in("nurse", width=320)
    answer = await page.goto("/no-such-page")
    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    assert await violations(page) == []
    assert await overflow(page) == 0
