"""A second database beside the suite's own."""

from collections.abc import Iterator

import pytest

from tests.postgres import PostgresServer, copy_of


@pytest.fixture
def second_database(postgres: PostgresServer, template: str) -> Iterator[str]:
    """The DSN of another fresh migrated database."""
    with copy_of(postgres, template) as dsn:
        yield dsn
