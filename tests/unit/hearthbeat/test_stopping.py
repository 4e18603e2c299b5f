"""How a process hears that it shall stop."""

import asyncio
import os
import signal

import pytest

from hearthbeat.stopping import set_by, stop_on_signal


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_that_asks_to_stop_is_heard(number: signal.Signals) -> None:
    stop = stop_on_signal()
    assert not stop.is_set()
    os.kill(os.getpid(), number)
    async with asyncio.timeout(60):
        await stop.wait()


async def test_another_signal_sets_its_own_event_each_time() -> None:
    changed = set_by(signal.SIGHUP)
    for _ in range(2):
        os.kill(os.getpid(), signal.SIGHUP)
        async with asyncio.timeout(60):
            await changed.wait()
        changed.clear()


async def test_a_loop_without_signals_is_no_reason_to_fall_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(*_: object) -> None:
        raise NotImplementedError

    monkeypatch.setattr(asyncio.get_running_loop(), "add_signal_handler", none)
    assert not stop_on_signal().is_set()
