"""Talking to the person at the terminal, who may have left."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Coroutine
from typing import Any, Final

import click

STOPPED_BY: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def say(text: str) -> None:
    """Print; a terminal that is gone, or a pipe that nobody reads, is no reason to fall over."""
    with contextlib.suppress(OSError):
        click.echo(text)


async def agreed(question: str) -> bool:
    """Ask whoever sits there; nothing but a yes is one. A signal ends the waiting as any other."""
    click.echo(f"{question} [y/N]: ", nl=False, err=True)
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str] = loop.create_future()

    def read() -> None:
        if not typed.done():
            typed.set_result(sys.stdin.readline())

    # Not in a thread: that could not be left while nobody answers.
    loop.add_reader(sys.stdin, read)
    try:
        return (await typed).strip().lower() in {"y", "yes"}
    finally:
        loop.remove_reader(sys.stdin)


async def until_stopped(work: Coroutine[Any, Any, None]) -> bool:
    """Do the work until it ends, or a signal asks to stop; True where it was stopped.

    The first signal cancels the work, which then puts its things in order; further ones find it
    doing that and change nothing.
    """
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for number in STOPPED_BY:
        loop.add_signal_handler(number, _stop, task)
    try:
        await task
    except asyncio.CancelledError:
        return True
    finally:
        for number in STOPPED_BY:
            loop.remove_signal_handler(number)
    return False


def _stop(task: asyncio.Future[None]) -> None:
    if isinstance(task, asyncio.Task) and not task.done() and not task.cancelling():
        say("\nStopping …")
        task.cancel()
