"""A month to export: sound unless a test says otherwise."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from msgspec import structs

from billing.exports.manifest import Asked
from billing.months.records import (
    Address,
    Consent,
    Cover,
    DayRow,
    DeviceRow,
    EpisodeOf,
    Established,
    LineOf,
    MonthHead,
    NotEligible,
    Order,
    PatientMonth,
    Practice,
    Provider,
    Status,
    Taught,
    TimeRow,
    Who,
)

NOW: Final = dt.datetime(2026, 11, 3, 15, 30, tzinfo=dt.UTC)
MADE: Final = Asked(who="Ana Reyes", purpose="payment", now=NOW, control_number=42)
HOME: Final = Address(line_1="12 Elm Street", city="Springfield", state="IL", zip_code="62704")
DOCTOR: Final = Provider(
    family_name="Okafor", given_name="Grace", npi="1245319599", credential="MD"
)
OTHER_DOCTOR: Final = Provider(family_name="Lindqvist", given_name="Per", npi="1497758544")


def id_of(*names: object) -> UUID:
    return uuid5(NAMESPACE_OID, "/".join(map(str, names)))


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Of October 2026."""
    return dt.datetime(2026, 10, day, hour, minute, tzinfo=dt.UTC)


PRACTICE: Final = Practice(
    organisation_id=id_of("practice"),
    name="Northside Heart Clinic",
    zone="America/Chicago",
    npi="1234567893",
    tax_id="36-1234567",
    taxonomy="207RC0000X",
    address=Address(
        line_1="400 Lake Shore Dr", line_2="Suite 5", city="Chicago", state="IL",
        zip_code="606112345",
    ),
    contact_name="Ben Ode",
    phone="+1 312 555 0142",
    submitter_id="NORTHSIDE1",
    receiver_id="CLEARHOUSE",
    receiver_name="Clearing House One",
)  # fmt: skip
HEAD: Final = MonthHead(
    month="2026-10",
    practice=PRACTICE,
    rule_sets=("medicare-2026",),
    rules_digest="ab" * 32,
    evaluated_at=at(31, 23),
    version=1,
    locked_at=dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC),
    locked_by="Ben Ode",
    sha256="cd" * 32,
)
COVER: Final = Cover(
    payer="medicare_ffs",
    payer_name="Medicare Part B",
    payer_id="00952",
    member_id="1EG4TE5MK73",
)


def line(code: str = "99454", patient: str = "P-1", **changes: Any) -> LineOf:
    made = LineOf(
        line_id=id_of(patient, code, changes.get("dos_to", ""), changes.get("window_from", "")),
        service="rpm",
        scope="mgmt" if code in {"99457", "99458", "99470"} else "supply",
        code=code,
        units=1,
        dos_from=dt.date(2026, 10, 30),
        dos_to=dt.date(2026, 10, 30),
        place_of_service="11",
        diagnoses=("I10", "I50.9"),
        rendering=DOCTOR,
        ordering=DOCTOR,
        window_from=dt.date(2026, 10, 1),
        window_to=dt.date(2026, 10, 30),
        days_counted=17,
        charge=Decimal("52.11"),
        expected=Decimal("41.69"),
        rule_set="medicare-2026",
        rules=("D-1", "D-2", "DOS-1"),
        why="17 of 16 days",
        status=Status.APPROVED,
    )
    return structs.replace(made, **changes)


def day(number: int, **changes: Any) -> DayRow:
    made = DayRow(
        local_date=dt.date(2026, 10, number),
        window_no=1,
        device_id=id_of("cuff"),
        device_serial="BP-1001",
        source="device_auto",
        first_measured_at=at(number, 13, 5),
        first_received_at=at(number, 13, 6),
        readings=2,
        counted=True,
    )
    return structs.replace(made, **changes)


