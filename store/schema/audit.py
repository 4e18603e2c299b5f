"""The audit log: append-only, one hash chain for each organisation."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from store.schema.base import instant, metadata, one_of

VIAS: Final = ("page", "api", "command", "system")
AUDIT_OUTCOMES: Final = ("done", "refused", "failed")

audit = Table(
    "audit",
    metadata,
    # No reference: a chain outlives what it is about, and nobody's has no organisation.
    Column("organisation_id", Uuid, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    instant("at"),
    Column("via", Text, nullable=False),
    Column("actor", Uuid),
    # As then: people are renamed, and change their roles.
    Column("actor_name", Text, nullable=False),
    Column("actor_role", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("status", SmallInteger),
    Column("patients", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("object_kind", Text),
    Column("object_id", Text),
    Column("reason", Text),
    Column("address", Text),
    Column("request_id", Text),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'")),
    Column("previous", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    one_of("via", VIAS),
    one_of("outcome", AUDIT_OUTCOMES),
    CheckConstraint("position > 0", name="position"),
    CheckConstraint("octet_length(previous) = 32", name="previous"),
    CheckConstraint("octet_length(hash) = 32", name="hash"),
    Index(None, "organisation_id", "at"),
    Index(None, "organisation_id", "actor", "position"),
    Index("audit_patients_idx", "patients", postgresql_using="gin"),
)
