"""Rows of one patient, as everything that a month's documents say of them. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from billing.months.day_rows import day_rows
from billing.months.deciding import decided
from billing.months.facts_of import Known, cared_for, consented, known_of, practitioner_of
from billing.months.gathered import Patient
from billing.months.line_rows import (
    billed_already,
    line_of,
    named,
    refusal_of,
    refused_as_billed,
)
from billing.months.records import (
    Address,
    Consent,
    Cover,
    DeviceRow,
    EpisodeOf,
    Established,
    LineOf,
    NotEligible,
    Order,
    PatientMonth,
    Taught,
    Who,
)
from billing.months.sources import Sources
from billing.months.stretches import MONITORING, Held, Stretch, stretches_of
from billing.months.time_rows import time_rows
from billing.words import SERVICE_WORDS
from vitals.nameplates import nameplate_of

NOT_ENROLLED = "NOT_ENROLLED"
"""A reason of ours: time is logged for a service in which nobody has enrolled the patient."""


def composed(patient: Patient, sources: Sources, *, today: dt.date) -> PatientMonth:
    """`today`: of the practice."""
    known = known_of(patient, sources)
    stretches = stretches_of(patient, sources.month)
    decisions = decided(known, stretches, sources, today=today)
    enrolled = frozenset(each.service for each in stretches)
    lines: list[LineOf] = []
    refused: list[NotEligible] = []
    for decision in decisions:
        for line in decision.lines:
            made = line_of(line, decision.known, decision, stretches, sources)
            if made.service not in enrolled:
                refused.append(_not_enrolled(made))
            elif billed_already(made, known):
                refused.append(refused_as_billed(made))
            else:
                lines.append(made)
        refused += [
            refusal_of(each, decision.known, decision, sources) for each in decision.refused
        ]
    lines.sort(key=lambda each: (each.service, each.window_from, each.scope, each.code))
    serials = {str(row["device_id"]): row["serial"] for row in patient.of("assignments")}
    return PatientMonth(
        who=_who(patient),
        cover=_cover(known),
        episodes=tuple(
            _episode(each, _shown(each, known, stretches), sources) for each in stretches
        ),
        devices=_devices(patient),
        lines=tuple(lines),
        not_eligible=tuple(refused),
        days=day_rows(known, decisions, serials),
        time=time_rows(known, decisions, lines, sources, enrolled),
        flags=tuple(sorted({flag for each in decisions for flag in each.flags})),
    )


def _not_enrolled(line: LineOf) -> NotEligible:
    name = SERVICE_WORDS.get(line.service, line.service.upper())
    return NotEligible(
        service=line.service,
        scope=line.scope,
        codes=(line.code,),
        window_from=line.window_from,
        window_to=line.window_to,
        reason=NOT_ENROLLED,
        why=f"Time is logged for {name}, in which nobody has enrolled the patient.",
        seconds_counted=line.seconds_counted,
        rule_set=line.rule_set,
        rules=line.rules,
        flags=line.flags,
    )


def _who(patient: Patient) -> Who:
    row = patient.row
    address = row["address"]
    return Who(
        patient_id=row["id"],
        mrn=row["mrn"],
        family_name=row["family_name"],
        given_name=row["given_name"],
        birth_date=row["birth_date"],
        sex=row["sex"],
        zone=row["time_zone"],
        address=None if address is None else msgspec.json.decode(address, type=Address),
    )


def _cover(known: Known) -> Cover | None:
    payer, coverage = known.payer, known.coverage
    if payer is None or coverage is None:
        return None
    return Cover(
        payer=payer.key,
        payer_name=payer.name,
        payer_id=payer.payer_id,
        member_id=coverage["member_id"],
        prior_auth=coverage["prior_auth"] or _authorised(known),
        filing_code=payer.filing_code,
        claim_form=payer.claim_form,
        corrects_by=payer.corrects_by,
        date_range=payer.date_range,
    )


def _authorised(known: Known) -> str | None:
    """The latest number that holds in the month."""
    held = [
        row["number"]
        for row in known.patient.of("authorisations")
        if row["first_on"] <= known.month.last
        and (row["last_on"] is None or row["last_on"] >= known.month.first)
    ]
    return held[-1] if held else None


def _shown(stretch: Stretch, known: Known, stretches: Sequence[Stretch]) -> Known:
    watched = [each for each in stretches if each.service in MONITORING]
    entered = bool(watched) and watched[-1].enrolment is not None
    return known if entered or stretch.service in MONITORING else cared_for(known)


def _episode(stretch: Stretch, known: Known, sources: Sources) -> EpisodeOf:
    enrolled = stretch.enrolment
    return EpisodeOf(
        episode_id=stretch.id,
        service=stretch.service,
        programme="" if stretch.episode is None else stretch.episode["programme"],
        started_on=stretch.first,
        ended_on=stretch.last,
        end_reason=stretch.end_reason,
        consent=_consent(consented(known, stretch)),
        order=_order(known),
        established=_established(enrolled),
        taught=_taught(enrolled) if stretch.service in MONITORING else None,
        practitioner=practitioner_of(stretch, sources),
    )


def _consent(held: Held | None) -> Consent | None:
    if held is None:
        return None
    row = held.last
    return Consent(
        given_at=held.since,
        method=row["method"],
        given_by=row["given_by"],
        text_version=row["text_version"] or None,
        recorded_by=row["recorded_by"],
        withdrawn_at=held.until,
    )


def _order(known: Known) -> Order | None:
    if known.order is None:
        return None
    row = known.order.last
    return Order(
        ordered_at=known.order.rows[0]["ordered_at"],
        by=named(row["ordered_by"], row["npi"]),
        diagnoses=known.diagnoses,
        kinds=tuple(row["kinds"]),
    )


def _established(row: Any) -> Established | None:
    if row is None or row["established_on"] is None:
        return None
    return Established(visit_on=row["established_on"], by=row["established_by"])


def _taught(row: Any) -> Taught | None:
    if row is None or row["taught_on"] is None:
        return None
    return Taught(on=row["taught_on"], by=row["taught_by"])


def _devices(patient: Patient) -> tuple[DeviceRow, ...]:
    kinds: dict[Any, str] = {}
    for row in patient.of("readings"):
        kinds.setdefault(row["device_id"], row["kind"])
    return tuple(_device(row, kinds) for row in patient.of("assignments"))


def _device(row: Any, kinds: Mapping[Any, str]) -> DeviceRow:
    plate = nameplate_of(row["profile"])
    return DeviceRow(
        device_id=row["device_id"],
        kind=kinds.get(row["device_id"], ""),
        maker=plate.maker,
        model=plate.model or row["label"] or row["profile"] or row["address"],
        serial=row["serial"] or row["address"],
        udi=row["udi"],
        assigned_from=row["starts_at"],
        assigned_to=row["ends_at"],
        device_basis=plate.basis,
    )
