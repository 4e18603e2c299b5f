"""What a month says: of the practice once, of each patient once. Everything that leaves the house
(files, claims, evidence) is written from these and from nothing else, so that what was locked is
what is exported.

Money is Decimal in US dollars, times are aware instants, dates are the local ones they are said to
be. Encoded as JSON with sorted keys, a record has one SHA-256: see `billing.months.seal`.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Status(StrEnum):
    """Where a line stands (L-2)."""

    DRAFT = "draft"
    HELD = "held"
    READY = "ready"
    APPROVED = "approved"
    EXPORTED = "exported"
    ACCEPTED = "accepted"
    PAID = "paid"
    DENIED = "denied"
    CORRECTED = "corrected"
    VOID = "void"


class ClaimForm(StrEnum):
    PROFESSIONAL = "837P"
    INSTITUTIONAL = "837I"
    PAPER = "paper"


class Address(Struct, frozen=True, kw_only=True):
    line_1: str
    line_2: str = ""
    city: str
    state: str
    """Two letters."""
    zip_code: str
    """Five or nine digits."""


class Provider(Struct, frozen=True, kw_only=True):
    """A practitioner as a claim names one. `npi` is None where nobody has entered it yet."""

    family_name: str
    given_name: str = ""
    npi: str | None = None
    credential: str = ""


class Practice(Struct, frozen=True, kw_only=True):
    """Who bills. None: not entered yet; what needs it is refused by name and nothing is guessed."""

    organisation_id: UUID
    name: str
    zone: str
    npi: str | None = None
    tax_id: str | None = None
    """EIN, nine digits."""
    taxonomy: str | None = None
    address: Address | None = None
    contact_name: str = ""
    phone: str | None = None
    submitter_id: str | None = None
    receiver_id: str | None = None
    receiver_name: str = ""
    place_of_service: str = "11"


class Who(Struct, frozen=True, kw_only=True):
    patient_id: UUID
    mrn: str
    family_name: str
    given_name: str
    birth_date: dt.date | None
    sex: str
    zone: str
    """Where the patient lives now; days were fixed when they were measured."""
    address: Address | None = None


class Cover(Struct, frozen=True, kw_only=True):
    """Who pays."""

    payer: str
    """Our key, as `medicare_ffs`: its rules are looked up by it."""
    payer_name: str
    payer_id: str | None
    """As claims address it (NM1*PR … PI)."""
    member_id: str | None
    prior_auth: str | None = None
    filing_code: str = "MB"
    """SBR09: MB Medicare Part B, MC Medicaid, CI commercial, 16 Medicare Advantage."""
    claim_form: ClaimForm = ClaimForm.PROFESSIONAL
    corrects_by: str = "reopening"
    """L-4: `reopening`, or `replacement` with frequency codes 7 and 8."""
    date_range: bool = False
    """Whether lines show their window (RD8) instead of a single date (D8)."""


class Consent(Struct, frozen=True, kw_only=True):
    given_at: dt.datetime
    method: str
    given_by: str
    text_version: str | None = None
    recorded_by: str = ""
    withdrawn_at: dt.datetime | None = None


class Order(Struct, frozen=True, kw_only=True):
    ordered_at: dt.datetime
    by: Provider
    diagnoses: tuple[str, ...]
    kinds: tuple[str, ...] = ()


class Established(Struct, frozen=True, kw_only=True):
    """E-1: the visit that makes a patient an established one."""

    visit_on: dt.date
    by: str


class Taught(Struct, frozen=True, kw_only=True):
    """S-1: education on setting up and using the device."""

    on: dt.date
    by: str


class EpisodeOf(Struct, frozen=True, kw_only=True):
    """One stretch of one service."""

    episode_id: UUID
    service: str
    """rpm, rtm, ccm, pcm, …"""
    programme: str
    started_on: dt.date
    ended_on: dt.date | None = None
    end_reason: str | None = None
    consent: Consent | None = None
    order: Order | None = None
    established: Established | None = None
    taught: Taught | None = None
    practitioner: Provider | None = None
    """Who bills for it (rendering)."""


class DeviceRow(Struct, frozen=True, kw_only=True):
    device_id: UUID
    kind: str
    maker: str
    model: str
    serial: str | None
    udi: str | None = None
    assigned_from: dt.datetime
    assigned_to: dt.datetime | None = None
    device_basis: str = ""
    """E-6: why it counts as a medical device."""


class DayRow(Struct, frozen=True, kw_only=True):
    """One local date of one device; dates on which nothing counted are rows too."""

    local_date: dt.date
    window_no: int | None
    device_id: UUID | None
    device_serial: str | None
    source: str
    """device_auto, typed, …"""
    first_measured_at: dt.datetime
    first_received_at: dt.datetime
    readings: int
    counted: bool
    reason: str = ""
    """Why it does not count."""
    reading_ids: tuple[UUID, ...] = ()


class TimeRow(Struct, frozen=True, kw_only=True):
    """One entry of the log as far as it lies in the month."""

    entry_id: UUID
    service: str
    staff_id: UUID
    staff_name: str
    credential: str
    role: str
    started_at: dt.datetime
    ended_at: dt.datetime
    seconds_logged: int
    seconds_counted: int
    reason_not_counted: str = ""
    mode: str
    live_contact: bool
    with_whom: str | None
    activity: str
    note: str
    recorded_at: dt.datetime
    recorded_by: str
    edited: int = 0
    """How many rows stood in this place before."""
    late: bool = False
    line_id: UUID | None = None
    """Of the base line that it counts towards."""


class LineOf(Struct, frozen=True, kw_only=True):
    """One claim line. `line_id` is the same at each evaluation: patient, service, window, scope
    and code make it.
    """

    line_id: UUID
    service: str
    scope: str
    """supply, setup, mgmt, …"""
    code: str
    modifiers: tuple[str, ...] = ()
    units: int
    dos_from: dt.date
    dos_to: dt.date
    place_of_service: str
    diagnoses: tuple[str, ...]
    rendering: Provider | None
    ordering: Provider | None
    supervising: Provider | None = None
    window_from: dt.date
    window_to: dt.date
    days_counted: int | None = None
    seconds_counted: int | None = None
    live_contact_on: dt.date | None = None
    charge: Decimal | None = None
    """For all units, by the practice's fee file; None: no fee is known."""
    expected: Decimal | None = None
    rule_set: str
    rules: tuple[str, ...]
    flags: tuple[str, ...] = ()
    why: str
    reading_ids: tuple[str, ...] = ()
    entry_ids: tuple[str, ...] = ()
    status: Status = Status.DRAFT
    exported_before: bool = False
    original_claim: str | None = None
    """The payer's number of the claim that it replaces."""
    frequency: str = "1"
    """CLM05-3: 1 original, 7 replacement, 8 void."""


