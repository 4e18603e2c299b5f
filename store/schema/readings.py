"""Readings and the keys that make "once" true. Metric columns come from the registry."""

import datetime as dt
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from store.schema.base import EARLIEST, LATEST, instant, metadata, one_of, organisation
from vitals.kinds import Kind
from vitals.metrics import METRICS
from vitals.reading import TimeQuality

ATTRIBUTIONS: Final = ("assigned", "ambiguous", "quarantined", "reassigned")
UTC_OFFSET_S_MAX: Final = 18 * 3600
"""The widest offset that ISO 8601 writers produce in practice; the inhabited world needs 14 h."""

METRIC_COLUMNS: Final = tuple(METRICS)


def finite(column: str) -> CheckConstraint:
    """PostgreSQL sorts NaN above infinity, so one upper bound refuses both."""
    return CheckConstraint(f"{column} > '-Infinity' AND {column} < 'Infinity'", name=column)


def _believable(column: str) -> CheckConstraint:
    return CheckConstraint(
        f"{column} >= '{_utc(EARLIEST)}' AND {column} < '{_utc(LATEST)}'", name=column
    )


def _utc(instant_: dt.datetime) -> str:
    return instant_.strftime("%Y-%m-%d %H:%M:%S+00")


# One row per act of measurement. No foreign keys: each would cost a look-up per row on the hot
# path, and a reading outlives whatever it names.
readings = Table(
    "readings",
    metadata,
    Column("id", Uuid, nullable=False),
    organisation(),
    Column("gateway_id", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("device_id", Uuid),
    Column("assignment_id", Uuid),
    Column("patient_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("measured_at", DateTime(timezone=True), nullable=False),
    Column("utc_offset_s", Integer, nullable=False),
    Column("local_day", Date, nullable=False),
    Column("time_quality", Text, nullable=False),
    Column("device_time", DateTime(timezone=False)),
    Column("clock_drift_s", Double),
    instant("sent_at", nullable=True),
    instant("received_at"),
    Column("sequence", BigInteger),
    Column("seq", BigInteger),
    Column("user_slot", SmallInteger),
    Column("flags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("special", JSONB),
    Column("context", JSONB),
    Column("frame", LargeBinary),
    Column("profile", Text, nullable=False, server_default=text("''")),
    Column("attribution", Text, nullable=False),
    Column("reason", Text),
    Column("conflict_with", Uuid),
    # 0 for the first reading that claims its device, kind and instant; later claims are counted.
    Column("variant", SmallInteger, nullable=False, server_default=text("0")),
    *(Column(name, Double) for name in METRIC_COLUMNS),
    # Time first: it holds the partition column, finds a reading by its key's instant, and live
    # readings land on the index's last page.
    PrimaryKeyConstraint("measured_at", "device", "kind", "variant"),
    one_of("kind", tuple(Kind)),
    one_of("time_quality", tuple(TimeQuality)),
    one_of("attribution", ATTRIBUTIONS),
    _believable("measured_at"),
    CheckConstraint(
        f"utc_offset_s BETWEEN -{UTC_OFFSET_S_MAX} AND {UTC_OFFSET_S_MAX}", name="utc_offset_s"
    ),
    CheckConstraint("user_slot BETWEEN 0 AND 255", name="user_slot"),
    # Who a reading is about, and why nobody is named, are never both unknown.
    CheckConstraint(
        "(attribution IN ('assigned', 'reassigned')) = (patient_id IS NOT NULL)", name="patient"
    ),
    CheckConstraint("patient_id IS NOT NULL OR reason IS NOT NULL", name="reason"),
    finite("clock_drift_s"),
    *(finite(name) for name in METRIC_COLUMNS),
    Index(None, "patient_id", "measured_at"),
    Index(
        "readings_doubtful_idx",
        "organisation_id",
        "received_at",
        postgresql_where=text("attribution IN ('ambiguous', 'quarantined')"),
    ),
    postgresql_partition_by="RANGE (measured_at)",
)

# A plain table: a unique key over all time is what neither partitions nor hypertables can hold.
reading_keys = Table(
    "reading_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    # Where to find the reading: its partition, and its place in the key.
    instant("measured_at"),
    Column("digest", LargeBinary, nullable=False),
    instant("received_at"),
    CheckConstraint("octet_length(digest) = 16", name="digest"),
)
