"""The tables of a month, as rows of one patient: RULES.md, section 11. Pure."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from billing.exports.cells import Cell, Column, Kind, Row, Table, excerpt
from billing.months.records import (
    LineOf,
    MonthHead,
    PatientMonth,
    Practice,
    Provider,
    Standing,
    TimeRow,
    practice_of,
)

DATE, TIME, NUMBER, MONEY = Kind.DATE, Kind.TIME, Kind.NUMBER, Kind.MONEY
ID_WIDTH: Final = 37
MODIFIERS: Final = 4
DIAGNOSES: Final = 4


def _columns(*given: str | Column) -> tuple[Column, ...]:
    return tuple(each if isinstance(each, Column) else Column(each) for each in given)


def _id(name: str) -> Column:
    return Column(name, width=ID_WIDTH)


def _wide(name: str) -> Column:
    return Column(name, width=40)


LINES: Final = Table(
    name="claim_lines",
    sheet="Lines",
    columns=_columns(
        _id("line_id"), Column("clinic", width=24), _id("patient_id"), "mrn", "last", "first",
        Column("dob", DATE, 11), Column("sex", width=7), "payer_id", Column("payer_name", width=22),
        "member_id", "prior_auth", Column("program", width=9), Column("code", width=8),
        *(Column(f"modifier{n}", width=9) for n in range(1, MODIFIERS + 1)),
        Column("units", NUMBER, 7), Column("dos_from", DATE, 11), Column("dos_to", DATE, 11),
        Column("pos", width=6), *(Column(f"dx{n}", width=8) for n in range(1, DIAGNOSES + 1)),
        "rendering_npi", "billing_npi", "supervising_npi", "ordering_npi",
        Column("window_from", DATE, 12), Column("window_to", DATE, 12),
        Column("days_counted", NUMBER), Column("seconds_counted", NUMBER),
        Column("live_contact_date", DATE, 16), Column("charge", MONEY, 11),
        Column("expected_amount", MONEY, 15), Column("status", width=10),
        "reason_if_not_eligible", Column("rules", width=28), Column("flags", width=28), "ruleset",
        _wide("evidence_url"), "exported_before", "frequency", "original_claim",
        Column("locked_version", NUMBER),
    ),
)  # fmt: skip
TIME_LOG: Final = Table(
    name="time_log",
    sheet="Time",
    columns=_columns(
        _id("entry_id"), _id("patient_id"), "mrn", Column("program", width=9),
        Column("staff_name", width=22), "credential", "role", Column("start_local", TIME, 19),
        Column("end_local", TIME, 19), Column("zone", width=20), Column("start_utc", TIME, 19),
        Column("end_utc", TIME, 19), Column("seconds_logged", NUMBER),
        Column("seconds_counted", NUMBER), Column("reason_not_counted", width=24), "mode",
        "live_contact", "with_whom", "activity", "data_reviewed", _wide("note_excerpt"),
        Column("entered_at", TIME, 19), Column("entered_by", width=22), Column("edited", NUMBER, 8),
        "late_entry", "locked_month", _id("line_id"),
    ),
)  # fmt: skip
DAYS: Final = Table(
    name="reading_days",
    sheet="Days",
    columns=_columns(
        _id("patient_id"), Column("local_date", DATE, 11), Column("window_no", NUMBER),
        Column("device_serial", width=20), "source", Column("first_measured_utc", TIME, 19),
        Column("received_utc", TIME, 19), Column("n_readings", NUMBER), "counted",
        Column("reason", width=28),
    ),
)  # fmt: skip
NOT_ELIGIBLE: Final = Table(
    name="not_eligible",
    sheet="Not eligible",
    columns=_columns(
        _id("patient_id"), "mrn", "last", "first", "payer_id", Column("payer_name", width=22),
        Column("program", width=9), Column("scope", width=9), "codes",
        Column("window_from", DATE, 12), Column("window_to", DATE, 12),
        Column("reason", width=28), _wide("why"), Column("days_counted", NUMBER),
        Column("days_missing", NUMBER), Column("seconds_counted", NUMBER),
        Column("seconds_missing", NUMBER), "still_open", Column("rules", width=28),
        Column("flags", width=28), "ruleset",
    ),
)  # fmt: skip
TAKEN_BACK: Final = Table(
    name="taken_back",
    sheet="Taken back",
    columns=_columns(
        _id("line_id"), _id("patient_id"), "mrn", "last", "first", "payer_id",
        Column("payer_name", width=22), "member_id", Column("program", width=9),
        Column("code", width=8), Column("units", NUMBER, 7), Column("dos_from", DATE, 11),
        Column("dos_to", DATE, 11), Column("charge", MONEY, 11), "original_claim",
        Column("status", width=10), "payer_told",
    ),
)  # fmt: skip
"""Lines that were sent once and are billed no more: they are none of the month's lines."""
TABLES: Final = (LINES, TIME_LOG, DAYS, NOT_ELIGIBLE, TAKEN_BACK)


