import datetime as dt
from functools import partial
from pathlib import Path

import pytest

from gateway import journal
from gateway.hub_clock import HubClock
from gateway.journal import Journal
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from gateway.settings import KeepRules
from gateway.upkeep import Upkeep
from tests.unit.gateway.builders import CUFF, NOW, moment, outbox_in, reading
from wire.messages import Receipts

EARLIEST = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)


def upkeep(file: OutboxFile, *, now: dt.datetime = NOW, **rules: int) -> Upkeep:
    clock = HubClock(lambda: now, earliest=EARLIEST, grace_s=0, newest_known=None)
    return Upkeep(file, rules=KeepRules(**rules), clock=clock)


def fill(outbox: Outbox, count: int) -> None:
    outbox.add(*[reading(number) for number in range(count)], now=NOW)


def receipt_all(outbox: Outbox) -> None:
    waiting = outbox.pending_from(0, most=10_000)
    outbox.settle(Receipts(committed=[one.id for one in waiting]), now=NOW)


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        (dt.timedelta(days=30) - dt.timedelta(seconds=1), 1),
        (dt.timedelta(days=30), 1),
        (dt.timedelta(days=30, seconds=1), 0),
    ],
)
async def test_receipted_readings_stay_for_thirty_days(
    tmp_path: Path, age: dt.timedelta, kept: int
) -> None:
    file, outbox = outbox_in(tmp_path)
    fill(outbox, 1)
    receipt_all(outbox)
    await upkeep(file, now=NOW + age).tidy()
    assert outbox.states().get("committed", 0) == kept
    file.close()


async def test_readings_without_a_receipt_stay_for_ever(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    fill(outbox, 3)
    await upkeep(file, now=NOW + dt.timedelta(days=4000), receipted_bytes=1).tidy()
    assert outbox.queue_depth == 3
    file.close()


async def test_receipted_readings_keep_within_their_room(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    fill(outbox, 2000)
    receipt_all(outbox)
    before = file.used_bytes()
    await upkeep(file, receipted_bytes=before // 2).tidy()
    assert 0 < outbox.states()["committed"] < 2000
    assert file.used_bytes() <= before // 2
    file.close()


async def test_a_hub_that_does_not_know_the_time_forgets_nothing(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    fill(outbox, 1)
    receipt_all(outbox)
    clock = HubClock(
        lambda: NOW + dt.timedelta(days=400),
        earliest=NOW + dt.timedelta(days=500),
        grace_s=0,
        newest_known=None,
    )
    await Upkeep(file, rules=KeepRules(), clock=clock).tidy()
    assert outbox.states() == {"committed": 1}
    file.close()


async def test_only_the_newest_undecodable_frames_are_kept(tmp_path: Path) -> None:
    file, _ = outbox_in(tmp_path)
    visit = Journal(file, device=CUFF, profile="generic", kept=lambda: None)
    for number in range(10):
        visit.keep("2a35", bytes([number]), at=moment(), trusted=True)
    for frame in journal.waiting(file, most=100):
        file.write(partial(journal.refuse, frame=frame, error="truncated"))
    await upkeep(file, undecodable_frames=4).tidy()
    assert journal.counts(file) == (0, 4)
    file.close()


async def test_visits_with_nothing_left_to_say_are_forgotten(tmp_path: Path) -> None:
    file, _ = outbox_in(tmp_path)
    for _ in range(5):
        Journal(file, device=CUFF, profile="generic", kept=lambda: None).end()
    await upkeep(file).tidy()
    ((count,),) = file.write(lambda c: c.execute("SELECT count(*) FROM sessions").fetchall())
    assert count == 0
    file.close()
