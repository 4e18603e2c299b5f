"""Tables of who bills, who pays, and what for: set by people before any month is run."""

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
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from store.schema.base import instant, made_id, metadata, one_of
from store.schema.clinic import of_organisation

CLAIM_FORMS: Final = ("837P", "837I", "paper")
CORRECTS_BY: Final = ("reopening", "replacement")
NPI: Final = "'^[0-9]{10}$'"


def _empty(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=text("''"))


def _npi() -> Column[str]:
    return Column("npi", Text)


# One row an organisation: the billing provider of a claim. What is not entered is NULL.
practice_profiles = Table(
    "practice_profiles",
    metadata,
    Column("organisation_id", ForeignKey("organisations.id"), primary_key=True),
    Column("legal_name", Text),
    _npi(),
    Column("tax_id", Text),
    Column("taxonomy", Text),
    # line_1, line_2, city, state, zip_code.
    Column("address", JSONB),
    _empty("contact_name"),
    Column("phone", Text),
    Column("submitter_id", Text),
    Column("receiver_id", Text),
    _empty("receiver_name"),
    Column("place_of_service", Text, nullable=False, server_default=text("'11'")),
    # Whose fees hold where a file has several localities. Empty: the practice has not said.
    _empty("fee_locality"),
    # L-5: whether who approved a line may not be the one who exports it.
    Column("second_person", Boolean, nullable=False, server_default=text("true")),
    Column("updated_by", Uuid),
    instant("updated_at"),
    CheckConstraint(f"npi ~ {NPI}", name="npi"),
    CheckConstraint("tax_id ~ '^[0-9]{9}$'", name="tax_id"),
    CheckConstraint("place_of_service ~ '^[0-9]{2}$'", name="place_of_service"),
)

practitioners = Table(
    "practitioners",
    metadata,
    made_id(),
    of_organisation(),
    Column("family_name", Text, nullable=False),
    _empty("given_name"),
    _npi(),
    _empty("credential"),
    Column("user_id", ForeignKey("users.id")),
    instant("created_at"),
    Column("created_by", Uuid),
    instant("retired_at", nullable=True),
    CheckConstraint(f"npi ~ {NPI}", name="npi"),
    UniqueConstraint("organisation_id", "npi"),
)

payers = Table(
    "payers",
    metadata,
    made_id(),
    of_organisation(),
    # By which rules are looked up, as `medicare_ffs`.
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    # As claims address it.
    Column("payer_id", Text),
    # Whose rules it follows; NULL: nobody has said, so nothing is eligible.
    Column("authority", Text),
    Column("filing_code", Text, nullable=False, server_default=text("'MB'")),
    Column("claim_form", Text, nullable=False, server_default=text("'837P'")),
    Column("corrects_by", Text, nullable=False, server_default=text("'reopening'")),
    Column("date_range", Boolean, nullable=False, server_default=text("false")),
    # What it decides otherwise than we do by default: billing.eligibility.policy.
    Column("policy", JSONB, nullable=False, server_default=text("'{}'")),
    instant("created_at"),
    instant("updated_at"),
    Column("updated_by", Uuid),
    instant("retired_at", nullable=True),
    UniqueConstraint("organisation_id", "key"),
    CheckConstraint("key ~ '^[a-z][a-z0-9_]{0,63}$'", name="key"),
    one_of("claim_form", CLAIM_FORMS),
    one_of("corrects_by", CORRECTS_BY),
)

