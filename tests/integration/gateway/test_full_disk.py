"""A disk that is really full: a small tmpfs, which needs root to mount."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import UNSET

from gateway.errors import DiskFull
from gateway.hub import Progress
from gateway.journal import Journal, waiting
from gateway.opening import open_outbox
from gateway.outbox import Outbox
from gateway.outbox_file import FILE, OutboxFile
from gateway.settings import KeepRules
from simulator.devices.cuff import Cuff
from simulator.radio import VirtualRadio
from tests.integration.gateway.clinic import Clinic, until
from tests.integration.gateway.conftest import HOME, StartHub
from tests.unit.gateway.builders import CUFF, NOW, break_the_middle, moment, reading
from wire.messages import Receipts

BALLAST = 256 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "disk"
    path.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(path)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a tmpfs cannot be mounted here: that takes root")
    yield path
    subprocess.run(["umount", "-l", str(path)], check=False)


def fill_up(disk: Path) -> Path:
    hog = disk / "hog"
    with hog.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * 4096) == 4096:
            pass
    return hog


def fill_up_without_ballast(disk: Path) -> Path:
    for path in disk.glob("ballast-*"):
        path.unlink()
    return fill_up(disk)


def write_until_full(write: Callable[[int], object]) -> int:
    """How many writes went well."""
    for number in range(1_000_000):
        try:
            write(number)
        except DiskFull:
            return number
    pytest.fail("the disk never filled up")


@contextlib.contextmanager
def not_a_page_more(disk: Path, file: OutboxFile) -> Iterator[None]:
    """While somebody reads, the log cannot begin again from its start: it is used up here."""
    with contextlib.closing(sqlite3.connect(disk / FILE)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM counter").fetchall()
        write_until_full(lambda _: file.write(_touch, drains=True))
        yield


def _touch(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE counter SET last_seq = last_seq + 1")


def opened(disk: Path) -> tuple[OutboxFile, Outbox]:
    file = open_outbox(disk, ballast_bytes=BALLAST, now=NOW)
    return file, Outbox(file, disk)


def fill_with_readings(outbox: Outbox) -> int:
    return write_until_full(lambda number: outbox.add(reading(number), now=NOW))


def test_a_frame_still_finds_room_when_the_disk_fills_up(small_disk: Path) -> None:
    file, _ = opened(small_disk)
    journal = Journal(file, device=CUFF, profile="generic", kept=lambda: None)
    fill_up(small_disk)

    for number in range(100):
        journal.keep("2a35", bytes([number]), at=moment(), trusted=True)

    assert len(waiting(file, most=1000)) == 100
    assert not file.has_room, "whoever can hold back a reading should do so now"
    file.close()


def test_nothing_is_said_to_be_kept_when_it_is_not(small_disk: Path) -> None:
    file, _ = opened(small_disk)
    journal = Journal(file, device=CUFF, profile="generic", kept=lambda: None)
    fill_up(small_disk)

    kept = write_until_full(
        lambda _: journal.keep("2a35", os.urandom(200), at=moment(), trusted=True)
    )

    assert len(waiting(file, most=100_000)) == kept
    file.close()


def test_the_end_of_a_visit_is_noted_as_soon_as_there_is_room(small_disk: Path) -> None:
    # A weight waits for the body composition that may follow it, until the visit has ended.
    file, _ = opened(small_disk)
    journal = Journal(file, device=CUFF, profile="generic", kept=lambda: None)
    journal.keep("2a9d", b"weight", at=moment(), trusted=True)
    hog = fill_up_without_ballast(small_disk)

    with not_a_page_more(small_disk, file):
        journal.end()
        assert not waiting(file, most=1)[0].ended

    hog.unlink()
    assert file.relieve()
    assert waiting(file, most=1)[0].ended
    file.close()


def test_a_damaged_file_stays_in_its_place_until_there_is_room_for_a_new_one(
    small_disk: Path,
) -> None:
    file, outbox = opened(small_disk)
    outbox.add(*[reading(number) for number in range(1000)], now=NOW)
    file.close()
    break_the_middle(small_disk / FILE)
    hog = fill_up_without_ballast(small_disk)

    for _ in range(2):
        with pytest.raises(DiskFull):
            opened(small_disk)

    hog.unlink()
    file, outbox = opened(small_disk)
    assert outbox.queue_depth > 800
    assert len(list(small_disk.glob(f"{FILE}.damaged-*"))) == 1
    file.close()


def test_a_full_outbox_drains_and_takes_the_ballast_aboard_again(small_disk: Path) -> None:
    file, outbox = opened(small_disk)
    count = fill_with_readings(outbox)
    assert count > 1000

    pending = outbox.pending_from(0, most=count)
    outbox.settle(Receipts(committed=[one.id for one in pending]), now=NOW)
    assert file.relieve()

    assert file.has_room
    assert outbox.queue_depth == 0
    assert outbox.add(reading(90_000), now=NOW)[0].seq == outbox.last_seq
    file.close()


def test_what_has_no_receipt_is_never_forgotten_for_room(small_disk: Path) -> None:
    file, outbox = opened(small_disk)
    count = fill_with_readings(outbox)

    assert not file.relieve()

    assert outbox.queue_depth == count
    file.close()


def test_a_hub_starts_on_a_full_disk_by_means_of_its_ballast(small_disk: Path) -> None:
    file, outbox = opened(small_disk)
    outbox.add(reading(1), now=NOW)
    file.close()
    fill_up(small_disk)

    file, outbox = opened(small_disk)

    assert outbox.queue_depth == 1
    assert not file.has_room
    file.close()


def test_without_any_room_the_hub_says_so_and_sets_nothing_aside(small_disk: Path) -> None:
    file, outbox = opened(small_disk)
    outbox.add(reading(1), now=NOW)
    file.close()
    hog = fill_up_without_ballast(small_disk)

    with pytest.raises(DiskFull, match="cannot be opened"):
        opened(small_disk)

    hog.unlink()
    file, outbox = opened(small_disk)
    assert outbox.queue_depth == 1
    file.close()


def test_a_hub_that_was_killed_starts_without_any_room(small_disk: Path) -> None:
    killed, outbox = opened(small_disk)  # Not closed: its log and its index stay, as after a kill.
    outbox.add(reading(1), now=NOW)
    fill_up_without_ballast(small_disk)

    file, outbox = opened(small_disk)

    assert not file.has_room
    assert [one.seq for one in outbox.pending_from(0, most=9)] == [1], "and it can send"
    file.close()
    killed.close()


async def test_a_hub_that_cannot_open_its_outbox_says_so_and_waits_for_room(
    small_disk: Path, clinic: Clinic, start_hub: StartHub
) -> None:
    file, outbox = opened(small_disk)
    outbox.add(reading(1), now=NOW)
    file.close()
    hog = fill_up_without_ballast(small_disk)

    async with start_hub(data_dir=small_disk, keep=KeepRules(ballast_bytes=BALLAST)):
        await until(lambda: clinic.statuses)
        _, status = clinic.statuses[0]
        assert status.state == "online"
        assert status.trouble == "the disk is full"
        assert not clinic.stored
        hog.unlink()
        await until(lambda: clinic.stored)
        await until(lambda: clinic.statuses[-1][1].trouble is UNSET)


async def test_a_hub_that_waits_for_room_can_be_stopped(
    small_disk: Path, start_hub: StartHub
) -> None:
    opened(small_disk)[0].close()
    fill_up_without_ballast(small_disk)
    async with asyncio.timeout(60), start_hub(data_dir=small_disk) as hub:
        await asyncio.sleep(0)
        assert hub.progress == Progress()


async def test_a_hub_with_a_full_disk_leaves_readings_on_the_device(
    small_disk: Path, radio: VirtualRadio, clinic: Clinic, start_hub: StartHub
) -> None:
    cuff = await radio.add(Cuff(address=CUFF, zone=HOME))
    async with start_hub(data_dir=small_disk, keep=KeepRules(ballast_bytes=BALLAST)):
        await until(lambda: clinic.statuses)
        hog = fill_up_without_ballast(small_disk)
        await cuff.measure(systolic=120, diastolic=80)
        await asyncio.sleep(1)
        assert cuff.sessions == 0
        assert not clinic.stored
        hog.unlink()
        await until(lambda: clinic.stored)
