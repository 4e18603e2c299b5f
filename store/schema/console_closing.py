"""What the console keeps of doubts looked at, and of browsers that people sign in with."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)

from store.schema.base import instant, metadata
from store.schema.clinic import of_organisation
from store.schema.sign_in import digest, is_digest

DOUBT_NOTE_MAX: Final = 500

# Append-only: the last row of a reading holds, as long as it is held back for the same reason.
doubt_marks = Table(
    "doubt_marks",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    of_organisation(),
    Column("reading_id", Uuid, nullable=False),
    instant("measured_at"),
    # Why the reading was held back then.
    Column("reason", Text, nullable=False),
    # False: it was taken back.
    Column("seen", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("by", ForeignKey("users.id"), nullable=False),
    instant("at"),
    CheckConstraint(f"length(note) <= {DOUBT_NOTE_MAX}", name="note"),
    Index(None, "organisation_id", "reading_id", "id"),
)

# With which browsers each account has signed in: there others' guesses do not hold it off.
known_browsers = Table(
    "known_browsers",
    metadata,
    digest("browser_hash"),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    instant("last_at", index=True),
    PrimaryKeyConstraint("browser_hash", "user_id"),
    is_digest("browser_hash"),
    Index(None, "user_id"),
)
