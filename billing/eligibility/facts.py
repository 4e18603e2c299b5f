"""What is known of one patient: readings and entries as they were made, nothing rolled up."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.eligibility.diary import Diary
from billing.eligibility.entry import TimeEntry

__all__ = [
    "Asked", "Attestation", "Device", "Diary", "Episode", "Facts", "OtherEpisode", "OtherService",
    "Pause", "PriorAuthorisation", "Reading", "TimeEntry",
]  # fmt: skip

DEVICE_SENT: Final = "device_auto"


class Device(Struct, frozen=True, kw_only=True):
    """E-6, D-5."""

    type: str = ""
    fda_device: bool = True
    auto_transmit: bool = True
    assigned_from: dt.datetime | None = None
    assigned_to: dt.datetime | None = None
    """Half-open; None: as long as anybody remembers."""

    def was_theirs(self, at: dt.datetime) -> bool:
        return (self.assigned_from is None or self.assigned_from <= at) and (
            self.assigned_to is None or at < self.assigned_to
        )


class Reading(Struct, frozen=True, kw_only=True):
    """`local_day`: the patient's date when it was measured, fixed then and never derived anew."""

    id: str
    device: str | None
    source: str
    measured_at: dt.datetime
    received_at: dt.datetime
    local_day: dt.date
    excluded: str | None = None
    """Why it is nobody's, a test, or not the patient's (D-5)."""
    kind: str = ""
    """blood_pressure, weight, …; empty: the type of its device."""
    received_day: dt.date | None = None
    """The patient's date when it arrived, fixed then; None: the practice's date is taken."""
    clock_trusted: bool = True
    """D-8: whether the device's clock may be believed."""


class Pause(Struct, frozen=True, kw_only=True):
    """W-2: monitoring rested from the first date to the last; what follows begins anew."""

    first: dt.date
    last: dt.date


class Episode(Struct, frozen=True, kw_only=True):
    program: str
    consent_at: dt.datetime | None = None
    order_at: dt.datetime | None = None
    established_patient: bool = True
    setup_education_date: dt.date | None = None
    setup_already_billed: bool = False
    end_date: dt.date | None = None
    end_reason: str | None = None
    id: str = ""
    billing_practitioner_npi: str = ""
    consent_withdrawn_at: dt.datetime | None = None
    """E-2: what is measured or done at this instant or after it does not count."""
    consent_written: bool | None = None
    """None: nobody has said how it was given."""
    pauses: tuple[Pause, ...] = ()
    rtm_kind: str = ""
    """Of therapeutic monitoring: respiratory, musculoskeletal, cognitive_behavioural."""

    @property
    def since(self) -> dt.datetime | None:
        """E-2, E-3: from when readings and time count; None: they never do."""
        if self.consent_at is None or self.order_at is None:
            return None
        return max(self.consent_at, self.order_at)

    def counts_from(self, *, order_needed: bool) -> dt.datetime | None:
        """As `since`, where a payer or practice does not ask for an order."""
        return self.consent_at if not order_needed and self.order_at is None else self.since


class OtherService(Struct, frozen=True, kw_only=True):
    """What is billed besides, by us or by others."""

    code: str
    program: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    """None: no date is known, so it meets every window."""
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    """T-15: of a visit that is billed by itself, whose minutes are not monitoring."""


class OtherEpisode(Struct, frozen=True, kw_only=True):
    """E-4: the same patient's monitoring under another practitioner of this installation."""

    program: str
    practitioner: str
    first: dt.date
    last: dt.date | None = None


class PriorAuthorisation(Struct, frozen=True, kw_only=True):
    number: str
    codes: tuple[str, ...]
    first: dt.date
    last: dt.date | None = None


class Attestation(Struct, frozen=True, kw_only=True):
    """What we cannot see and a person has stated: the closed list is `words.ATTESTED`."""

    what: str
    on: dt.date
    """Of what happened on a day, that day; of what lasts, its first."""
    until: dt.date | None = None
    """Of what lasts, its last day; None: until somebody says otherwise."""
    by: str = ""


class ProgrammeConsent(Struct, frozen=True, kw_only=True):
    """E-2: to one care programme, from its instant until it was taken back."""

    since: dt.datetime
    until: dt.datetime | None = None
    written: bool = False


class Facts(Struct, frozen=True, kw_only=True):
    patient: str
    payer: str
    patient_zone: ZoneInfo
    practice_zone: ZoneInfo
    episode: Episode
    devices: dict[str, Device]
    readings: tuple[Reading, ...]
    entries: tuple[TimeEntry, ...]
    """Of this patient; those of others by the same staff may stand here or in `elsewhere`."""
    other_services: tuple[OtherService, ...] = ()
    elsewhere: Diary | None = None
    """Everybody's entries, by staff, made once for all patients: overlaps show against it."""
    diagnoses: tuple[str, ...] | None = None
    """ICD-10-CM; (): there is none (E-5); None: the question is not put here."""
    prior_authorisations: tuple[PriorAuthorisation, ...] = ()
    other_episodes: tuple[OtherEpisode, ...] = ()
    attestations: tuple[Attestation, ...] | None = ()
    """None: the question is not put here; of each programme the least is then judged by its
    minutes alone, as files of worked cases have it.
    """
    programme_consents: dict[str, tuple[ProgrammeConsent, ...]] = {}
    """By programme, CCM, PCM and BHI; of one that is not in it the question is not put."""


class Asked(Struct, frozen=True, kw_only=True):
    """Which windows; nothing else is answered."""

    as_of: dt.date
    supply_periods: tuple[int, ...] = ()
    months: tuple[str, ...] = ()
    """YYYY-MM."""
    setup: bool = False
    services: tuple[str, ...] = ()
    """Programmes that are to be answered in these months even where nothing is logged for them."""
