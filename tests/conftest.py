"""What the whole suite shares. The real PostgreSQL lives in tests/postgres.py."""

pytest_plugins = ["tests.postgres"]
