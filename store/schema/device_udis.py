"""What has been said of devices' UDIs, by people and by the devices themselves."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    text,
)

from store.schema.base import instant, metadata, one_of
from store.schema.clinic import of_organisation

UDI_SOURCES: Final = ("person", "device")
UDI_ISSUERS: Final = ("gs1", "hibcc", "iccbba")

# Append-only. The latest of people holds; where nobody has said one, or it was taken away, the
# latest that the device has said.
device_udis = Table(
    "device_udis",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    of_organisation(),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("source", Text, nullable=False),
    # As it stands in print; NULL: somebody has taken away what was said before.
    Column("udi", Text),
    Column("issuer", Text),
    Column("di", Text),
    Column("lot", Text),
    Column("serial", Text),
    Column("expires_on", Date),
    Column("made_on", Date),
    # NULL: a command, or the device.
    Column("stated_by", Uuid),
    # The hub that heard the device say so.
    Column("gateway_id", Text),
    Column("reason", Text, nullable=False, server_default=text("''")),
    instant("stated_at"),
    one_of("source", UDI_SOURCES),
    one_of("issuer", UDI_ISSUERS),
    CheckConstraint(
        "(udi IS NULL) = (di IS NULL) AND (udi IS NULL) = (issuer IS NULL)", name="whole"
    ),
    CheckConstraint("udi IS NOT NULL OR source = 'person'", name="taken_away"),
    Index(None, "device_id", "source", "id"),
    # A maker calls devices back by device identifier and lot.
    Index("device_udis_organisation_id_di_idx", "organisation_id", "di"),
)
