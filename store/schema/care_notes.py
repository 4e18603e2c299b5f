"""Calls, visits, messages and notes about a patient: append-only, a correction is a new row."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    text,
)

from store.schema.base import instant, made_id, metadata, one_of
from store.schema.clinic import of_organisation

NOTE_KINDS: Final = ("call", "video", "visit", "message", "note")
NOTE_PARTIES: Final = (
    "patient", "caregiver", "clinician", "pharmacy", "laboratory", "home_care", "other",
)  # fmt: skip
NOTE_DIRECTIONS: Final = ("to_them", "from_them")
NOTE_TEXT_MAX: Final = 4000

# Append-only: a trigger refuses UPDATE and DELETE.
care_notes = Table(
    "care_notes",
    metadata,
    made_id(),
    of_organisation(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    # When it was, which may be a while before it was written down.
    instant("at"),
    Column("kind", Text, nullable=False),
    # With whom, who began it, and whether somebody was spoken to; none of it for a bare note.
    Column("with_whom", Text),
    Column("direction", Text),
    Column("reached", Boolean),
    Column("text", Text, nullable=False),
    Column("author", ForeignKey("users.id"), nullable=False),
    instant("recorded_at"),
    # The row that this one takes the place of.
    Column("corrects", ForeignKey("care_notes.id")),
    one_of("kind", NOTE_KINDS),
    one_of("with_whom", NOTE_PARTIES),
    one_of("direction", NOTE_DIRECTIONS),
    CheckConstraint("(kind = 'note') = (with_whom IS NULL)", name="contact"),
    CheckConstraint(
        "(kind IN ('call', 'video', 'message')) = (direction IS NOT NULL)", name="directed"
    ),
    CheckConstraint("(kind = 'note') = (reached IS NULL)", name="reached"),
    CheckConstraint(f"length(text) BETWEEN 1 AND {NOTE_TEXT_MAX}", name="text"),
    Index(None, "patient_id", "at"),
    Index(
        "care_notes_corrects_idx",
        "corrects",
        unique=True,
        postgresql_where=text("corrects IS NOT NULL"),
    ),
)
