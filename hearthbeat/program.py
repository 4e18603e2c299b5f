"""What is supervised: a program, how it is started, known to be ready, and asked to stop."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hearthbeat.embedded.account import Account


async def at_once() -> None:
    """Ready as soon as it runs; nothing to prepare, nothing to clear away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One process of a running system."""

    name: str
    """As it stands before its log lines."""
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    account: Account | None = None
    """None: as ourselves."""
    stop_signal: signal.Signals = signal.SIGTERM
    """What asks it to finish in good order; also sent by the kernel when the supervisor dies."""
    stop_within_s: float = 15
    """It is killed when it takes longer."""
    before: Callable[[], Awaitable[None]] = at_once
    """Runs before each start, restarts included."""
    ready: Callable[[], Awaitable[None]] = at_once
    """Returns when the program works. Abandoned when the program ends meanwhile."""
    after: Callable[[], Awaitable[None]] = at_once
    """Runs when it has been stopped for good, however that went."""
    ready_within_s: float | None = 60
    """None: as long as it takes, while the program lives (a database in recovery)."""
