"""The SQLAlchemy engine: migrations and administration. The hot path uses store.pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from store.pool import connect


@asynccontextmanager
async def open_engine(dsn: str) -> AsyncIterator[AsyncEngine]:
    """An engine on the same DSN that asyncpg takes, its connections closed at the end."""
    # asyncpg parses the DSN itself: a socket directory in it means the same thing everywhere.
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: connect(dsn, application_name="hearthbeat administration"),
        poolclass=NullPool,
    )
    try:
        yield engine
    finally:
        await engine.dispose()
