"""What the patient's pages keep: who at home was asked in, and what came of it."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text, Uuid

from store.schema.base import instant, made_id, metadata, one_of
from store.schema.clinic import of_organisation

RELATIONS: Final = (
    "daughter", "son", "partner", "parent", "sibling", "relative", "friend", "neighbour", "helper",
)  # fmt: skip
SELF: Final = "self"
"""The relation of an invitation that is the patient's own: it makes the patient's account."""
INVITERS: Final = ("patient", "staff")

# One for each person who was asked. It stays when it has been used: it says who let them in.
invitations = Table(
    "invitations",
    metadata,
    made_id(),
    of_organisation(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    # Of the code, which was shown once.
    Column("code_hash", LargeBinary, nullable=False, unique=True),
    # As the patient calls them; what they are to the patient.
    Column("name", Text, nullable=False),
    Column("relation", Text, nullable=False),
    # NULL: somebody at the clinic's own machine, by a command.
    Column("invited_by", Uuid),
    Column("inviter", Text, nullable=False),
    instant("created_at"),
    instant("expires_at"),
    instant("used_at", nullable=True),
    Column("user_id", ForeignKey("users.id")),
    instant("revoked_at", nullable=True),
    Column("revoked_by", Uuid),
    one_of("relation", (*RELATIONS, SELF)),
    one_of("inviter", INVITERS),
    CheckConstraint("octet_length(code_hash) = 32", name="code_hash"),
    CheckConstraint("(used_at IS NULL) = (user_id IS NULL)", name="used"),
    CheckConstraint("expires_at > created_at", name="span"),
    Index(None, "patient_id", "created_at"),
    Index(None, "user_id"),
)
