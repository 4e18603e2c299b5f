"""What an entry of the adjustments says before anybody decides."""

import re

from msgspec.structs import replace

from billing.parties.coverage import correct_coverage, list_coverages
from billing.parties.practice import practice_of, set_practice
from store.pool import Pool
from tests.integration.console.billing_home import Billed
from tests.integration.console.billing_pages import billed, clock
from tests.integration.console.conftest import Api, Clock, Practice

__all__ = ["billed", "clock"]


async def _changed_by_two(pool: Pool, north: Practice, month: str, clock: Clock) -> str:
    """The practice's ZIP code by the administrator, a member number by the biller: of whom."""
    async with pool.acquire() as conn:
        people = {
            row["role"]: row["id"]
            for row in await conn.fetch(
                "SELECT role, id FROM users WHERE organisation_id = $1", north.organisation
            )
        }
        practice = await practice_of(conn, north.organisation)
        assert practice.address is not None
        await set_practice(
            conn, north.organisation,
            replace(practice, address=replace(practice.address, zip_code="10002-4321")),
            actor=people["admin"], now=clock.now,
        )  # fmt: skip
        found = await conn.fetchrow(
            "SELECT p.id, p.family_name FROM billing_lines l JOIN patients p ON p.id = l.patient_id"
            " JOIN billing_months m ON m.id = l.month_id WHERE m.month = $1 AND l.status = 'paid'"
            " ORDER BY p.family_name LIMIT 1",
            month,
        )  # fmt: skip
        assert found is not None
        patient, name = found
        cover = (await list_coverages(conn, north.organisation, patient))[0]
        await correct_coverage(
            conn, north.organisation, patient, cover.id, payer=cover.payer, member_id="9AA9AA9AA99",
            reason="one letter was wrong", actor=people["biller"], now=clock.now,
        )  # fmt: skip
    return str(name)


def entries(page: str) -> list[str]:
    return re.findall(r'<section class="card" id="[ag]-.*?</section>', page, re.DOTALL)


async def test_an_entry_says_all_its_lines_what_follows_and_who_may_not_approve_it(
    api: Api, north: Practice, billed: Billed, pool: Pool, clock: Clock
) -> None:
    whose = await _changed_by_two(pool, north, billed.earlier.name, clock)
    here = f"/billing/{billed.earlier.name}/adjustments"
    admin, biller = await api.browser(north, "admin"), await api.browser(north, "biller")
    _, page = await admin.get(here)
    group = next(each for each in entries(page) if "Approve" in each or "patients</h2>" in each)
    # Of all patients, and not of the first one; each by itself below.
    rows = await pool.fetch(
        "SELECT l.code, count(*) AS many FROM billing_lines l JOIN billing_months m"
        " ON m.id = l.month_id WHERE m.month = $1 AND l.status NOT IN ('void', 'corrected')"
        " GROUP BY l.code HAVING count(*) > 1",
        billed.earlier.name,
    )
    assert len(rows) > 2
    for row in rows:
        assert f"{row['code']} \u00d7 {row['many']}" in group
    assert "10002-4321" in group
    assert re.search(r"<b>[^<]+</b>: \d+ lines? (goes|go|is|are) ", group)
    names = re.findall(r'patients/[^"]+">([^<]+)</a> <span', group)
    assert names == sorted(names, key=str.casefold)
    # Who has changed it is told so, and is offered no button that would be refused.
    assert "You have changed this yourself (practice&#39;s address, of " in group
    assert 'value="approve"' not in group
    (member,) = (each for each in entries(page) if "Member number" in each)
    assert whose in member
    assert 'value="approve"' in member
    _, page = await biller.get(here)
    (member,) = (each for each in entries(page) if "Member number" in each)
    assert 'value="approve"' not in member
    assert f" {whose}): another biller or administrator approves it." in member
    # One that has stood open since before is refused in words that name it.
    (form,) = re.findall(r'action="(/billing/[^"]+/adjustments/[^"]+)"', member)
    status, page = await biller.send(form, {"do": "approve", "reason": ""})
    assert status == 403
    assert f"Nothing is changed of {whose}, " in page
    assert "change of your own (member number)" in page
    _, page = await admin.get("/billing/practice")
    assert 'value="10002-4321"' in page
