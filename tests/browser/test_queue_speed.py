"""From the commit of an alert to the row on the screen, while many come.

How soon is measured where nothing else runs: the row `painted` of docs/benchmarks.md.
"""

import asyncio
import datetime as dt

from tests.browser.site import Site
from tests.browser.test_queue_page import nurse_of, opened
from tests.browser.waiting import a_lively_queue, patients, raise_one

EVERY_S = 0.2
"""300 a minute."""
MANY = 40
WATCH = """
() => {
  window.painted = new Set();
  const list = document.getElementById("q-rows");
  new MutationObserver((changes) => requestAnimationFrame(() => {
    for (const change of changes) for (const node of change.addedNodes)
      window.painted.add(node.dataset?.subject);
  })).observe(list, { childList: true });
}
"""
ALL_PAINTED = "subjects => subjects.every((each) => window.painted.has(each))"


async def test_of_many_new_alerts_each_is_painted_and_stands_in_its_place(site: Site) -> None:
    organisation = site.practice.organisation
    await a_lively_queue(site.pool, organisation, await nurse_of(site), many=12)
    page = await opened(site)
    await page.evaluate(WATCH)
    async with site.pool.acquire() as conn:
        await conn.execute("UPDATE patients SET mrn = 'before ' || mrn")
        people = await patients(conn, organisation, MANY)
        for number, patient in enumerate(people):
            await raise_one(conn, organisation, patient, number, now=dt.datetime.now(dt.UTC))
            await asyncio.sleep(EVERY_S)
    await page.wait_for_function(ALL_PAINTED, arg=[f"patient:{each}" for each in people])
    keys = await page.locator("#q-rows > li").evaluate_all("rows => rows.map(r => r.dataset.key)")
    assert keys == sorted(keys)
