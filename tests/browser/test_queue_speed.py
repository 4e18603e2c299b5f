"""From the commit of an alert to the row on the screen, while many come."""

import asyncio
import datetime as dt
import time

from tests.browser.site import Site
from tests.browser.test_queue_page import nurse_of, opened
from tests.browser.waiting import a_lively_queue, patients, raise_one

EVERY_S = 0.2
"""300 a minute."""
MANY = 40
WATCH = """
() => {
  window.painted = {};
  const list = document.getElementById("q-rows");
  new MutationObserver((changes) => requestAnimationFrame(() => {
    for (const change of changes) for (const node of change.addedNodes)
      window.painted[node.dataset?.subject] ??= Date.now();
  })).observe(list, { childList: true });
}
"""


async def test_a_new_alert_is_painted_within_two_seconds_of_its_commit(site: Site) -> None:
    organisation = site.practice.organisation
    await a_lively_queue(site.pool, organisation, await nurse_of(site), many=12)
    page = await opened(site)
    await page.evaluate(WATCH)
    committed: dict[str, float] = {}
    async with site.pool.acquire() as conn:
        await conn.execute("UPDATE patients SET mrn = 'before ' || mrn")
        people = await patients(conn, organisation, MANY)
        for number, patient in enumerate(people):
            began = time.monotonic()
            await raise_one(conn, organisation, patient, number, now=dt.datetime.now(dt.UTC))
            committed[f"patient:{patient}"] = time.time() * 1000
            await asyncio.sleep(max(EVERY_S - (time.monotonic() - began), 0))
    await asyncio.sleep(2.5)
    painted = await page.evaluate("window.painted")
    assert committed.keys() <= painted.keys()
    took = sorted(painted[name] - at for name, at in committed.items())

    assert took[MANY * 95 // 100] < 2000
    keys = await page.locator("#q-rows > li").evaluate_all("rows => rows.map(r => r.dataset.key)")
    assert keys == sorted(keys)
