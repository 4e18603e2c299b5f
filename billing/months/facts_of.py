"""One stretch of one patient as the evaluator's facts. Pure."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Record
from msgspec import Struct
from msgspec.structs import replace

from billing.eligibility.facts import (
    DEVICE_SENT,
    Attestation,
    Device,
    Episode,
    Facts,
    OtherEpisode,
    OtherService,
    PriorAuthorisation,
    Reading,
)
from billing.eligibility.programme_consent import CONSENT_TO, EVER
from billing.months.calendar import Month
from billing.months.entry_words import evaluators_entry
from billing.months.gathered import Patient
from billing.months.records import Provider
from billing.months.sources import PayerOf, Sources
from billing.months.stretches import (
    MONITORING,
    WRITTEN,
    Held,
    Stretch,
    begins,
    consents_of,
    consents_to,
    last_day_before,
    orders_of,
    programme_consents_of,
    standings,
)
from billing.ranges import from_ranges
from billing.rule_numbers import TYPED

NO_VALUE: Final = "control solution, test or no value"
SETUPS: Final = frozenset({"99453", "98975"})
"""S-1: once in a stretch."""


class Known(Struct, frozen=True, kw_only=True):
    """What is the same for all of a patient's stretches, made once."""

    patient: Patient
    month: Month
    home: ZoneInfo
    consent: Held | None
    order: Held | None
    coverage: Record | None
    payer: PayerOf | None
    readings: tuple[Reading, ...]
    diagnoses: tuple[str, ...]
    devices: dict[str, Device]
    first: bool = True
    """No consent and order held together before: setup goes with this one or never (S-1)."""


def known_of(patient: Patient, sources: Sources) -> Known:
    """With the latest consent and order; see `each_standing`."""
    month = sources.month
    readings = _readings([*patient.of("readings"), *patient.of("earlier")])
    coverage = _coverage(patient.of("coverages"), month)
    found = Known(
        patient=patient,
        month=month,
        home=ZoneInfo(patient.row["time_zone"]),
        consent=None,
        order=None,
        coverage=coverage,
        payer=None if coverage is None else sources.payers.get(coverage["payer"]),
        readings=readings,
        diagnoses=(),
        devices={each.device: Device() for each in readings if each.device is not None},
    )
    return each_standing(found)[-1]


def each_standing(known: Known) -> list[Known]:
    """One for each time in which consent and order held, by time: what lies between them, and what
    was begun before, does not count for what comes after.
    """
    patient, month = known.patient, known.month
    pairs = standings(consents_of(patient, month), orders_of(patient, month))
    found = []
    for place, (consent, order) in enumerate(pairs):
        ends = [each.until for each in (consent, order) if each is not None and each.until]
        if place < len(pairs) - 1 and ends and min(ends) <= month.begins_at:
            continue
        found.append(_under(replace(known, consent=consent, first=not place), order))
    return found


def cared_for(known: Known) -> Known:
    """Of whom nothing is monitored: under the latest order, whatever became of the consent to
    monitoring.
    """
    orders = orders_of(known.patient, known.month)
    return _under(known, orders[-1] if orders else None)


def consented(known: Known, stretch: Stretch) -> Held | None:
    """To what the stretch is of, where that has a consent of its own; else to monitoring."""
    program = stretch.service.upper()
    if program not in CONSENT_TO:
        return known.consent
    own = consents_to(program, known.patient, known.month)
    return own[-1] if own else None


def _under(known: Known, order: Held | None) -> Known:
    rows = () if order is None else order.rows
    diagnoses = dict.fromkeys(each for row in rows for each in row["diagnoses"])
    return replace(known, order=order, diagnoses=tuple(diagnoses))


def facts_of(known: Known, stretch: Stretch, sources: Sources) -> Facts:
    patient = known.patient
    entries = [
        evaluators_entry(dict(row), from_ranges(row["spans"])) for row in patient.of("entries")
    ]
    return Facts(
        patient=str(patient.row["id"]),
        # Without rules its name must not lead to anybody else's.
        payer="" if known.payer is None or known.payer.rules is None else known.payer.key,
        patient_zone=known.home,
        practice_zone=sources.month.zone,
        episode=episode_of(known, stretch, sources),
        devices=known.devices,
        readings=known.readings,
        entries=tuple(entries),
        other_services=_others(patient, stretch),
        elsewhere=sources.diary,
        diagnoses=known.diagnoses,
        prior_authorisations=_authorisations(known),
        other_episodes=_beside(known, stretch, sources),
        attestations=tuple(
            Attestation(
                what=row["what"], on=row["on_day"], until=row["until_day"], by=row["stated_by"]
            )
            for row in patient.of("attestations")
        ),
        programme_consents=programme_consents_of(
            patient,
            sources.month,
            since=EVER if stretch.service in MONITORING else begins(stretch, known.home),
        ),
    )


