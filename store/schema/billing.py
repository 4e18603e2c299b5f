"""Tables of months: what was found, what people decided about it, and what became of it."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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

LINE_STATES: Final = (
    "draft", "held", "ready", "approved", "exported", "accepted", "paid", "denied", "corrected",
    "void",
)  # fmt: skip
DIRECTIONS: Final = ("none", "up", "down", "code_change", "details")
DECISIONS: Final = ("approved", "dismissed", "superseded")
EXPORT_STATES: Final = ("running", "done", "failed")
MONTH: Final = "month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'"


def _of_patient() -> Column[object]:
    return Column("patient_id", ForeignKey("patients.id"), nullable=False)


def _sha(name: str = "sha256") -> CheckConstraint:
    return CheckConstraint(f"{name} ~ '^[0-9a-f]{{64}}$'", name=name)


# One row a calendar month of the practice. `version` counts lockings: 0 is what was never locked.
billing_months = Table(
    "billing_months",
    metadata,
    made_id(),
    of_organisation(),
    Column("month", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default=text("0")),
    # Up to when what happened is in what was worked out; NULL: never worked out.
    instant("evaluated_at", nullable=True),
    instant("locked_at", nullable=True),
    Column("locked_by", ForeignKey("users.id")),
    UniqueConstraint("organisation_id", "month"),
    CheckConstraint(MONTH, name="month"),
    CheckConstraint("(version = 0) = (locked_at IS NULL)", name="locked"),
)

# What a locking has frozen: the head, and one hash over it and all patients. Append-only.
billing_seals = Table(
    "billing_seals",
    metadata,
    Column("month_id", ForeignKey("billing_months.id"), nullable=False),
    of_organisation(),
    Column("version", Integer, nullable=False),
    Column("head", JSONB, nullable=False),
    Column("patients", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=text("''")),
    Column("locked_by", ForeignKey("users.id")),
    instant("locked_at"),
    PrimaryKeyConstraint("month_id", "version"),
    _sha(),
)

# What is known of one patient in one month. Version 0 is worked out anew as things happen; a row
# of a higher version is part of a seal, and a trigger refuses that it is changed.
billing_month_patients = Table(
    "billing_month_patients",
    metadata,
    Column("month_id", ForeignKey("billing_months.id"), nullable=False),
    _of_patient(),
    Column("version", Integer, nullable=False),
    of_organisation(),
    # By which they are listed.
    Column("sorts_by", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("sha256", Text, nullable=False),
    # Of what it was worked out from: where it differs, it is worked out anew.
    Column("fingerprint", Text, nullable=False, server_default=text("''")),
    # Of days, time and lines: what an adjustment is about, and a new fee is not.
    Column("facts_sha256", Text, nullable=False),
    instant("evaluated_at"),
    PrimaryKeyConstraint("month_id", "patient_id", "version"),
    Index(None, "month_id", "version", "sorts_by", "patient_id"),
    _sha(),
)

# A claim line and where it stands. Its id is the same at each evaluation.
billing_lines = Table(
    "billing_lines",
    metadata,
    Column("id", Uuid, primary_key=True),
    of_organisation(),
    _of_patient(),
    Column("month_id", ForeignKey("billing_months.id"), nullable=False),
    Column("stretch_id", Uuid, nullable=False),
    Column("service", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("units", Integer, nullable=False),
    Column("dos", Date, nullable=False),
    Column("window_from", Date, nullable=False),
    Column("window_to", Date, nullable=False),
    # Of what was worked out: what somebody approves is exactly that.
    Column("content", Text, nullable=False),
    Column("status", Text, nullable=False),
    # False: what was worked out last has no such line.
    Column("present", Boolean, nullable=False, server_default=text("true")),
    # Why it cannot be approved as it is: NO_DIAGNOSIS and the like.
    Column("lacks", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("exported", Boolean, nullable=False, server_default=text("false")),
    # The payer's number of the claim that it was on, and of the claim that it replaces.
    Column("claim_number", Text),
    Column("original_claim", Text),
    Column("replaces", ForeignKey("billing_lines.id")),
    Column("version", Integer, nullable=False, server_default=text("1")),
    instant("changed_at"),
    one_of("status", LINE_STATES),
    CheckConstraint("units > 0", name="units"),
    CheckConstraint("window_to >= window_from", name="window"),
    _sha("content"),
    Index(None, "month_id", "patient_id"),
    Index(None, "patient_id", "scope", "window_from"),
)

# Everything that ever became of a line. Append-only.
billing_line_events = Table(
    "billing_line_events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    of_organisation(),
    Column("line_id", ForeignKey("billing_lines.id"), nullable=False),
    instant("at"),
    # NULL: nobody; what was worked out has changed, or a command.
    Column("actor", Uuid),
    Column("was", Text),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("content", Text, nullable=False),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    Index(None, "line_id", "id"),
)

billing_holds = Table(
    "billing_holds",
    metadata,
    made_id(),
    of_organisation(),
    Column("line_id", ForeignKey("billing_lines.id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("held_by", ForeignKey("users.id")),
    instant("held_at"),
    Column("released_by", ForeignKey("users.id")),
    instant("released_at", nullable=True),
    Column("release_reason", Text),
    CheckConstraint("length(reason) > 0", name="reason"),
    Index(
        "billing_holds_open_idx", "line_id", unique=True,
        postgresql_where=text("released_at IS NULL"),
    ),
)  # fmt: skip

# Who answers for a line, exactly as it was then. Append-only.
billing_approvals = Table(
    "billing_approvals",
    metadata,
    made_id(),
    of_organisation(),
    Column("line_id", ForeignKey("billing_lines.id"), nullable=False),
    Column("content", Text, nullable=False),
    Column("approved_by", ForeignKey("users.id"), nullable=False),
    instant("approved_at"),
    Index(None, "line_id", "approved_at"),
)

# What happened after a lock, and what it does to lines. Append-only; what is decided about it
# stands beside it.
billing_adjustments = Table(
    "billing_adjustments",
    metadata,
    made_id(),
    of_organisation(),
    Column("month_id", ForeignKey("billing_months.id"), nullable=False),
    _of_patient(),
    Column("month_version", Integer, nullable=False),
    Column("direction", Text, nullable=False),
    # Lines as sent: line_id, code, units, dos.
    Column("removed", JSONB, nullable=False),
    Column("added", JSONB, nullable=False),
    Column("before_sha256", Text, nullable=False),
    Column("after_sha256", Text, nullable=False),
    Column("after_body", JSONB, nullable=False),
    # What was done to the facts since: time entries, readings, and by whom.
    Column("causes", JSONB, nullable=False, server_default=text("'[]'")),
    # Of direction `details`: what the claim says otherwise now, on which lines, by whom.
    Column("details", JSONB, nullable=False, server_default=text("'[]'")),
    instant("found_at"),
    # L-3: of what was paid too much.
    Column("overpayment_identified_on", Date),
    Column("report_and_return_by", Date),
    one_of("direction", DIRECTIONS),
    Index(None, "month_id", "patient_id", "found_at"),
)

billing_adjustment_decisions = Table(
    "billing_adjustment_decisions",
    metadata,
    Column("adjustment_id", ForeignKey("billing_adjustments.id"), primary_key=True),
    of_organisation(),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("decided_by", ForeignKey("users.id")),
    instant("decided_at"),
    # Of the month, that came of it.
    Column("version", Integer),
    one_of("decision", DECISIONS),
    CheckConstraint("decision <> 'dismissed' OR length(reason) > 0", name="reason"),
)

billing_exports = Table(
    "billing_exports",
    metadata,
    made_id(),
    of_organisation(),
    Column("month", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("filters", JSONB, nullable=False, server_default=text("'{}'")),
    Column("requested_by", ForeignKey("users.id")),
    instant("requested_at"),
    instant("finished_at", nullable=True),
    Column("state", Text, nullable=False),
    Column("progress", Integer, nullable=False, server_default=text("0")),
    Column("rows", Integer),
    Column("bytes", BigInteger),
    Column("sha256", Text),
    # Its name; what is in it stands in pieces beside it.
    Column("file", Text),
    # Of the interchange, where it is a claim file.
    Column("control_number", Integer),
    Column("manifest", JSONB),
    Column("error", Text),
    UniqueConstraint("organisation_id", "control_number"),
    one_of("state", EXPORT_STATES),
    CheckConstraint(MONTH, name="month"),
    CheckConstraint("length(purpose) > 0", name="purpose"),
    Index(None, "organisation_id", "month", "requested_at"),
)

# A finished file in pieces, so that what was sent can be shown again.
billing_export_parts = Table(
    "billing_export_parts",
    metadata,
    of_organisation(),
    Column("export_id", ForeignKey("billing_exports.id"), nullable=False),
    Column("part", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("export_id", "part"),
)