def entry(number: int, **changes: Any) -> TimeRow:
    made = TimeRow(
        entry_id=id_of("entry", number),
        service="rpm",
        staff_id=id_of("nurse"),
        staff_name="Nora Quill",
        credential="RN",
        role="nurse",
        started_at=at(number, 15),
        ended_at=at(number, 15, 7),
        seconds_logged=420,
        seconds_counted=420,
        mode="live_phone",
        live_contact=True,
        with_whom="patient",
        activity="call",
        note="Talked about the salt in soups.",
        recorded_at=at(number, 15, 8),
        recorded_by="Nora Quill",
    )
    return structs.replace(made, **changes)


EPISODE: Final = EpisodeOf(
    episode_id=id_of("episode"),
    service="rpm",
    programme="Hypertension",
    started_on=dt.date(2026, 9, 28),
    consent=Consent(
        given_at=dt.datetime(2026, 9, 28, 15, 0, tzinfo=dt.UTC),
        method="verbal",
        given_by="patient",
        text_version="rpm-consent-2026-01",
        recorded_by="Nora Quill",
    ),
    order=Order(
        ordered_at=dt.datetime(2026, 9, 28, 14, 40, tzinfo=dt.UTC),
        by=DOCTOR,
        diagnoses=("I10", "I50.9"),
        kinds=("blood_pressure",),
    ),
    established=Established(visit_on=dt.date(2026, 9, 14), by="Grace Okafor, MD"),
    taught=Taught(on=dt.date(2026, 9, 29), by="Nora Quill, RN"),
    practitioner=DOCTOR,
)
CUFF: Final = DeviceRow(
    device_id=id_of("cuff"),
    kind="blood_pressure",
    maker="A&D",
    model="UA-651BLE",
    serial="BP-1001",
    udi="(01)00093764603181",
    assigned_from=dt.datetime(2026, 9, 29, 16, 0, tzinfo=dt.UTC),
    device_basis="Cleared as a medical device (510(k)); sends by itself.",
)


def patient(mrn: str = "P-1", **changes: Any) -> PatientMonth:
    """With two lines, 3 days, 2 entries, and one thing that is not eligible."""
    made = PatientMonth(
        who=Who(
            patient_id=id_of("patient", mrn),
            mrn=mrn,
            family_name="Muñoz",
            given_name="Inés",
            birth_date=dt.date(1950, 2, 3),
            sex="female",
            zone="America/Chicago",
            address=HOME,
        ),
        cover=COVER,
        episodes=(EPISODE,),
        devices=(CUFF,),
        lines=(
            line("99454", mrn),
            line("99457", mrn, seconds_counted=1500, days_counted=None, charge=Decimal("51.77"),
                 dos_from=dt.date(2026, 10, 31), dos_to=dt.date(2026, 10, 31),
                 window_to=dt.date(2026, 10, 31), live_contact_on=dt.date(2026, 10, 4),
                 rules=("T-3", "T-5", "T-9", "DOS-2"), why="25 of 20 minutes"),
        ),
        not_eligible=(
            NotEligible(
                service="rpm", scope="mgmt", codes=("99458",), reason="BELOW_MIN_TIME",
                why="25 of 40 minutes", seconds_counted=1500, seconds_missing=900,
                rule_set="medicare-2026", rules=("T-7",),
            ),
        ),
        days=(day(1), day(2), day(3, counted=False, reason="typed", source="typed")),
        time=(entry(4), entry(5, mode="none", live_contact=False, with_whom=None,
                              activity="review", note="Read the week.")),
    )  # fmt: skip
    return structs.replace(made, **changes)


def named(mrn: str, family: str, given: str = "Inés") -> PatientMonth:
    made = patient(mrn)
    return structs.replace(
        made, who=structs.replace(made.who, family_name=family, given_name=given)
    )


def without(made: PatientMonth, field: str, of: str = "who") -> PatientMonth:
    """With nothing in one field of who it is, or of who pays."""
    part = getattr(made, of)
    return structs.replace(made, **{of: structs.replace(part, **{field: None})})


def of_lines(mrn: str, lines: Iterable[LineOf]) -> PatientMonth:
    return patient(mrn, lines=tuple(lines))
