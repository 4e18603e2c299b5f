from playwright.async_api import expect

from tests.browser.axe import overflow, unfit, violations
from tests.browser.site import Site


async def test_an_address_that_leads_nowhere_is_told_as_a_page(site: Site) -> None:
    page = await site.signed_in("nurse", width=320)
    answer = await page.goto("/no-such-page")
    assert answer is not None
    assert answer.status == 404
    await expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    assert await violations(page) == []
    assert await overflow(page) == 0


HARD_TO_READ = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    @media (prefers-color-scheme: dark) and (min-width: 1000px) { .foot { color: #444 } }
    @media (forced-colors: active) and (max-width: 400px) {
      .foot { forced-color-adjust: none; color: #777; background: #888 }
    }`);
  document.adoptedStyleSheets.push(sheet);
}"""


async def test_what_cannot_be_read_at_one_width_in_one_look_is_found(site: Site) -> None:
    page = await site.signed_in("nurse")
    await page.goto("/account")
    await page.evaluate(HARD_TO_READ)
    found = await unfit(page)
    assert [each.split(": ")[:2] for each in found] == [
        ["320 forced", "color-contrast"],
        ["1280 dark", "color-contrast"],
    ]
