"""The rules of billing in a real browser: looked at, confirmed, and the next set from a file."""

from pathlib import Path

from playwright.async_api import expect

from tests.browser.axe import unfit
from tests.browser.site import Site
from tests.unit.billing.rule_texts import rules_text

HERE = "/billing/rules"


async def test_the_next_set_is_chosen_as_a_file_and_the_warning_goes(
    site: Site, tmp_path: Path
) -> None:
    page = await site.signed_in("admin")
    await page.goto(HERE)
    file = tmp_path / "medicare-2027.toml"
    file.write_text(rules_text().replace("min_days = 16", "min_days = 16, at_most = 3"))
    await page.get_by_label("Choose a file").set_input_files(file)
    await expect(page.get_by_label("Name of the file")).to_have_value("medicare-2027.toml")
    await page.get_by_label("Where it comes from, and why").fill("From our adviser")
    await page.get_by_role("button", name="Take it in").click()
    await expect(page.get_by_text("Nothing is taken in. 1 fault in the file:")).to_be_visible()
    await expect(page.get_by_text("medicare-2027.supply[0].at_most")).to_be_visible()
    assert await unfit(page) == []
    file.write_text(rules_text())
    await page.get_by_label("Choose a file").set_input_files(file)
    await page.get_by_role("button", name="Take it in").click()
    await expect(page.get_by_text("medicare-2027 version 1 is taken in.")).to_be_visible()
    await expect(page.get_by_role("rowheader", name="medicare-2027")).to_be_visible()
