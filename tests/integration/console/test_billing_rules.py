"""The page and the routes of rules: who reads, who writes, and what is said of faults."""

import datetime as dt
import re
from typing import Any

import pytest

from store.pool import Pool
from tests.integration.billing.clinic import Clinic, of_practice
from tests.integration.console.conftest import Api, Clock, Practice
from tests.unit.billing.rule_texts import rules_text

HERE = "/billing/rules"
SETS = "/billing/rule-sets"
WORDS = "The rules for Medicare are confirmed through"


@pytest.fixture
def clock() -> Clock:
    return Clock(now=dt.datetime(2026, 11, 22, 17, tzinfo=dt.UTC))


@pytest.fixture
async def clinic(pool: Pool, north: Practice) -> Any:
    async with pool.acquire() as conn:
        yield await of_practice(conn, north.organisation, north.username)


def faults_in(page: str) -> list[str]:
    return re.findall(r'class="fault"[^>]*>([^<]*)<', page)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("admin", 200, True), ("biller", 200, False), ("auditor", 200, False),
        ("clinician", 200, False), ("nurse", 403, False),
    ],
)  # fmt: skip
async def test_who_reads_and_who_writes(
    api: Api, north: Practice, role: str, reads: int, *, writes: bool
) -> None:
    browser, token = await api.browser(north, role), await api.signed_in(north, role)
    status, page = await browser.get(HERE)
    assert (status, "Confirm for longer" in page) == (reads, writes)
    assert (await api.get(SETS, token))[0] == reads
    form = {"set": "medicare-2026", "through": "2027-01-31", "reason": "read"}
    assert (await browser.send(f"{HERE}/confirm", form))[0] == (303 if writes else 403)
    body = {"text": rules_text(begins="2027-02-01"), "reason": "read"}
    assert (await api.post(SETS, body, token))[0] == (201 if writes else 403)
    body = {"through": "2028-01-01", "reason": "read"}
    status, _ = await api.post(f"{SETS}/medicare-2027/confirm", body, token)
    assert status == (422 if writes else 403)


async def test_an_administrator_confirms_and_the_warning_goes(
    api: Api, north: Practice, south: Practice, clinic: Clinic
) -> None:
    admin = await api.browser(north, "admin")
    biller = await api.browser(north, "biller")
    for path in (HERE, "/billing", "/billing/2026-11"):
        assert WORDS in (await biller.get(path))[1], path
    sent = {"set": "medicare-2026", "through": "2026-12-31", "reason": ""}
    status, page = await admin.send(f"{HERE}/confirm", sent)
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    status, page = await admin.send(f"{HERE}/confirm", sent | {"reason": "Final rule of 2027"})
    assert status == 422
    assert faults_in(page) == [
        (
            "The set medicare-2026 is confirmed through 2026-12-31 already: name a later day. A "
            "confirmation is never taken back."
        )
    ]
    assert "Final rule of 2027" in page
    sent |= {"reason": "Final rule of 2027", "through": "2027-12-31"}
    assert (await admin.send(f"{HERE}/confirm", sent))[0] == 303
    _, page = await admin.get(HERE)
    assert "Final rule of 2027" in page
    assert WORDS not in page
    for path in ("/billing", "/billing/2026-11"):
        assert WORDS not in (await biller.get(path))[1]
    other = await api.browser(south, "admin")
    assert WORDS in (await other.get(HERE))[1]
    assert clinic.id == north.organisation


async def test_a_practice_without_a_payer_of_these_rules_is_not_told_on_its_months(
    api: Api, south: Practice
) -> None:
    biller = await api.browser(south, "biller")
    assert WORDS not in (await biller.get("/billing"))[1]
    assert WORDS in (await biller.get(HERE))[1]


