"""A second database beside the suite's own."""

from collections.abc import Iterator

import pytest

from tests.postgres import PostgresServer, _database


@pytest.fixture
def second_database(postgres: PostgresServer, template: str) -> Iterator[str]:
    """The DSN of another fresh migrated database."""
    yield from _database(postgres, template=template)
