"""What a hub says is wrong with itself reaches the queue: on a real PostgreSQL."""

import asyncio
import datetime as dt
from typing import Any

import pytest

from alerts.explanation import explained
from care.rules import Lane, Severity
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, Clinic
from tests.integration.alerts.homes import ZONE, Home, home, items, sweep

HEART = "heart-failure"
DEAF = "no Bluetooth adapter"
SECOND = dt.timedelta(seconds=1)


async def _ails(hub: Home, span: dt.timedelta, trouble: str | None = DEAF) -> None:
    """It says so each minute, from now on until after `span`."""
    words: dict[str, Any] = {} if trouble is None else {"trouble": trouble}
    await hub.speaks(**words)
    for _ in range(span // MINUTE):
        hub.clinic.later(MINUTE)
        await hub.speaks(**words)


async def _events(clinic: Clinic) -> list[str]:
    async with clinic.pool.acquire() as conn:
        found = await conn.fetch("SELECT event FROM alert_events ORDER BY id")
    return [row["event"] for row in found]


async def test_trouble_that_lasts_is_one_item_in_words(clinic: Clinic) -> None:
    hub = await home(clinic)
    await hub.device(await clinic.patient(programme=HEART))
    clinic.later(MINUTE)
    began = clinic.now
    await _ails(hub, 6 * MINUTE)
    await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.rule, item.subject_kind, item.subject, item.onset_at) == (
        "gateway-trouble", "gateway", "home-0007", began,
    )  # fmt: skip
    assert (item.lane, item.severity) == (Lane.TECHNICAL, Severity.MEDIUM)
    assert explained(item, zone=ZONE) == (
        "Hub home-0007 cannot do its work, it says: no Bluetooth adapter; it does not hear the"
        " devices: is its Bluetooth adapter plugged in?; 1 patient is waiting behind it"
    )


@pytest.mark.parametrize(("more", "count"), [(-SECOND, 0), (dt.timedelta(0), 1), (SECOND, 1)])
async def test_trouble_counts_after_five_minutes(
    clinic: Clinic, more: dt.timedelta, count: int
) -> None:
    hub = await home(clinic)
    clinic.later(MINUTE)
    await _ails(hub, 4 * MINUTE)
    clinic.later(MINUTE + more)
    await sweep(clinic)
    assert len(await items(clinic)) == count


async def test_a_status_in_between_that_says_nothing_of_it_begins_anew(clinic: Clinic) -> None:
    hub = await home(clinic)
    clinic.later(MINUTE)
    await _ails(hub, 4 * MINUTE)
    clinic.later(MINUTE)
    await hub.speaks()
    clinic.later(MINUTE)
    await _ails(hub, 4 * MINUTE)
    await sweep(clinic)
    assert await items(clinic) == []


async def test_trouble_of_days_stands_on_with_its_onset(clinic: Clinic) -> None:
    hub = await home(clinic)
    clinic.later(MINUTE)
    began = clinic.now
    await _ails(hub, 6 * MINUTE)
    await sweep(clinic)
    for _ in range(3):
        clinic.later(DAY)
        await _ails(hub, 20 * MINUTE)
        await sweep(clinic)
    (item,) = await items(clinic)
    assert (item.onset_at, item.cleared_at) == (began, None)
    assert await _events(clinic) == ["opened"]


async def test_sweeping_twice_or_at_once_changes_nothing(clinic: Clinic) -> None:
    hub = await home(clinic)
    clinic.later(MINUTE)
    await _ails(hub, 6 * MINUTE)
    await hub.speaks(trouble=DEAF, undecodable=2, at=clinic.now + SECOND)
    clinic.later(SECOND)
    await hub.speaks(trouble=DEAF, undecodable=2, at=clinic.now + SECOND)
    await asyncio.gather(*(sweep(clinic) for _ in range(4)))
    await sweep(clinic)
    before = await items(clinic)
    assert [each.rule for each in before] == ["frames-undecodable", "gateway-trouble"]
    again = await sweep(clinic)
    assert (again.opened, again.changed) == (0, 0)
    assert await items(clinic) == before
    assert await _events(clinic) == ["opened", "opened"]


async def test_a_last_will_says_nothing_of_it_and_a_later_status_does(clinic: Clinic) -> None:
    hub = await home(clinic)
    clinic.later(MINUTE)
    await _ails(hub, 6 * MINUTE)
    await sweep(clinic)
    clinic.later(MINUTE)
    await hub.leaves()
    await sweep(clinic)
    (item,) = await items(clinic)
    assert item.cleared_at is None
    clinic.later(MINUTE)
    await hub.speaks()
    await sweep(clinic)
    (item,) = await items(clinic)
    assert item.cleared_at == clinic.now
    assert await _events(clinic) == ["opened", "cleared"]


async def test_a_hub_that_goes_offline_is_the_only_item(clinic: Clinic) -> None:
    hub = await home(clinic)
    clinic.later(MINUTE)
    await _ails(hub, 6 * MINUTE)
    await hub.speaks(trouble=DEAF, undecodable=1, at=clinic.now + SECOND)
    await sweep(clinic)
    clinic.later(HOUR + MINUTE)
    await sweep(clinic)
    standing = [each.rule for each in await items(clinic) if each.cleared_at is None]
    assert standing == ["gateway-offline"]
    await hub.speaks(trouble=DEAF)
    await sweep(clinic)
    standing = [each.rule for each in await items(clinic) if each.cleared_at is None]
    assert standing == []  # It only just began to say so again.
    await _ails(hub, 5 * MINUTE)
    await sweep(clinic)
    standing = [each.rule for each in await items(clinic) if each.cleared_at is None]
    assert standing == ["gateway-trouble"]


@pytest.mark.parametrize(("count", "found"), [(0, []), (1, ["frames-undecodable"])])
async def test_frames_that_cannot_be_decoded_are_a_low_item(
    clinic: Clinic, count: int, found: list[str]
) -> None:
    hub = await home(clinic)
    clinic.later(MINUTE)
    await hub.speaks(undecodable=count)
    await sweep(clinic)
    told = await items(clinic)
    assert [each.rule for each in told] == found
    assert all(each.severity is Severity.LOW for each in told)
