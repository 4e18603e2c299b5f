"""Tables of the nurse's queue: filters with a name, and notes at the change of shifts."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from store.schema.base import instant, made_id, metadata
from store.schema.clinic import of_organisation

# A filter of the queue under a name: a person's, or shown to the whole clinic.
saved_views = Table(
    "saved_views",
    metadata,
    made_id(),
    of_organisation(),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("name", Text, nullable=False),
    # As it stands in the address; never anything typed into the search field.
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False, server_default=text("false")),
    instant("created_at"),
    UniqueConstraint("user_id", "name"),
    Index(None, "organisation_id"),
)

# What one shift tells the next. Append-only: a trigger refuses UPDATE and DELETE.
hand_overs = Table(
    "hand_overs",
    metadata,
    made_id(),
    of_organisation(),
    Column("author", ForeignKey("users.id"), nullable=False),
    instant("written_at"),
    # From when on it tells what was done.
    instant("since"),
    Column("text", Text, nullable=False),
    # What was open then, and what had been done: console.queue.shift.
    Column("facts", JSONB, nullable=False),
    CheckConstraint("since <= written_at", name="span"),
    Index(None, "organisation_id", "written_at"),
)

hand_over_readers = Table(
    "hand_over_readers",
    metadata,
    Column("hand_over_id", ForeignKey("hand_overs.id"), nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    of_organisation(),
    instant("read_at"),
    PrimaryKeyConstraint("hand_over_id", "user_id"),
)