def lines(head: MonthHead, patient: PatientMonth) -> Iterator[Row]:
    who, cover, practice = patient.who, patient.cover, practice_of(head, patient)
    of_patient: Row = (practice.name, who.patient_id, who.mrn, who.family_name,
                       who.given_name, who.birth_date, who.sex)  # fmt: skip
    of_cover: Row = ("", "", "", "")
    if cover is not None:
        of_cover = (cover.payer_id or "", cover.payer_name, cover.member_id, cover.prior_auth)
    sealed = patient.sealed if isinstance(patient, Standing) else None
    version = None if sealed is None else sealed.version
    for line in patient.lines:
        yield (line.line_id, *of_patient, *of_cover, *_of_line(practice, line), version)


def _of_line(practice: Practice, line: LineOf) -> Row:
    return (
        line.service.upper(),
        line.code,
        *_first(line.modifiers, MODIFIERS),
        line.units,
        line.dos_from,
        line.dos_to,
        line.place_of_service,
        *_first(line.diagnoses, DIAGNOSES),
        _npi(line.rendering),
        practice.npi,
        _npi(line.supervising),
        _npi(line.ordering),
        line.window_from,
        line.window_to,
        line.days_counted,
        line.seconds_counted,
        line.live_contact_on,
        line.charge,
        line.expected,
        str(line.status),
        "",  # Of lines: what is not eligible stands in a table of its own.
        " ".join(line.rules),
        " ".join(line.flags),
        line.rule_set,
        f"/billing/lines/{line.line_id}/evidence",
        line.exported_before,
        line.frequency,
        line.original_claim,
    )


def time_log(head: MonthHead, patient: PatientMonth) -> Iterator[Row]:
    zone = ZoneInfo(head.practice.zone)
    locked = head.month if head.locked_at is not None else ""
    for entry in patient.time:
        yield _of_entry(patient, entry, zone, locked)


def _of_entry(patient: PatientMonth, entry: TimeRow, zone: ZoneInfo, locked: str) -> Row:
    return (
        entry.entry_id,
        patient.who.patient_id,
        patient.who.mrn,
        entry.service.upper(),
        entry.staff_name,
        entry.credential,
        entry.role,
        entry.started_at.astimezone(zone),
        entry.ended_at.astimezone(zone),
        zone.key,
        entry.started_at.astimezone(dt.UTC),
        entry.ended_at.astimezone(dt.UTC),
        entry.seconds_logged,
        entry.seconds_counted,
        entry.reason_not_counted,
        entry.mode,
        entry.live_contact,
        entry.with_whom,
        entry.activity,
        entry.activity == "review",
        excerpt(entry.note),
        entry.recorded_at.astimezone(dt.UTC),
        entry.recorded_by,
        entry.edited,
        entry.late,
        locked,
        entry.line_id,
    )


def days(_: MonthHead, patient: PatientMonth) -> Iterator[Row]:
    for day in patient.days:
        yield (
            patient.who.patient_id,
            day.local_date,
            day.window_no,
            day.device_serial,
            day.source,
            day.first_measured_at.astimezone(dt.UTC),
            day.first_received_at.astimezone(dt.UTC),
            day.readings,
            day.counted,
            day.reason,
        )


def not_eligible(_: MonthHead, patient: PatientMonth) -> Iterator[Row]:
    who, cover = patient.who, patient.cover
    payer = (None, None) if cover is None else (cover.payer_id, cover.payer_name)
    for each in patient.not_eligible:
        yield (
            who.patient_id,
            who.mrn,
            who.family_name,
            who.given_name,
            *payer,
            each.service.upper(),
            each.scope,
            " ".join(each.codes),
            each.window_from,
            each.window_to,
            each.reason,
            each.why,
            each.days_counted,
            each.days_missing,
            each.seconds_counted,
            each.seconds_missing,
            each.open,
            " ".join(each.rules),
            " ".join(each.flags),
            each.rule_set,
        )


def taken_back(_: MonthHead, patient: PatientMonth) -> Iterator[Row]:
    """As they were sent, to whom they were sent."""
    who = patient.who
    for each in patient.taken_back if isinstance(patient, Standing) else ():
        line, cover = each.line, each.cover
        payer = ("", "", "")
        if cover is not None:
            payer = (cover.payer_id or "", cover.payer_name, cover.member_id or "")
        yield (
            line.line_id,
            who.patient_id,
            who.mrn,
            who.family_name,
            who.given_name,
            *payer,
            line.service.upper(),
            line.code,
            line.units,
            line.dos_from,
            line.dos_to,
            line.charge,
            line.original_claim,
            str(line.status),
            each.told,
        )


ROWS: Final = {LINES.name: lines, TIME_LOG.name: time_log, DAYS.name: days,
               NOT_ELIGIBLE.name: not_eligible, TAKEN_BACK.name: taken_back}  # fmt: skip


def _first(texts: Sequence[str], count: int) -> tuple[Cell, ...]:
    """As many columns as there are; what is more stands in the claim and in the evidence."""
    return (*texts[:count], *([""] * (count - len(texts))))


def _npi(provider: Provider | None) -> str:
    return "" if provider is None else provider.npi or ""