class NotEligible(Struct, frozen=True, kw_only=True):
    """What gives no line, and what is missing."""

    service: str
    scope: str
    codes: tuple[str, ...] = ()
    """What it might have been."""
    window_from: dt.date | None = None
    window_to: dt.date | None = None
    reason: str
    """A word of `billing.eligibility.result.Why`."""
    why: str
    """In plain words: "15 of 16 days"."""
    days_counted: int | None = None
    days_missing: int | None = None
    seconds_counted: int | None = None
    seconds_missing: int | None = None
    open: bool = False
    """The window is not over: it may still be reached."""
    rule_set: str | None = None
    rules: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class PatientMonth(Struct, frozen=True, kw_only=True):
    """Everything that the month's documents say of one patient."""

    who: Who
    cover: Cover | None
    episodes: tuple[EpisodeOf, ...]
    devices: tuple[DeviceRow, ...]
    lines: tuple[LineOf, ...]
    not_eligible: tuple[NotEligible, ...]
    days: tuple[DayRow, ...]
    time: tuple[TimeRow, ...]
    flags: tuple[str, ...] = ()


def practice_of(head: "MonthHead", patient: PatientMonth) -> Practice:
    """Who bills for a patient's lines: as they were locked, else as the month says."""
    sealed = patient.sealed if isinstance(patient, Standing) else None
    return (sealed or head).practice


class TakenBack(Struct, frozen=True, kw_only=True):
    """A line that was sent, and that nothing stands in the place of: the payer is to be told."""

    line: LineOf
    """As it was sent. `original_claim` is the payer's number of the claim that it is on."""
    cover: Cover | None
    """To whom it was sent."""
    who: Who | None = None
    practice: Practice | None = None
    """Of whom, and by whom, as the claim said. None: as the month says."""
    told: bool = False
    """A claim has gone out that takes it back."""


class MonthHead(Struct, frozen=True, kw_only=True):
    """Of the whole month. `version` counts lockings: 0 is what was never locked."""

    month: str
    """YYYY-MM, in the practice's zone."""
    practice: Practice
    rule_sets: tuple[str, ...]
    """Names and versions of all that decided a line."""
    rules_digest: str
    """SHA-256 of the rule files, what the practice has imported and confirmed, and the payers'
    rules as they were, hexadecimal."""
    evaluated_at: dt.datetime
    version: int = 0
    locked_at: dt.datetime | None = None
    locked_by: str | None = None
    sha256: str | None = None
    """Of the snapshot: None while it is open."""
    first_locked_at: dt.datetime | None = None
    """When the month was locked first; `locked_at` is of this version."""
    first_locked_by: str | None = None


class Standing(PatientMonth, frozen=True, kw_only=True):
    """With where its lines stand by now. That is no part of what is frozen."""

    claim_numbers: dict[UUID, str] = {}
    """By line: the payer's number of the claim that it is on, as somebody has entered it."""
    taken_back: tuple[TakenBack, ...] = ()
    corrects_by: dict[str, str] = {}
    """By payer, how claims are corrected with them by now: it is no part of what claims say."""
    undecided: frozenset[UUID] = frozenset()
    """Lines of which less stands than was locked, as nobody has decided about yet."""
    sealed: MonthHead | None = None
    """Of the version under which this patient was frozen last; None: the month is open. What came
    of other patients since is none of it."""
