"""How a process that runs until it is told to stop hears of it."""

import asyncio
import contextlib
import signal


def stop_on_signal() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT. To be called on the running loop."""
    return set_by(signal.SIGTERM, signal.SIGINT)


def set_by(*signals: signal.Signals) -> asyncio.Event:
    """An event that any of these sets, as often as it comes."""
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in signals:
        # A loop without signals (Windows) ends by KeyboardInterrupt, as any program there.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, heard.set)
    return heard