# What a payer asks of a code otherwise, by date. Append-only: a later version stands in place of
# an earlier one of the same code and date.
payer_rules = Table(
    "payer_rules",
    metadata,
    made_id(),
    of_organisation(),
    Column("payer", ForeignKey("payers.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("version", Integer, nullable=False),
    Column("rule", JSONB, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    _empty("source"),
    Column("source_read_on", Date),
    Column("confirmed_through", Date),
    Column("recorded_by", Uuid),
    instant("recorded_at"),
    CheckConstraint("effective_to >= effective_from", name="span"),
    UniqueConstraint("payer", "code", "effective_from", "version"),
)

coverages = Table(
    "coverages",
    metadata,
    made_id(),
    of_organisation(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    Column("payer", ForeignKey("payers.id"), nullable=False),
    Column("member_id", Text),
    Column("prior_auth", Text),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    # 1 pays first.
    Column("rank", SmallInteger, nullable=False, server_default=text("1")),
    Column("recorded_by", Uuid),
    instant("recorded_at"),
    CheckConstraint("ends_on >= starts_on", name="span"),
    CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),
    Index(None, "patient_id", "starts_on"),
)

billing_addresses = Table(
    "billing_addresses",
    metadata,
    Column("patient_id", ForeignKey("patients.id"), primary_key=True),
    of_organisation(),
    Column("address", JSONB, nullable=False),
    Column("updated_by", Uuid),
    instant("updated_at"),
)

# One stretch of one service that is billed for, with what has to be shown for it (E-1, S-1).
service_enrolments = Table(
    "service_enrolments",
    metadata,
    made_id(),
    of_organisation(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    Column("episode_id", ForeignKey("episodes.id")),
    Column("service", Text, nullable=False),
    Column("practitioner_id", ForeignKey("practitioners.id")),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("end_reason", Text),
    Column("established_on", Date),
    Column("established_by", Text),
    Column("taught_on", Date),
    Column("taught_by", Text),
    # Of rtm: respiratory, musculoskeletal, cognitive_behavioural.
    _empty("rtm_kind"),
    # W-2, as [{"first": "2026-03-01", "last": "2026-03-09"}].
    Column("pauses", JSONB, nullable=False, server_default=text("'[]'")),
    Column("recorded_by", Uuid),
    instant("recorded_at"),
    Column("updated_by", Uuid),
    instant("updated_at"),
    CheckConstraint("service ~ '^[a-z][a-z0-9]{1,15}$'", name="service"),
    CheckConstraint("ends_on >= starts_on", name="span"),
    CheckConstraint("(ends_on IS NULL) = (end_reason IS NULL)", name="end"),
    CheckConstraint("(established_on IS NULL) = (established_by IS NULL)", name="established"),
    CheckConstraint("(taught_on IS NULL) = (taught_by IS NULL)", name="taught"),
    Index(None, "patient_id", "starts_on"),
)

# What was billed for a patient by others, or by us before this system: it excludes.
other_services = Table(
    "other_services",
    metadata,
    made_id(),
    of_organisation(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    _empty("code"),
    Column("service", Text),
    Column("first_on", Date),
    Column("last_on", Date),
    # T-15: of a visit that is billed by itself.
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    _empty("note"),
    Column("recorded_by", Uuid),
    instant("recorded_at"),
    instant("withdrawn_at", nullable=True),
    CheckConstraint("last_on >= first_on", name="span"),
    CheckConstraint("code <> '' OR service IS NOT NULL", name="named"),
    Index(None, "patient_id"),
)

prior_authorisations = Table(
    "prior_authorisations",
    metadata,
    made_id(),
    of_organisation(),
    Column("coverage_id", ForeignKey("coverages.id"), nullable=False),
    Column("number", Text, nullable=False),
    # For which codes.
    Column("codes", ARRAY(Text), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date),
    Column("recorded_by", Uuid),
    instant("recorded_at"),
    instant("withdrawn_at", nullable=True),
    CheckConstraint("last_on >= first_on", name="span"),
    Index(None, "coverage_id"),
)

# What rules ask for and nothing here can show: a person has stated it. Withdrawn, never deleted.
attestations = Table(
    "attestations",
    metadata,
    made_id(),
    of_organisation(),
    Column("patient_id", ForeignKey("patients.id"), nullable=False),
    Column("what", Text, nullable=False),
    # Of what happened on a day, that day; of what lasts, its first.
    Column("on_day", Date, nullable=False),
    Column("until_day", Date),
    Column("stated_by", Text, nullable=False),
    Column("recorded_by", Uuid),
    instant("recorded_at"),
    instant("withdrawn_at", nullable=True),
    CheckConstraint("until_day >= on_day", name="span"),
    Index(None, "patient_id"),
)

# An imported file of fees. Append-only: another import is another version.
fee_schedules = Table(
    "fee_schedules",
    metadata,
    made_id(),
    of_organisation(),
    # NULL: where a payer has none of its own.
    Column("payer", ForeignKey("payers.id")),
    Column("name", Text, nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("version", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("imported_by", Uuid),
    instant("imported_at"),
    CheckConstraint("effective_to >= effective_from", name="span"),
    Index(None, "organisation_id", "payer", "effective_from"),
)

fees = Table(
    "fees",
    metadata,
    Column("schedule_id", ForeignKey("fee_schedules.id"), primary_key=True),
    of_organisation(),
    Column("code", Text, primary_key=True),
    Column("modifier", Text, primary_key=True, server_default=text("''")),
    Column("locality", Text, primary_key=True, server_default=text("''")),
    # What is expected to be paid, and what is charged where that differs. US dollars a unit.
    Column("amount", Numeric(10, 2), nullable=False),
    Column("charge", Numeric(10, 2)),
    CheckConstraint("amount >= 0", name="amount"),
    CheckConstraint("charge >= 0", name="charge"),
)

RECORDS: Final = ("practice", "payer", "practitioner")

# Who has changed what claims say of these. Append-only; of patients: care_changes.
billing_record_changes = Table(
    "billing_record_changes",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    of_organisation(),
    Column("what", Text, nullable=False),
    # NULL: the practice, of which there is one.
    Column("record_id", Uuid),
    Column("fields", ARRAY(Text), nullable=False),
    # NULL: a command.
    Column("actor", Uuid),
    instant("at"),
    one_of("what", RECORDS),
    CheckConstraint("cardinality(fields) > 0", name="fields"),
    Index(None, "organisation_id", "at"),
)
