"""Fixtures shared by the whole suite. The real PostgreSQL lives in tests/postgres.py."""

pytest_plugins = ["tests.postgres"]
