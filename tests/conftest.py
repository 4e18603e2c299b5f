"""What the whole suite shares. The real PostgreSQL lives in tests/postgres.py."""

import asyncio

pytest_plugins = ["tests.postgres"]


def pytest_configure() -> None:
    # looptime asks for the main thread's event loop even in tests without one, and asyncio would
    # make one that nobody closes. Having set none, it answers that there is none.
    asyncio.set_event_loop(None)
