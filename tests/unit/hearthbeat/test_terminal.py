"""Asking the person at the terminal."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress

import pytest

from hearthbeat.terminal import agreed


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The end of a terminal at which a person types; the other one is standard input."""
    hands, screen = os.openpty()
    with os.fdopen(screen, encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield hands
        with suppress(OSError):
            os.close(hands)


@pytest.mark.parametrize(
    ("typed", "agrees"),
    [("y\n", True), ("Yes\n", True), ("n\n", False), ("\n", False), ("\x04", False)],
)
async def test_only_a_yes_is_one(typed: str, keyboard: int, *, agrees: bool) -> None:
    os.write(keyboard, typed.encode())
    assert await agreed("Go on?") is agrees


@pytest.mark.usefixtures("keyboard")
async def test_whoever_never_answers_can_be_left() -> None:
    asking = asyncio.create_task(agreed("Go on?"))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
