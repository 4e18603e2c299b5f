"""Tables of alerts: what was found, what people did about it, who is to be told and when.

`alerts` is the state; `alert_events` is its append-only history. Everything that must happen later
is a row of `due_times`, everything that must leave the house a row of `notifications`: both are
written in the transaction of what caused them, and claimed with SKIP LOCKED by any replica.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from store.schema.base import instant, made_id, metadata, one_of, organisation
from store.schema.clinic import of_organisation

SEVERITIES: Final = ("low", "medium", "high", "critical")
LANES: Final = ("medical", "needs_check", "review", "compliance", "technical")
ALERT_STATES: Final = (
    "awaiting_repeat",  # A first value is high and the home was asked to measure again.
    "open",
    "acknowledged",
    "snoozed",
    "escalated",
    "resolved",
    "withdrawn",  # Later facts show that it never was: a repeat, a reassignment, a late reading.
)
ENDED: Final = ("resolved", "withdrawn")
OUTCOMES: Final = (
    "called_patient", "advice_given", "medication_changed", "visit_arranged", "sent_to_emergency",
    "watch", "false_alarm", "measurement_error", "wrong_person", "device_fixed", "data_arrived",
    "patient_reminded", "auto_cleared", "other",
)  # fmt: skip
CHANNELS: Final = ("email", "webhook", "ntfy", "sms", "console")
MESSAGES: Final = ("alert", "test", "reminder", "receipt")
DELIVERY_STATES: Final = ("queued", "sending", "sent", "delivered", "failed", "cancelled")

alerts = Table(
    "alerts",
    metadata,
    made_id(),
    organisation(),
    # The patient; none for an item about a gateway or a device that is nobody's.
    Column("patient_id", Uuid),
    # 'patient', 'gateway' or 'device', and which: what the item is about.
    Column("subject_kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("lane", Text, nullable=False),
    # A rule of the plan, or of alerts.technical: "gateway-offline".
    Column("rule", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("plan_version_id", Uuid),
    Column("kind", Text),
    Column("metric", Text),
    # Now, and the worst it ever was.
    Column("severity", Text, nullable=False),
    Column("peak", Text, nullable=False),
    Column("state", Text, nullable=False),
    # Event time. The onset reading names the episode; NULL for what is no reading.
    Column("onset_reading", Uuid),
    instant("onset_at"),
    instant("last_at"),
    instant("cleared_at", nullable=True),
    Column("cleared_why", Text),
    Column("readings", Integer, nullable=False, server_default=text("0")),
    # Latest and worst number, the bound it crossed, in the bound's unit.
    Column("value", Double),
    Column("worst", Double),
    Column("bound", JSONB),
    # A reason code and its facts; the words are made from it for each reader.
    Column("reason", JSONB, nullable=False),
    Column("late", Boolean, nullable=False, server_default=text("false")),
    Column("latch", Boolean, nullable=False, server_default=text("true")),
    # Server time.
    instant("opened_at"),
    instant("acknowledged_at", nullable=True),
    Column("acknowledged_by", Uuid),
    instant("acknowledge_by", nullable=True),
    instant("snoozed_until", nullable=True),
    Column("escalation_level", SmallInteger, nullable=False, server_default=text("0")),
    # Counts openings: the steps of one opening are never mixed up with those of another.
    Column("generation", SmallInteger, nullable=False, server_default=text("1")),
    instant("ended_at", nullable=True),
    Column("ended_by", Uuid),
    Column("outcome", Text),
    instant("updated_at"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    one_of("subject_kind", ("patient", "gateway", "device")),
    one_of("lane", LANES),
    one_of("severity", SEVERITIES),
    one_of("peak", SEVERITIES),
    one_of("state", ALERT_STATES),
    one_of("outcome", OUTCOMES),
    CheckConstraint("(state IN ('resolved', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended"),
    # A snooze always ends: the row of a snoozed alert names when.
    CheckConstraint("(state = 'snoozed') = (snoozed_until IS NOT NULL)", name="snooze"),
    CheckConstraint("subject_kind <> 'patient' OR patient_id IS NOT NULL", name="patient"),
    # One alert per episode, however often it is evaluated.
    Index(
        "alerts_episode_idx",
        "organisation_id", "subject_kind", "subject", "rule", "onset_at",
        unique=True,
        postgresql_where=text("state <> 'withdrawn'"),
    ),
    # The queue, and what an evaluation reconciles with.
    Index(
        "alerts_standing_idx",
        "organisation_id", "patient_id",
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(None, "patient_id", "onset_at"),
    # What an evaluation reconciles with: of years of alerts those not over, or lately over.
    Index(
        "alerts_touched_idx",
        "patient_id", text("coalesce(cleared_at, 'infinity'::timestamp with time zone)"),
        postgresql_where=text("subject_kind = 'patient'"),
    ),
    # What the sweep for missing and technical items may still change.
    Index(
        "alerts_technical_idx",
        "organisation_id",
        postgresql_where=text(
            "lane IN ('technical', 'compliance') AND state <> 'withdrawn'"
            " AND (ended_at IS NULL OR cleared_at IS NULL)"
        ),
    ),
)  # fmt: skip

# Which readings an alert rests on. Rebuilt from an instant on when readings come late.
alert_readings = Table(
    "alert_readings",
    metadata,
    Column("alert_id", ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
    instant("measured_at"),
    Column("reading_id", Uuid, nullable=False),
    Column("severity", Text, nullable=False),
    Column("value", Double),
    PrimaryKeyConstraint("alert_id", "measured_at", "reading_id"),
    one_of("severity", SEVERITIES),
)

# Append-only: a trigger refuses UPDATE and DELETE.
alert_events = Table(
    "alert_events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    organisation(),
    Column("alert_id", Uuid, nullable=False),
    Column("patient_id", Uuid),
    # The alert's version after this event.
    Column("version", Integer, nullable=False),
    instant("at"),
    Column("event", Text, nullable=False),
    Column("from_state", Text),
    Column("to_state", Text, nullable=False),
    # NULL: Hearthbeat itself.
    Column("actor", Uuid),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    # A retried request is the same event.
    Column("idempotency_key", Text),
    UniqueConstraint("alert_id", "version"),
    UniqueConstraint("alert_id", "idempotency_key"),
    Index(None, "patient_id", "at"),
)

# "Ana is looking": one lease per queue row, which is a patient or another subject.
alert_claims = Table(
    "alert_claims",
    metadata,
    of_organisation(),
    Column("subject_kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    instant("claimed_at"),
    instant("expires_at"),
    PrimaryKeyConstraint("organisation_id", "subject_kind", "subject"),
)

DUE: Final = (
    "evaluate",  # A patient: a repeat was due, or an episode ends by the clock.
    "escalate",  # An alert: the next step of its ladder.
    "reopen",  # An alert: acknowledged, and nothing done since.
    "wake",  # An alert: the snooze ends.
    "auto_close",  # An alert that does not latch and has cleared.
    "remind",  # A patient: a slot of the plan began, and no reading came.
)

due_times = Table(
    "due_times",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    organisation(),
    Column("what", Text, nullable=False),
    # The patient's or the alert's id.
    Column("subject", Uuid, nullable=False),
    # What makes it one of a kind: "2/0" is step 0 of generation 2.
    Column("key", Text, nullable=False, server_default=text("''")),
    instant("due_at"),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    one_of("what", DUE),
    UniqueConstraint("what", "subject", "key"),
    Index(None, "due_at"),
)

# Steps that were taken, so that none is taken twice: not even when its due row comes back.
escalations = Table(
    "escalations",
    metadata,
    Column("alert_id", ForeignKey("alerts.id"), nullable=False),
    Column("generation", SmallInteger, nullable=False),
    Column("step", SmallInteger, nullable=False),
    organisation(),
    instant("due_at"),
    instant("taken_at"),
    # Whom it found, and why them; nobody found is a fact too.
    Column("told", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("why", Text, nullable=False, server_default=text("''")),
    PrimaryKeyConstraint("alert_id", "generation", "step"),
)

notifications = Table(
    "notifications",
    metadata,
    made_id(),
    organisation(),
    Column("alert_id", Uuid),
    Column("user_id", Uuid),
    Column("patient_id", Uuid),
    Column("channel", Text, nullable=False),
    # Where to: an address, a number, a URL, an ntfy topic. Never in logs.
    Column("address", Text, nullable=False),
    # Why it was written, and what is looked at once more before it leaves.
    Column("what", Text, nullable=False, server_default=text("'alert'")),
    Column("facts", JSONB, nullable=False, server_default=text("'{}'")),
    # Words without anything about a patient, and a link that needs a sign-in.
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    # The same key is the same message, however often it is asked for.
    Column("key", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False, server_default=text("'queued'")),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    instant("next_at"),
    instant("expires_at"),
    Column("last_error", Text),
    Column("provider_id", Text),
    instant("created_at"),
    instant("sent_at", nullable=True),
    instant("ended_at", nullable=True),
    one_of("channel", CHANNELS),
    one_of("state", DELIVERY_STATES),
    one_of("what", MESSAGES),
    Index(None, "alert_id"),
    Index(None, "organisation_id", "created_at"),
    # Where a report of delivery belongs.
    Index(
        "notifications_provider_idx",
        "provider_id",
        postgresql_where=text("provider_id IS NOT NULL"),
    ),
    # What a patient was told today.
    Index(
        "notifications_patient_idx",
        "patient_id", "created_at",
        postgresql_where=text("what IN ('reminder', 'receipt')"),
    ),
    Index(
        "notifications_waiting_idx",
        "next_at",
        postgresql_where=text("state IN ('queued', 'sending')"),
    ),
)  # fmt: skip

on_call = Table(
    "on_call",
    metadata,
    made_id(),
    of_organisation(),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    instant("starts_at"),
    instant("ends_at"),
    Column("created_by", Uuid),
    instant("created_at", server_default=text("now()")),
    CheckConstraint("ends_at > starts_at", name="span"),
    Index(None, "organisation_id", "starts_at"),
)

# How a person, or a patient for reminders, is reached.
contacts = Table(
    "contacts",
    metadata,
    made_id(),
    of_organisation(),
    Column("user_id", ForeignKey("users.id")),
    Column("patient_id", ForeignKey("patients.id")),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("secret", Text),
    Column("min_severity", Text, nullable=False, server_default=text("'low'")),
    Column("quiet_from", Text),
    Column("quiet_to", Text),
    # A patient's wish: a word when a measurement has arrived.
    Column("receipts", Boolean, nullable=False, server_default=text("false")),
    instant("created_at", server_default=text("now()")),
    # STOP was said, or somebody switched it off.
    instant("stopped_at", nullable=True),
    Column("stopped_why", Text),
    one_of("channel", CHANNELS),
    one_of("min_severity", SEVERITIES),
    CheckConstraint("(user_id IS NULL) <> (patient_id IS NULL)", name="whose"),
    UniqueConstraint("user_id", "channel", "address"),
    UniqueConstraint("patient_id", "channel", "address"),
    # Whose number it is that a message comes from.
    Index(None, "channel", "address"),
)

# Requests to a home to measure again, told over its gateway's commands until answered or over.
repeat_requests = Table(
    "repeat_requests",
    metadata,
    made_id(),
    organisation(),
    Column("patient_id", Uuid, nullable=False),
    Column("alert_id", Uuid, nullable=False, unique=True),
    Column("gateway_id", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("kind", Text, nullable=False),
    instant("asked_at"),
    instant("until"),
    instant("ended_at", nullable=True),
    Column("answer", Text),
    Index("repeat_requests_open_idx", "gateway_id", postgresql_where=text("ended_at IS NULL")),
)
