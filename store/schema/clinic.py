"""Tables of who is cared for and who may look: small, joined, changed by people."""

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from store.schema.base import instant, made_id, metadata, one_of

ROLES: Final = ("admin", "nurse", "clinician", "biller", "auditor", "patient", "caregiver")
TRANSPORTS: Final = ("mqtt", "http")
SEXES: Final = ("female", "male", "other", "unknown")
WEIGHT_UNITS: Final = ("kg", "lb")
GLUCOSE_UNITS: Final = ("mg/dL", "mmol/L")
TEMPERATURE_UNITS: Final = ("C", "F")


def of_organisation() -> Column[object]:
    return Column("organisation_id", ForeignKey("organisations.id"), nullable=False)


organisations = Table(
    "organisations",
    metadata,
    made_id(),
    Column("name", Text, nullable=False, unique=True),
    Column("time_zone", Text, nullable=False, server_default=text("'UTC'")),
    instant("created_at", server_default=text("now()")),
    # Whom patients call, and in an emergency; NULL: as the installation's settings say.
    Column("phone", Text),
    Column("emergency_number", Text),
    # Of its staff.
    Column("second_factor_required", Boolean, nullable=False, server_default=text("false")),
    # Of patients who are added without units of their own.
    Column("weight_unit", Text, nullable=False, server_default=text("'lb'")),
    Column("glucose_unit", Text, nullable=False, server_default=text("'mg/dL'")),
    Column("temperature_unit", Text, nullable=False, server_default=text("'F'")),
    CheckConstraint("length(name) BETWEEN 1 AND 200", name="name"),
    one_of("weight_unit", WEIGHT_UNITS),
    one_of("glucose_unit", GLUCOSE_UNITS),
    one_of("temperature_unit", TEMPERATURE_UNITS),
)

patients = Table(
    "patients",
    metadata,
    made_id(),
    of_organisation(),
    Column("mrn", Text, nullable=False),
    Column("given_name", Text, nullable=False),
    Column("family_name", Text, nullable=False),
    Column("birth_date", Date),
    Column("time_zone", Text, nullable=False),
    Column("language", Text, nullable=False, server_default=text("'en'")),
    instant("created_at", server_default=text("now()")),
    Column("sex", Text, nullable=False, server_default=text("'unknown'")),
    Column("phone", Text),
    Column("allergies", Text),
    # In which units pages show this patient's numbers; stored ones are canonical.
    Column("weight_unit", Text, nullable=False, server_default=text("'lb'")),
    Column("glucose_unit", Text, nullable=False, server_default=text("'mg/dL'")),
    Column("temperature_unit", Text, nullable=False, server_default=text("'F'")),
    UniqueConstraint("organisation_id", "mrn"),
    one_of("sex", SEXES),
    one_of("weight_unit", WEIGHT_UNITS),
    one_of("glucose_unit", GLUCOSE_UNITS),
    one_of("temperature_unit", TEMPERATURE_UNITS),
)

users = Table(
    "users",
    metadata,
    made_id(),
    of_organisation(),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("patient_id", ForeignKey("patients.id")),
    instant("created_at", server_default=text("now()")),
    instant("disabled_at", nullable=True),
    Column("display_name", Text, nullable=False, server_default=text("''")),
    # As "RN": who did something, as a bill has to say it.
    Column("credential", Text, nullable=False, server_default=text("''")),
    Column("preferences", JSONB, nullable=False, server_default=text("'{}'")),
    one_of("role", ROLES),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    instant("created_at"),
    instant("last_seen_at"),
    instant("expires_at"),
    instant("revoked_at", nullable=True),
    # To name it by, and from where and with what it was opened: for the person whose it is.
    Column("id", Uuid, nullable=False, unique=True, server_default=text("gen_random_uuid()")),
    Column("address", Text, nullable=False, server_default=text("''")),
    Column("agent", Text, nullable=False, server_default=text("''")),
    CheckConstraint("octet_length(token_hash) = 32", name="token_hash"),
)

gateways = Table(
    "gateways",
    metadata,
    Column("id", Text, primary_key=True),
    of_organisation(),
    Column("label", Text, nullable=False, server_default=text("''")),
    Column("transport", Text, nullable=False, server_default=text("'mqtt'")),
    instant("created_at", server_default=text("now()")),
    instant("enrolled_at", nullable=True),
    instant("revoked_at", nullable=True),
    Column("enrolment_code_hash", LargeBinary, unique=True),
    instant("enrolment_expires_at", nullable=True),
    Column("credential_hash", Text),
    Column("time_zone", Text),
    CheckConstraint("id ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$'", name="id"),
    one_of("transport", TRANSPORTS),
)

devices = Table(
    "devices",
    metadata,
    made_id(),
    of_organisation(),
    Column("address", Text, nullable=False),
    Column("profile", Text, nullable=False, server_default=text("''")),
    Column("label", Text, nullable=False, server_default=text("''")),
    Column("serial", Text),
    Column("passkey", Text),
    Column("gateway_id", ForeignKey("gateways.id")),
    instant("created_at", server_default=text("now()")),
    instant("retired_at", nullable=True),
    UniqueConstraint("organisation_id", "address"),
    CheckConstraint("address = upper(address)", name="address"),
    Index(None, "gateway_id"),
)

device_assignments = Table(
    "device_assignments",
    metadata,
    made_id(),
    of_organisation(),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    Column("user_slot", SmallInteger),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    instant("created_at", server_default=text("now()")),
    Column("created_by", Uuid),
    Column("reason", Text, nullable=False, server_default=text("''")),
    CheckConstraint("user_slot BETWEEN 0 AND 255", name="user_slot"),
    # Half-open [starts_at, ends_at): an empty span would belong to nobody.
    CheckConstraint("ends_at > starts_at", name="span"),
    Index(None, "device_id", "starts_at"),
    Index(None, "patient_id", "starts_at"),
)

# What a write under an `Idempotency-Key` was answered, stored in the transaction of the write.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    # SHA-256 of method, path and body: a key stands for one request.
    Column("request", LargeBinary, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    instant("created_at", index=True),
    CheckConstraint("octet_length(request) = 32", name="request"),
)
