"""An alert opened on the chart: what it says, and what is done about it without scripts."""

from typing import Any
from uuid import UUID

import pytest

from care.rules import Severity
from store.pool import Pool
from tests.integration.console.conftest import Api, Browser, Clock, Practice
from tests.integration.console.test_alerts import raised
from tests.integration.console.test_queue import hub_offline

OTHER = UUID(int=77)


async def opened(
    api: Api, north: Practice, pool: Pool, clock: Clock, **changes: Any
) -> tuple[Browser, Any, str]:
    made = await raised(pool, north, clock, **changes)
    browser = await api.browser(north, "nurse")
    return browser, made, f"/patients/{north.patient}?alert={made.id}"


async def state(pool: Pool, alert: Any) -> str:
    return str(await pool.fetchval("SELECT state FROM alerts WHERE id = $1", alert.id))


async def test_the_panel_says_why_in_the_patients_time_and_what_was_done(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    browser, _, where = await opened(api, north, pool, clock)
    status, page = await browser.get(where)
    assert status == 200
    assert "Systolic 184 mmHg at 03:02 on 20 Nov, limit at or above 180." in page
    assert "Opened" in page
    assert page.count("<h1") == 1


async def test_each_form_does_what_it_says_and_comes_back(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    browser, alert, where = await opened(api, north, pool, clock)
    steps: list[tuple[str, dict[str, str], str]] = [
        ("claim", {}, "open"),
        ("acknowledge", {"note": "on it"}, "acknowledged"),
        ("note", {"text": "called, no answer"}, "acknowledged"),
        ("snooze", {"for": "60", "reason": "calls back at ten"}, "snoozed"),
        ("resolve", {"outcome": "called_patient", "note": "feels well", "minutes": "6",
                     "mode": "live_phone"}, "resolved"),
        ("reopen", {"reason": "called again"}, "open"),
        ("escalate", {"reason": "chest pain"}, "escalated"),
    ]  # fmt: skip
    for action, fields, after in steps:
        version = await pool.fetchval("SELECT version FROM alerts WHERE id = $1", alert.id)
        status, page = await browser.send(
            f"/patients/alerts/{alert.id}/{action}", {"version": str(version), **fields}
        )
        assert status == 303, (action, page)
        assert browser.where == where
        assert await state(pool, alert) == after
    _, page = await browser.get(where)
    for words in ("on it", "called, no answer", "feels well", "chest pain"):
        assert words in page, words
    assert await pool.fetchval("SELECT sum(seconds) FROM time_entries") == 360


async def test_a_stale_form_overwrites_nothing_and_keeps_what_was_typed(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    browser, alert, _ = await opened(api, north, pool, clock)
    where = f"/patients/alerts/{alert.id}"
    await browser.send(f"{where}/acknowledge", {"version": "1"})
    typed = {"version": "1", "outcome": "watch", "note": "<i>typed</i> with care"}
    status, page = await browser.send(f"{where}/resolve", typed)
    assert status == 412
    assert "Acknowledged by" in page
    assert "&lt;i&gt;typed&lt;/i&gt; with care" in page
    assert "Nothing was overwritten" in page
    assert await state(pool, alert) == "acknowledged"


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("resolve", {"outcome": "watch", "note": "x"}),
        ("resolve", {"outcome": "watch", "note": "seen", "minutes": "many"}),
        ("escalate", {"reason": ""}),
        ("note", {"text": ""}),
        ("snooze", {"for": "60"}),
        ("snooze", {"for": "for ever"}),
    ],
)
async def test_what_cannot_be_is_said_and_the_page_is_whole(
    api: Api, north: Practice, pool: Pool, clock: Clock, action: str, fields: dict[str, str]
) -> None:
    browser, alert, _ = await opened(api, north, pool, clock)
    status, page = await browser.send(
        f"/patients/alerts/{alert.id}/{action}", {"version": "1", **fields}
    )
    assert status in {400, 409, 422}
    assert 'role="alert"' in page
    assert "ABLE, Ada" in page
    assert await state(pool, alert) == "open"


async def test_an_action_that_there_is_not_and_a_form_that_is_not_ours(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    browser, alert, _ = await opened(api, north, pool, clock)
    where = f"/patients/alerts/{alert.id}"
    assert (await browser.send(f"{where}/delete", {"version": "1"}))[0] == 404
    assert (await browser.send(f"{where}/note", {"text": "x", "csrf": "guess"}))[0] == 403


async def test_another_patients_alert_is_not_shown_here(
    api: Api, north: Practice, south: Practice, pool: Pool, clock: Clock
) -> None:
    browser, alert, _ = await opened(api, north, pool, clock)
    theirs = await raised(pool, south, clock, id=OTHER)
    for patient, which in (
        (north.other_patient, alert.id), (north.patient, theirs.id), (north.patient, UUID(int=9)),
    ):  # fmt: skip
        assert (await browser.get(f"/patients/{patient}?alert={which}"))[0] == 404
    assert (await browser.get(f"/patients/{north.patient}?alert=x"))[0] == 404
    assert (await browser.send(f"/patients/alerts/{theirs.id}/acknowledge", {}))[0] == 404


async def test_the_next_patient_is_the_queues_and_its_filter_goes_along(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    browser, _, where = await opened(api, north, pool, clock, severity=Severity.CRITICAL)
    other = await raised(
        pool, _of(north), clock, id=OTHER, severity=Severity.HIGH, peak=Severity.HIGH
    )
    _, page = await browser.get(f"{where}&from=severity%3Dcritical%2Chigh")
    assert f"/patients/{north.other_patient}?alert={other.id}&amp;from=severity" in page
    assert "Row 1 of 2 in the queue, filtered" in page
    _, page = await browser.get(f"{where}&from=severity%3Dcritical")
    assert str(north.other_patient) not in page


async def test_the_chart_counts_the_rows_that_the_list_counts(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    """A hub in trouble is a row too; patients of no team of mine are none of "my patients"."""
    browser, _, where = await opened(api, north, pool, clock)
    await hub_offline(pool, north, clock)
    other = await raised(
        pool, _of(north), clock, id=OTHER, severity=Severity.LOW, peak=Severity.LOW
    )
    _, queue = await browser.get("/queue")
    assert "3 rows: 1 critical, 1 medium, 1 low" in queue
    _, page = await browser.get(where)
    assert "Row 1 of 3 in the queue<" in page
    assert f'rel="next" data-key="]" href="/patients/{north.other_patient}?alert={other.id}' in page
    _, page = await browser.get(f"/patients/{north.other_patient}?alert={other.id}")
    assert "Row 3 of 3 in the queue<" in page
    _, queue = await browser.get("/queue?who=team")
    assert "3 rows hidden" in queue
    _, page = await browser.get(f"{where}&from=who%3Dteam")
    assert "in the queue" not in page


async def test_after_resolving_one_goes_on_where_one_chose_to(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    browser, alert, where = await opened(api, north, pool, clock)
    other = await raised(pool, _of(north), clock, id=OTHER)
    after = f"{north.other_patient}/{other.id}"
    form = {"version": "1", "outcome": "watch", "note": "seen today", "after": after}
    await pool.execute(
        "UPDATE users SET preferences = '{\"move_on\": true}' WHERE username = $1",
        north.username("nurse"),
    )
    browser = await api.browser(north, "nurse")
    status, _ = await browser.send(f"/patients/alerts/{alert.id}/resolve", form)
    assert (status, browser.where) == (
        303, f"/patients/{north.other_patient}?alert={other.id}",
    )  # fmt: skip
    assert where != browser.where


async def test_who_may_only_watch_sees_no_forms(
    api: Api, north: Practice, pool: Pool, clock: Clock
) -> None:
    _, alert, where = await opened(api, north, pool, clock)
    auditor = await api.browser(north, "auditor")
    status, page = await auditor.get(where)
    assert status == 200
    assert "/patients/alerts/" not in page
    assert (await auditor.send(f"/patients/alerts/{alert.id}/acknowledge", {}))[0] == 403


def _of(north: Practice) -> Practice:
    """The same clinic, its other patient."""
    fields = {name: getattr(north, name) for name in north.__dataclass_fields__}
    return Practice(**(fields | {"patient": north.other_patient}))


@pytest.mark.parametrize(
    ("why", "words", "other"),
    [
        ("good_again", "Good again", "Limits changed"),
        ("plan_changed", "Limits changed", "Good again"),
    ],
)
async def test_how_an_alert_came_to_be_over_is_said_as_it_was(
    api: Api, north: Practice, pool: Pool, clock: Clock, why: str, words: str, other: str
) -> None:
    browser, alert, where = await opened(api, north, pool, clock)
    await pool.execute(
        "UPDATE alerts SET cleared_at = $2, cleared_why = $3 WHERE id = $1", alert.id, clock(), why
    )
    for path in ("/queue", where):
        _, page = await browser.get(path)
        assert words in page, path
        assert other not in page, path
    # What never was is neither: a reading that was somebody else's, for one.
    await pool.execute("UPDATE alerts SET state = 'withdrawn', ended_at = $1", clock())
    _, page = await browser.get(where)
    assert words not in page
    assert "Withdrawn" in page
