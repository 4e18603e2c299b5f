import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.sd_notify import ALIVE, READY, Notifier
from gateway.watchdogs import STUCK_LOOP_STATUS, LoopWatch


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.setblocking(False)
        yield line


def test_systemd_hears_us(systemd: socket.socket) -> None:
    notifier = Notifier(systemd.getsockname())
    notifier.say(READY)
    notifier.status("all is\nwell")
    assert systemd.recv(100) == b"READY=1"
    assert systemd.recv(100) == b"STATUS=all is well"


def test_without_systemd_nothing_is_said() -> None:
    Notifier(None).say(READY)


def test_a_deaf_systemd_is_no_disaster(tmp_path: Path) -> None:
    Notifier(str(tmp_path / "nobody")).say(READY)


async def test_a_turning_loop_is_alive(systemd: socket.socket) -> None:
    left: list[int] = []
    watch = LoopWatch(limit_s=5, notifier=Notifier(systemd.getsockname()), leave=left.append)
    task = asyncio.create_task(watch.run())
    await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert systemd.recv(100) == ALIVE.encode()
    assert not left


async def test_a_loop_that_does_not_turn_ends_the_process() -> None:
    left: list[int] = []
    watch = LoopWatch(limit_s=0.2, notifier=Notifier(None), leave=left.append)
    task = asyncio.create_task(watch.run())
    await asyncio.sleep(0.05)
    give_up = time.monotonic() + 10
    while not left and time.monotonic() < give_up:
        time.sleep(0.01)  # noqa: ASYNC251 - the fault under test
    assert left == [STUCK_LOOP_STATUS]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