def episode_of(known: Known, stretch: Stretch, sources: Sources) -> Episode:
    """Consent counts from the day on which the stretch begins: before it nothing is billed."""
    enrolled, consent, order = stretch.enrolment, known.consent, known.order
    who = practitioner_of(stretch, sources)
    # E-3: what nobody orders any more has ended.
    ordered = (
        None if order is None or order.until is None else last_day_before(order.until, known.home)
    )
    return Episode(
        program=stretch.service.upper(),
        id=str(stretch.id),
        consent_at=None if consent is None else max(consent.since, begins(stretch, known.home)),
        consent_withdrawn_at=None if consent is None else consent.until,
        consent_written=None if consent is None else consent.last["method"] in WRITTEN,
        order_at=None if order is None else order.since,
        established_patient=enrolled is not None and _established(known.patient),
        setup_education_date=None if enrolled is None else enrolled["taught_on"],
        setup_already_billed=_set_up_before(known, stretch),
        end_date=min((each for each in (stretch.last, ordered) if each is not None), default=None),
        end_reason=stretch.end_reason,
        billing_practitioner_npi=(who.npi or "") if who else "",
        pauses=stretch.pauses,
        rtm_kind="" if enrolled is None else enrolled["rtm_kind"],
    )


def _established(patient: Patient) -> bool:
    """E-1: of the practice, in whichever service somebody has recorded the visit."""
    return any(row["established_on"] is not None for row in patient.of("enrolments"))


def _set_up_before(known: Known, stretch: Stretch) -> bool:
    """By us in another month; or elsewhere, as somebody has recorded."""
    ours = any(
        row["scope"] == "setup" and row["stretch_id"] == stretch.id
        for row in known.patient.of("billed")
    )
    return ours or any(
        row["code"] in SETUPS and (row["first_on"] is None or row["first_on"] >= stretch.first)
        for row in known.patient.of("others")
    )


def practitioner_of(stretch: Stretch, sources: Sources) -> Provider | None:
    if stretch.enrolment is None:
        return None
    return sources.practitioners.get(stretch.enrolment["practitioner_id"])


def source_of(row: Any) -> str:
    """D-6: what a person typed says so, whatever device it names."""
    if row["profile"] in TYPED:
        return str(row["profile"])
    return DEVICE_SENT if row["device_id"] is not None else "no_device"


def _readings(rows: Sequence[Record]) -> tuple[Reading, ...]:
    return tuple(
        Reading(
            id=str(row["id"]),
            device=None if row["device_id"] is None else str(row["device_id"]),
            source=source_of(row),
            measured_at=row["measured_at"],
            received_at=row["received_at"],
            local_day=row["local_day"],
            excluded=NO_VALUE if row["no_value"] else None,
            kind=row["kind"],
        )
        for row in rows
    )


def _coverage(rows: Sequence[Record], month: Month) -> Record | None:
    """Who pays first at the month's end; else who did last in it."""
    held = [
        row
        for row in rows
        if row["starts_on"] <= month.last
        and (row["ends_on"] is None or row["ends_on"] >= month.first)
    ]
    at_end = [row for row in held if row["ends_on"] is None or row["ends_on"] >= month.last]
    if at_end:
        return min(at_end, key=lambda row: (row["rank"], row["starts_on"]))
    return max(held, key=lambda row: (row["ends_on"], -row["rank"]), default=None)


def _beside(known: Known, stretch: Stretch, sources: Sources) -> tuple[OtherEpisode, ...]:
    """E-4: enrolments in the same service that run beside this one, whoever entered them."""
    last = stretch.last or dt.date.max
    return tuple(
        OtherEpisode(
            program=row["service"].upper(),
            practitioner=_npi(row["practitioner_id"], sources),
            first=row["starts_on"],
            last=row["ends_on"],
        )
        for row in known.patient.of("enrolments")
        if row["id"] != stretch.id and row["service"] == stretch.service
        if row["starts_on"] <= last and (row["ends_on"] or dt.date.max) >= stretch.first
    )


def _npi(practitioner_id: UUID | None, sources: Sources) -> str:
    found = None if practitioner_id is None else sources.practitioners.get(practitioner_id)
    return "" if found is None else found.npi or str(practitioner_id)


def _authorisations(known: Known) -> tuple[PriorAuthorisation, ...]:
    if known.coverage is None:
        return ()
    return tuple(
        PriorAuthorisation(
            number=row["number"],
            codes=tuple(row["codes"]),
            first=row["first_on"],
            last=row["last_on"],
        )
        for row in known.patient.of("authorisations")
        if row["coverage_id"] == known.coverage["id"]
    )


def _others(patient: Patient, stretch: Stretch) -> tuple[OtherService, ...]:
    """Of others, and of ours in other months; not this very service, which is looked at by line."""
    ours = [
        OtherService(
            code=row["code"],
            program=row["service"].upper(),
            first=row["window_from"],
            last=row["window_to"],
        )
        for row in patient.of("billed")
        if row["service"] != stretch.service
    ]
    theirs = [
        OtherService(
            code=row["code"],
            program=None if row["service"] is None else row["service"].upper(),
            first=row["first_on"],
            last=row["last_on"],
            start=row["starts_at"],
            end=row["ends_at"],
        )
        for row in patient.of("others")
    ]
    return (*ours, *theirs)
