"""Taking on and putting off in one step: both stand in the history, or neither was done."""

from typing import Any
from uuid import UUID

import pytest

from store.pool import Pool
from tests.integration.console.conftest import Api, Clock, Practice
from tests.integration.console.test_alerts import raised
from tests.integration.console.test_queue import hub_offline

HISTORY = """
SELECT e.event, u.username, e.version FROM alert_events e LEFT JOIN users u ON u.id = e.actor
WHERE e.alert_id = $1 AND e.event <> 'opened' ORDER BY e.version
"""


async def history(pool: Pool, alert: UUID) -> list[tuple[str, str, int]]:
    return [tuple(row) for row in await pool.fetch(HISTORY, alert)]


def both(north: Practice) -> list[tuple[str, str, int]]:
    nurse = north.username("nurse")
    return [("acknowledged", nurse, 2), ("snoozed", nurse, 3)]


async def test_one_request_takes_on_and_puts_off_and_asked_again_changes_nothing(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    body = {"version": 1, "minutes": 60, "reason": "rings back", "acknowledge": True}
    for _ in range(2):
        status, after = await api.post(
            f"/alerts/{made.id}/snooze", body, token, headers={"Idempotency-Key": "one"}
        )
        assert (status, after["state"], after["version"]) == (200, "snoozed", 3)
        assert after["acknowledged_name"] == north.username("nurse")
    assert await history(pool, made.id) == both(north)


async def test_without_being_asked_to_it_still_takes_nothing_on(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    status, _ = await api.post(f"/alerts/{made.id}/snooze", {"version": 1, "minutes": 60}, token)
    assert status == 409
    assert await history(pool, made.id) == []


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"minutes": 72 * 60 + 1}, 422),  # Longer than the plan allows.
        ({"minutes": 0}, 422),
        ({"minutes": None}, 400),
        ({"version": 9}, 412),
    ],
)
async def test_where_it_cannot_be_put_off_it_is_not_taken_on_either(
    api: Api, pool: Pool, north: Practice, clock: Clock, change: dict[str, Any], status: int
) -> None:
    token = await api.signed_in(north, "nurse")
    made = await raised(pool, north, clock)
    body = {"version": 1, "minutes": 60, "acknowledge": True} | change
    answered, _ = await api.post(f"/alerts/{made.id}/snooze", body, token)
    assert answered == status
    assert await history(pool, made.id) == []
    assert await pool.fetchval("SELECT state FROM alerts WHERE id = $1", made.id) == "open"


async def test_what_a_colleague_has_taken_on_stays_theirs_and_is_put_off(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    made = await raised(pool, north, clock)
    doctor, nurse = [await api.signed_in(north, role) for role in ("clinician", "nurse")]
    await api.post(f"/alerts/{made.id}/acknowledge", {"version": 1}, doctor)
    body = {"version": 2, "minutes": 60, "acknowledge": True}
    status, after = await api.post(f"/alerts/{made.id}/snooze", body, nurse)
    assert (status, after["acknowledged_name"]) == (200, north.username("clinician"))
    assert await history(pool, made.id) == [
        ("acknowledged", north.username("clinician"), 2), ("snoozed", north.username("nurse"), 3),
    ]  # fmt: skip


@pytest.mark.parametrize("where", ["/queue/alerts", "/patients/alerts"])
async def test_the_form_of_what_nobody_has_taken_on_does_both_and_says_so_before(
    api: Api, pool: Pool, north: Practice, clock: Clock, where: str
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    form = f"/queue/alerts/{made.id}/snooze"
    shown = form if "queue" in where else f"/patients/{north.patient}?alert={made.id}"
    _, page = await browser.get(shown)
    assert "Acknowledge and snooze" in page
    assert '<input type="hidden" name="acknowledge" value="yes">' in page
    status, _ = await browser.send(
        f"{where}/{made.id}/snooze", {"version": 1, "for": "60", "acknowledge": "yes"}
    )
    assert status == 303
    assert await history(pool, made.id) == both(north)
    _, page = await browser.get(shown)
    assert "Acknowledge and snooze" not in page
    assert 'name="acknowledge"' not in page


async def test_the_form_speaks_of_the_clinics_clock_where_there_is_no_patient(
    api: Api, pool: Pool, north: Practice, clock: Clock
) -> None:
    browser = await api.browser(north, "nurse")
    hub, about = await hub_offline(pool, north, clock), await raised(pool, north, clock)
    _, page = await browser.get(f"/queue/alerts/{hub.id}/snooze")
    assert "tomorrow 08:00, the clinic&#39;s time" in page
    _, page = await browser.get(f"/queue/alerts/{about.id}/snooze")
    assert "tomorrow 08:00, the patient&#39;s time" in page


@pytest.mark.parametrize(
    "where", ["/queue/alerts/{alert}/resolve", "/patients/{patient}?alert={alert}"]
)
async def test_a_note_that_is_needed_is_not_called_optional(
    api: Api, pool: Pool, north: Practice, clock: Clock, where: str
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    _, page = await browser.get(where.format(alert=made.id, patient=north.patient))
    head, _, _ = page.partition("Needed, in three characters or more, unless a usual note says it.")
    assert head != page
    assert head.rpartition("<label")[2].count("(optional)") == 0
    assert 'Usual note <span class="soft">(optional)</span>' in page
    status, _ = await browser.send(
        f"/queue/alerts/{made.id}/resolve", {"version": 1, "outcome": "watch", "template": "known"}
    )
    assert status == 303


@pytest.mark.parametrize("until", ["9999-12-31T23:59", "0001-01-01T00:00", "tomorrow"])
async def test_a_time_at_the_end_of_the_calendar_is_refused_like_any_other(
    api: Api, pool: Pool, north: Practice, clock: Clock, until: str
) -> None:
    browser = await api.browser(north, "nurse")
    made = await raised(pool, north, clock)
    form = {"version": 1, "for": "custom", "until": until, "acknowledge": "yes"}
    status, _ = await browser.send(f"/queue/alerts/{made.id}/snooze", form)
    assert status in {400, 422}
    assert await history(pool, made.id) == []
