"""Tables of what is to be done for a patient: team, consent, orders, programmes, plans."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from store.schema.base import instant, made_id, metadata, one_of
from store.schema.clinic import of_organisation

TEAM_ROLES: Final = ("nurse", "clinician", "admin")
CONSENT_KINDS: Final = (
    "monitoring", "billing", "messages", "data_sharing", "ccm", "pcm", "bhi",
)  # fmt: skip
CONSENT_METHODS: Final = ("written", "verbal", "phone", "electronic")
CONSENT_GIVERS: Final = ("patient", "representative")
EPISODE_ENDS: Final = (
    "goals_met", "patient_request", "moved", "hospitalised", "died", "no_data", "transferred",
    "other",
)  # fmt: skip


def _of_patient() -> Column[object]:
    return Column("patient_id", ForeignKey("patients.id"), nullable=False)


# Who looks after a patient, and for what: escalation asks here first.
care_team = Table(
    "care_team",
    metadata,
    made_id(),
    of_organisation(),
    _of_patient(),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("role", Text, nullable=False),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    instant("created_at", server_default=text("now()")),
    Column("created_by", Uuid),
    one_of("role", TEAM_ROLES),
    CheckConstraint("ends_at > starts_at", name="span"),
    Index(None, "patient_id", "starts_at"),
    Index(None, "user_id", "starts_at"),
)

consents = Table(
    "consents",
    metadata,
    made_id(),
    of_organisation(),
    _of_patient(),
    Column("kind", Text, nullable=False),
    Column("method", Text, nullable=False),
    instant("given_at"),
    instant("withdrawn_at", nullable=True),
    Column("recorded_by", Uuid),
    Column("note", Text, nullable=False, server_default=text("''")),
    instant("created_at", server_default=text("now()")),
    Column("given_by", Text, nullable=False, server_default=text("'patient'")),
    Column("representative", Text),
    # What they were told, where it was read to them from here.
    Column("text_id", ForeignKey("consent_texts.id")),
    one_of("given_by", CONSENT_GIVERS),
    CheckConstraint(
        "(given_by = 'representative') = (representative IS NOT NULL)", name="representative"
    ),
    one_of("kind", CONSENT_KINDS),
    one_of("method", CONSENT_METHODS),
    CheckConstraint("withdrawn_at >= given_at", name="span"),
    Index(None, "patient_id", "given_at"),
)

# A clinician's order for monitoring: what a claim line must be able to show.
orders = Table(
    "orders",
    metadata,
    made_id(),
    of_organisation(),
    _of_patient(),
    Column("ordered_by", Text, nullable=False),
    Column("npi", Text),
    instant("ordered_at"),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    Column("diagnoses", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("note", Text, nullable=False, server_default=text("''")),
    Column("recorded_by", Uuid),
    instant("created_at", server_default=text("now()")),
    CheckConstraint("ends_at > starts_at", name="span"),
    CheckConstraint("npi ~ '^[0-9]{10}$'", name="npi"),
    Index(None, "patient_id", "starts_at"),
)

# A stretch of time in which a patient is monitored in one programme.
episodes = Table(
    "episodes",
    metadata,
    made_id(),
    of_organisation(),
    _of_patient(),
    Column("programme", Text, nullable=False),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    Column("start_reason", Text, nullable=False, server_default=text("''")),
    Column("end_reason", Text),
    Column("end_note", Text),
    Column("created_by", Uuid),
    instant("created_at", server_default=text("now()")),
    one_of("end_reason", EPISODE_ENDS),
    CheckConstraint("ends_at > starts_at", name="span"),
    CheckConstraint("(ends_at IS NULL) = (end_reason IS NULL)", name="end"),
    Index(None, "patient_id", "starts_at"),
)

# Every version of a programme that was ever in use, as it was read: never changed, never deleted.
programmes = Table(
    "programmes",
    metadata,
    Column("id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    instant("created_at", server_default=text("now()")),
    PrimaryKeyConstraint("id", "version"),
    CheckConstraint("octet_length(digest) = 32", name="digest"),
)

# One row per version of a patient's plan. What a row says never changes; its end does, when a
# version is set or withdrawn beside it. One is withdrawn only before it begins, and stays.
plan_versions = Table(
    "plan_versions",
    metadata,
    made_id(),
    of_organisation(),
    _of_patient(),
    Column("version", Integer, nullable=False),
    instant("effective_from"),
    instant("effective_to", nullable=True),
    Column("programme", Text, nullable=False),
    Column("programme_version", Integer, nullable=False),
    # What the person typed, and what came of it: measures, rules, ladders, hours, silence.
    Column("overrides", JSONB, nullable=False),
    Column("resolved", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_by", Uuid),
    instant("created_at", server_default=text("now()")),
    # Of a plan that ended without another one after it.
    Column("ended_by", Uuid),
    Column("end_reason", Text),
    # Of one that never was in force.
    instant("withdrawn_at", nullable=True),
    Column("withdrawn_by", Uuid),
    Column("withdraw_reason", Text),
    UniqueConstraint("patient_id", "version"),
    CheckConstraint("effective_to > effective_from", name="span"),
    CheckConstraint("length(reason) > 0", name="reason"),
    CheckConstraint("withdrawn_at < effective_from", name="withdrawn"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdraw_reason IS NULL)", name="withdraw_reason"),
    # Two plans in force at once would make an alert that names one of them a lie: care.plans adds
    # versions with the patient's row locked; these, and a trigger that looks for spans that meet,
    # catch what would slip through.
    Index(
        "plan_versions_begin_idx",
        "patient_id",
        "effective_from",
        unique=True,
        postgresql_where=text("withdrawn_at IS NULL"),
    ),
    Index(
        "plan_versions_in_force_idx",
        "patient_id",
        unique=True,
        postgresql_where=text("effective_to IS NULL AND withdrawn_at IS NULL"),
    ),
)

# Who changed what around a patient, when and why. Append-only: a trigger refuses UPDATE and DELETE.
care_changes = Table(
    "care_changes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    of_organisation(),
    _of_patient(),
    instant("at"),
    # NULL: somebody at the clinic's own machine, by a command.
    Column("actor", Uuid),
    Column("what", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    Index(None, "patient_id", "at"),
)
