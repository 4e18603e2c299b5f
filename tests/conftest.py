"""What the whole suite shares. The real PostgreSQL lives in tests/postgres.py."""

import asyncio

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.postgres"]

# No test may fail because the machine does other things besides: no deadlines, no complaints
# about slow generation. `--hypothesis-profile thorough` looks longer.
settings.register_profile(
    "quick",
    max_examples=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", parent=settings.get_profile("quick"), max_examples=500)
settings.load_profile("quick")


def pytest_configure() -> None:
    # Asked for a loop before any was set, Python makes one; pytest-asyncio asks, and leaves it
    # open, which ends the run with a warning that is an error (seen with Debian's 3.11.2).
    asyncio.set_event_loop(None)
