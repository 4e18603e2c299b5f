"""The metadata that every table hangs on, and the column types they share."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, MetaData, Uuid, text

# Names of constraints are part of the schema: errors name them and migrations drop them by name.
metadata: Final = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)

UNCLAIMED: Final = UUID(int=0)
"""The organisation that holds what unknown gateways send, until somebody claims it."""

EARLIEST: Final = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
LATEST: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""Instants outside of these are refused by the tables: PostgreSQL would take `infinity`."""


def instant(name: str, **options: Any) -> Column[dt.datetime]:
    """A point in time, stored in UTC."""
    options.setdefault("nullable", False)
    return Column(name, DateTime(timezone=True), **options)


def organisation() -> Column[UUID]:
    return Column("organisation_id", Uuid, nullable=False)


def made_id(name: str = "id") -> Column[UUID]:
    """A key that the database makes."""
    return Column(name, Uuid, primary_key=True, server_default=text("gen_random_uuid()"))


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """The column holds one of a closed set of words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
