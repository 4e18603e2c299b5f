"""Tables that move with the readings: what to evaluate, what was refused, what is missing."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, JSONB

from store.schema.base import instant, metadata, one_of, organisation

# Written in the reading's own transaction, deleted by the alerts that drain it.
evaluation_queue = Table(
    "evaluation_queue",
    metadata,
    # Positions are unique and about in order, not gapless: sessions draw them a hundred at a time.
    Column("position", BigInteger, Identity(always=True, cache=100), primary_key=True),
    organisation(),
    # NULL: no reading came, but what is known from `measured_at` on has changed: a reading was
    # given to somebody else, a plan was backdated, a person asked for it.
    Column("reading_id", Uuid),
    instant("measured_at"),
    Column("patient_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("attribution", Text, nullable=False),
    instant("enqueued_at", server_default=text("now()")),
)

# Messages and single readings that could not be read or believed to be what they say they are.
dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("organisation_id", Uuid),
    Column("gateway_id", Text),
    Column("topic", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    # Of the message as it came, where `payload` is only its beginning. NULL: payload is all of it.
    Column("size_bytes", Integer),
    # A JSON pointer to the offending place; '' is the whole message.
    Column("pointer", Text, nullable=False, server_default=text("''")),
    Column("error", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    instant("first_received_at"),
    instant("last_received_at"),
    Column("times", Integer, nullable=False, server_default=text("1")),
    instant("replayed_at", nullable=True),
    Column("outcome", Text),
    UniqueConstraint("topic", "digest", "pointer"),
    CheckConstraint("octet_length(digest) = 16", name="digest"),
)

# How much of `dead_letters` waits for somebody, by who sent it, so that nobody fills the disk. The
# sender '' stands for all whom nobody enrolled: made-up names share one quota. Recounted hourly.
dead_letter_senders = Table(
    "dead_letter_senders",
    metadata,
    Column("sender", Text, primary_key=True),
    Column("organisation_id", Uuid),
    Column("letters", BigInteger, nullable=False, server_default=text("0")),
    Column("bytes", BigInteger, nullable=False, server_default=text("0")),
    Column("truncated", BigInteger, nullable=False, server_default=text("0")),
    # Messages over the quota of letters: nothing of them is kept.
    Column("only_counted", BigInteger, nullable=False, server_default=text("0")),
    instant("only_counted_at", nullable=True),
    postgresql_with={"fillfactor": 50},
)

# Which outbox numbers of each gateway have arrived. Updated with every batch: room is left in
# each page so that the new version of a row stays beside the old one and touches no index.
gateway_progress = Table(
    "gateway_progress",
    metadata,
    Column("gateway_id", Text, primary_key=True),
    Column("received", INT8MULTIRANGE, nullable=False),
    instant("gap_since", nullable=True),
    instant("resend_asked_at", nullable=True),
    Column("resend_from", BigInteger),
    instant("updated_at"),
    postgresql_with={"fillfactor": 50},
)

gateway_health = Table(
    "gateway_health",
    metadata,
    Column("gateway_id", Text, nullable=False, primary_key=True),
    organisation(),
    instant("at", primary_key=True),
    instant("received_at"),
    Column("state", Text, nullable=False),
    Column("version", Text),
    Column("queue_depth", BigInteger),
    Column("last_seq", BigInteger),
    Column("devices", JSONB),
    # What keeps it from its work, in its own words, and how many frames it cannot decode. NULL:
    # nothing is said of it.
    Column("trouble", String(64)),
    Column("undecodable", BigInteger),
    one_of("state", ("online", "offline")),
    # What each said last by our clock: the key is by its own.
    Index(None, "gateway_id", "received_at"),
    postgresql_partition_by="RANGE (at)",
)