async def test_a_file_is_taken_in_whole_or_each_fault_is_told(
    api: Api, north: Practice, pool: Pool
) -> None:
    admin = await api.browser(north, "admin")
    sent = {"file_name": "next.toml", "reason": "From our adviser", "file": ""}
    status, page = await admin.send(HERE, sent)
    assert (status, faults_in(page)) == (422, ["Must not be empty."])
    bad = rules_text().replace("max_days = 30", "max_days = 40, most = 2")
    status, page = await admin.send(HERE, sent | {"file": bad})
    assert status == 422
    assert "Nothing is taken in. 2 faults in the file" in page
    assert "medicare-2027.supply[0].most" in page
    overlapping = rules_text("medicare-2025b", "2025-06-01")
    status, page = await admin.send(HERE, sent | {"file": overlapping})
    assert status == 422
    assert "both hold on 2025-06-01" in faults_in(page)[0]
    assert await pool.fetchval("SELECT count(*) FROM rule_set_statements") == 0
    assert (await admin.send(HERE, sent | {"file": rules_text()}))[0] == 303
    _, page = await admin.get(HERE)
    for words in ("medicare-2027", "next.toml", "From our adviser", "1 Jan 2027"):
        assert words in page
    status, page = await admin.send(HERE, sent | {"file": rules_text()})
    assert (status, "is here already, word for word" in page) == (409, True)


async def test_a_set_is_read_as_the_file_that_it_came_in(api: Api, north: Practice) -> None:
    admin = await api.browser(north, "admin")
    status, shipped = await admin.get(f"{HERE}/medicare-2026/file")
    assert status == 200
    assert '["medicare-2026"]' in shipped
    for text in (rules_text(), rules_text(version=2, minutes=25)):
        assert (await admin.send(HERE, {"file": text, "reason": "From our adviser"}))[0] == 303
        status, body = await admin.get(f"{HERE}/medicare-2027/file")
        assert (status, body) == (200, text.strip())
    assert (await admin.get(f"{HERE}/medicare-1999/file"))[0] == 404


async def test_a_payer_of_other_rules_is_changed_without_losing_them(
    api: Api, north: Practice
) -> None:
    admin = await api.browser(north, "admin")
    sent = {"file": rules_text("harbour-2027"), "reason": "From the plan"}
    assert (await admin.send(HERE, sent))[0] == 303
    _, page = await admin.get("/billing/payers/new")
    assert '<option value="harbour">Harbour</option>' in page


async def test_over_the_api_the_same(api: Api, north: Practice) -> None:
    admin = await api.signed_in(north, "admin")
    _, found = await api.get(SETS, admin)
    assert [each["name"] for each in found["items"]] == [
        "medicare-2026", "medicare-2025", "medicare-2024",
    ]  # fmt: skip
    assert found["items"][0]["confirmed_through"] == "2026-12-31"
    assert found["notices"][0]["rule_set"] == "medicare-2026"
    bad = rules_text().replace("max_days", "most_days")
    status, told = await api.post(SETS, {"text": bad, "reason": "x"}, admin)
    assert (status, told["pointer"]) == (422, "/file")
    bad = rules_text().replace("max_days = 30", "max_days = 40, most = 2")
    status, told = await api.post(SETS, {"text": bad, "reason": "x"}, admin)
    assert status == 422
    assert "medicare-2027.supply[0].most: is no field of a rule set" in str(told)
    body = {"text": rules_text(), "file": "next.toml", "reason": "From our adviser"}
    status, made = await api.post(SETS, body, admin)
    assert (status, made["items"][0]["origin"]) == (201, "imported")
    assert (await api.post(SETS, body, admin))[0] == 409
    body = {"through": "2026-06-30", "reason": "x"}
    status, told = await api.post(f"{SETS}/medicare-2026/confirm", body, admin)
    assert (status, told["pointer"]) == (422, "/through")
    body = {"through": "2027-12-31", "reason": "x"}
    assert (await api.post(f"{SETS}/medicare-1999/confirm", body, admin))[0] == 404
    status, told = await api.post(f"{SETS}/medicare-2026/confirm", body, admin)
    assert (status, "ends on 2026-12-31" in told["detail"] or "already" in told["detail"]) == (
        422, True,
    )  # fmt: skip
