"""Tables of time spent on patients: timers that run, and the ledger that bills stand on."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE

from store.schema.base import instant, made_id, metadata, one_of
from store.schema.clinic import of_organisation

ACTIVITIES: Final = (
    "review", "call", "video_call", "visit", "message", "care_plan", "coordination", "education",
    "medication", "documentation", "setup",
)  # fmt: skip
MODES: Final = ("none", "live_phone", "live_video", "in_person")
WITH_WHOM: Final = ("patient", "caregiver", "colleague", "other")
SERVICES: Final = ("rpm", "rtm", "ccm", "pcm", "tcm", "bhi", "none")
TIME_SOURCES: Final = ("timer", "by_hand", "alert")
TIMER_STATES: Final = ("running", "paused", "logged", "discarded")


def _of_patient() -> Column[object]:
    return Column("patient_id", ForeignKey("patients.id"), nullable=False)


# What somebody did for a patient, and when exactly. Append-only: a trigger refuses UPDATE and
# DELETE. A correction is a row that names the one it stands in place of.
time_entries = Table(
    "time_entries",
    metadata,
    made_id(),
    of_organisation(),
    _of_patient(),
    # Whose work it was, and who they were then.
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("credential", Text, nullable=False, server_default=text("''")),
    Column("role", Text, nullable=False),
    # What it is billed as, if it is; and the patient's programme then.
    Column("service", Text, nullable=False),
    Column("programme", Text),
    Column("episode_id", ForeignKey("episodes.id")),
    Column("activity", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("with_whom", Text),
    Column("note", Text, nullable=False, server_default=text("''")),
    instant("started_at"),
    instant("ended_at"),
    # The very instants that count, half-open: pauses lie between them. Empty when withdrawn.
    Column("spans", TSTZMULTIRANGE, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("source", Text, nullable=False),
    # Which resolution of which alert it came with.
    Column("alert_id", ForeignKey("alerts.id")),
    Column("alert_version", Integer),
    Column("timer_id", Uuid),
    instant("recorded_at"),
    Column("recorded_by", ForeignKey("users.id"), nullable=False),
    Column("corrects", ForeignKey("time_entries.id")),
    # Why it was corrected, is longer than a shift, or differs from its timer.
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    one_of("service", SERVICES),
    one_of("activity", ACTIVITIES),
    one_of("mode", MODES),
    one_of("with_whom", WITH_WHOM),
    one_of("source", TIME_SOURCES),
    CheckConstraint("ended_at > started_at", name="span"),
    CheckConstraint("ended_at <= recorded_at", name="past"),
    CheckConstraint("(seconds = 0) = withdrawn AND seconds >= 0", name="seconds"),
    CheckConstraint(
        "seconds <= extract(epoch FROM ended_at - started_at)", name="seconds_within"
    ),
    CheckConstraint("isempty(spans) = withdrawn", name="spans"),
    CheckConstraint("NOT withdrawn OR corrects IS NOT NULL", name="withdrawn"),
    CheckConstraint("corrects IS NULL OR length(reason) > 0", name="reason"),
    CheckConstraint("(alert_id IS NULL) = (alert_version IS NULL)", name="alert"),
    Index(None, "organisation_id", "started_at", "id"),
    Index(None, "patient_id", "started_at"),
    Index(None, "user_id", "started_at"),
    # An entry is corrected once; what is wrong with the correction is corrected there.
    Index(
        "time_entries_corrects_idx",
        "corrects",
        unique=True,
        postgresql_where=text("corrects IS NOT NULL"),
    ),
    # However often a resolution is sent, its minutes are written once.
    Index(
        "time_entries_alert_idx",
        "alert_id", "alert_version",
        unique=True,
        postgresql_where=text("alert_id IS NOT NULL AND corrects IS NULL"),
    ),
    Index(
        "time_entries_timer_idx",
        "timer_id",
        unique=True,
        postgresql_where=text("timer_id IS NOT NULL AND corrects IS NULL"),
    ),
)  # fmt: skip

# Time that is being counted, or was and is not logged yet. Changed with the user's row locked.
timers = Table(
    "timers",
    metadata,
    made_id(),
    of_organisation(),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    _of_patient(),
    Column("state", Text, nullable=False),
    # The tab of a browser that counts.
    Column("tab", Text, nullable=False, server_default=text("''")),
    instant("started_at"),
    # Up to here everything is counted that counts.
    instant("counted_to"),
    Column("spans", TSTZMULTIRANGE, nullable=False, server_default=text("'{}'")),
    instant("ended_at", nullable=True),
    Column("reason", Text, nullable=False, server_default=text("''")),
    one_of("state", TIMER_STATES),
    CheckConstraint("counted_to >= started_at", name="span"),
    CheckConstraint(
        "(state IN ('logged', 'discarded')) = (ended_at IS NOT NULL)", name="ended"
    ),
    CheckConstraint("state <> 'discarded' OR length(reason) > 0", name="reason"),
    # Nobody looks at two patients at once.
    Index(
        "timers_running_idx",
        "user_id",
        unique=True,
        postgresql_where=text("state = 'running'"),
    ),
    Index(
        "timers_open_idx",
        "user_id", "patient_id",
        unique=True,
        postgresql_where=text("state IN ('running', 'paused')"),
    ),
    Index(None, "user_id", "counted_to"),
)  # fmt: skip
