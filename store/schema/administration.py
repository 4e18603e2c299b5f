"""Tables of what administrators set, and of how far the enrolling of a patient has come."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from store.schema.base import instant, made_id, metadata
from store.schema.clinic import of_organisation

# What a patient is told, word for word: a version is never changed, for consents name it.
consent_texts = Table(
    "consent_texts",
    metadata,
    made_id(),
    of_organisation(),
    Column("language", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_by", Uuid),
    instant("created_at"),
    UniqueConstraint("organisation_id", "language", "version"),
    CheckConstraint("length(body) BETWEEN 1 AND 8000", name="body"),
)

patient_enrolments = Table(
    "patient_enrolments",
    metadata,
    Column("patient_id", ForeignKey("patients.id"), primary_key=True),
    of_organisation(),
    # What was chosen, until consent makes a plan of it.
    Column("programme", Text),
    Column("programme_version", Integer),
    Column("overrides", JSONB, nullable=False, server_default=text("'{}'")),
    Column("reason", Text, nullable=False, server_default=text("''")),
    # A day of the patient's zone; NULL: at once.
    Column("starts_on", Date),
    Column("gateway_id", ForeignKey("gateways.id")),
    Column("started_by", Uuid),
    instant("started_at"),
    Column("finished_by", Uuid),
    instant("finished_at", nullable=True),
    CheckConstraint("(programme IS NULL) = (programme_version IS NULL)", name="programme"),
    Index(
        "patient_enrolments_unfinished_idx",
        "organisation_id",
        "started_at",
        postgresql_where=text("finished_at IS NULL"),
    ),
)

# Who answers in a clinic for a version of a programme. Append-only: the last one holds.
programme_sign_offs = Table(
    "programme_sign_offs",
    metadata,
    made_id(),
    of_organisation(),
    Column("programme", Text, nullable=False),
    Column("version", Integer, nullable=False),
    # Of what was signed: a number alone could be given to something else.
    Column("digest", LargeBinary, nullable=False),
    Column("lead", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("recorded_by", Uuid),
    instant("at"),
    CheckConstraint("octet_length(digest) = 32", name="digest"),
    Index(None, "organisation_id", "programme", "version"),
)
