"""Whose a reading was taken to be, and by whom it was given to somebody else: append-only.

The reading's row says whose it is now; what it said before stands here, with who and why.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Identity, Index, Table, Text, Uuid

from store.schema.base import instant, metadata, one_of, organisation
from store.schema.readings import ATTRIBUTIONS

attribution_changes = Table(
    "attribution_changes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    organisation(),
    Column("reading_id", Uuid, nullable=False),
    # Where the reading stands, and what it is of.
    instant("measured_at"),
    Column("kind", Text, nullable=False),
    Column("from_attribution", Text, nullable=False),
    Column("from_reason", Text),
    Column("from_patient", Uuid),
    Column("from_day", Date, nullable=False),
    Column("to_attribution", Text, nullable=False),
    Column("to_reason", Text),
    Column("to_patient", Uuid),
    Column("to_day", Date, nullable=False),
    # NULL: Hearthbeat itself, or somebody at the clinic's own machine, by a command.
    Column("actor", Uuid),
    Column("why", Text, nullable=False),
    instant("at"),
    one_of("from_attribution", ATTRIBUTIONS),
    one_of("to_attribution", ATTRIBUTIONS),
    CheckConstraint("length(why) > 0", name="why"),
    Index(None, "reading_id"),
    # A patient's readings that went elsewhere: those in doubt, those that are somebody else's.
    Index(None, "from_patient", "measured_at"),
)
