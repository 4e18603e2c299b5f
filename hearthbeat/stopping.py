"""How a process that runs until it is told to stop hears of it."""

import asyncio
import signal


def stop_on_signal() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT. To be called on the running loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
