"""What the whole suite shares. The real PostgreSQL lives in tests/postgres.py."""

import asyncio

pytest_plugins = ["tests.postgres"]


def pytest_configure() -> None:
    # Asked for a loop before any was set, Python makes one; pytest-asyncio asks, and leaves it
    # open, which ends the run with a warning that is an error (seen with Debian's 3.11.2).
    asyncio.set_event_loop(None)
