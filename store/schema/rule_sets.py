"""Rule sets of billing that a practice imports, and through when it confirms which."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from store.schema.base import instant, metadata, one_of
from store.schema.clinic import of_organisation

RULE_STATEMENTS: Final = ("imported", "confirmed")

# Append-only: a set is never edited, and a confirmation never taken back.
rule_set_statements = Table(
    "rule_set_statements",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    of_organisation(),
    Column("kind", Text, nullable=False),
    Column("set_name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    # The file as it was imported; NULL: of what is there already, something is confirmed.
    Column("body", Text),
    Column("file", Text, nullable=False),
    # Of the body; of a confirmation: of the set that was confirmed.
    Column("sha256", Text, nullable=False),
    Column("confirmed_through", Date, nullable=False),
    # Why somebody confirms it, or where the file comes from.
    Column("reason", Text, nullable=False),
    # Names of the sets whose confirmed days an import takes, because somebody has said so.
    Column("replaces", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    # NULL: a command.
    Column("recorded_by", Uuid),
    instant("recorded_at"),
    one_of("kind", RULE_STATEMENTS),
    CheckConstraint("(kind = 'imported') = (body IS NOT NULL)", name="body"),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint("length(reason) > 0", name="reason"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    Index(None, "organisation_id", "id"),
    Index(
        "rule_set_statements_imported_idx",
        "organisation_id",
        "set_name",
        "version",
        unique=True,
        postgresql_where=text("kind = 'imported'"),
    ),
)
