import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from care.attribution import attribute
from care.snapshot import Snapshot, snapshot
from ingest.admission import Admission
from store.batch import Row, Standing
from store.schema import UNCLAIMED
from tests.unit.ingest.clinic import (
    ASSIGNMENT_ID,
    DEVICE_ID,
    NOW,
    ORGANISATION,
    PATIENT,
    assignment,
    clinic,
    device,
    gateway,
    reading,
)
from vitals.reading import Reading

SENT = NOW - dt.timedelta(seconds=3)


def admitted(
    subject: Reading | None = None, known: Snapshot | None = None, *, through: str = "gw-1"
) -> Row:
    admission = Admission(clinic() if known is None else known, now=NOW)
    (row,) = admission.admit([subject or reading()], gateway_id=through, sent_at=SENT)
    return row


def test_a_plausible_reading_of_an_assigned_device_is_the_patients() -> None:
    subject = reading()
    assert admitted(subject) == Row(
        subject,
        Standing(
            organisation_id=ORGANISATION,
            gateway_id="gw-1",
            attribution="assigned",
            device_id=DEVICE_ID,
            assignment_id=ASSIGNMENT_ID,
            patient_id=PATIENT,
        ),
        NOW.date(),
        SENT,
    )


def test_a_gateway_that_nobody_enrolled_is_nobodys() -> None:
    row = admitted(through="gw-9")
    assert (row.organisation_id, row.attribution, row.reason, row.patient_id) == (
        UNCLAIMED,
        "quarantined",
        "unknown_gateway",
        None,
    )


def test_a_revoked_gateway_is_heard_and_not_believed() -> None:
    known = snapshot([gateway(revoked_at=NOW)], [device(assignment())], {})
    row = admitted(known=known)
    assert (row.organisation_id, row.reason, row.patient_id) == (
        ORGANISATION,
        "revoked_gateway",
        None,
    )


def test_the_topic_says_whose_it_is_and_another_organisations_device_is_unknown_there() -> None:
    other = gateway("gw-2", organisation_id=UNCLAIMED)
    row = admitted(known=clinic(gateways=(other,)), through="gw-2")
    assert (row.reason, row.device_id, row.patient_id) == ("unknown_device", None, None)


def test_an_unknown_device_is_quarantined() -> None:
    row = admitted(reading(device="FF:FF:FF:FF:FF:FF"))
    assert (row.organisation_id, row.reason) == (ORGANISATION, "unknown_device")


def test_a_device_is_known_by_its_address_in_either_case_and_kept_in_one() -> None:
    row = admitted(reading(device="a0:b1:c2:d3:e4:f5"))
    assert row.reason is None
    assert row.reading.device == "A0:B1:C2:D3:E4:F5"


def test_a_strangers_device_has_the_one_spelling_too() -> None:
    row = admitted(reading(device="a0:b1:c2:d3:e4:f5"), through="gw-9")
    assert row.reading.device == "A0:B1:C2:D3:E4:F5"


@pytest.mark.parametrize(
    ("seconds", "reason"), [(-1, "unassigned"), (0, None), (59, None), (60, "unassigned")]
)
def test_it_belongs_to_who_had_the_device_when_it_measured(
    seconds: int, reason: str | None
) -> None:
    start = NOW - dt.timedelta(hours=1)
    known = clinic(assignment(starts_at=start, ends_at=start + dt.timedelta(seconds=60)))
    row = admitted(reading(measured_at=start + dt.timedelta(seconds=seconds)), known)
    assert row.reason == reason
    assert row.device_id == DEVICE_ID


def test_a_user_slot_that_nobody_has_is_not_this_person() -> None:
    assert admitted(reading(user=2), clinic(assignment(user_slot=1))).reason == "not_this_person"


def test_a_shared_device_that_does_not_say_who_is_ambiguous() -> None:
    row = admitted(reading(), clinic(assignment(user_slot=1)))
    assert (row.attribution, row.reason, row.patient_id) == ("ambiguous", "ambiguous_user", None)


def test_a_doubtful_value_names_no_patient_but_keeps_who_had_the_device() -> None:
    row = admitted(reading(values={"systolic": 301.0, "diastolic": 80.0}))
    assert (row.attribution, row.reason, row.patient_id, row.assignment_id) == (
        "quarantined",
        "implausible:systolic",
        None,
        ASSIGNMENT_ID,
    )


def test_the_day_is_that_of_the_patients_own_zone() -> None:
    east = dt.timezone(dt.timedelta(hours=9))
    at = dt.datetime(2026, 11, 22, 3, 0, tzinfo=east)  # 18:00 UTC the day before.
    row = admitted(reading(measured_at=at), clinic(zone="America/New_York"))
    assert row.local_day == dt.date(2026, 11, 21)


@pytest.mark.parametrize("hour", [0, 1, 23])
def test_the_day_is_right_on_both_sides_of_a_clock_change(hour: int) -> None:
    at = dt.datetime(2026, 11, 1, hour, 30, tzinfo=dt.timezone(dt.timedelta(hours=-4)))
    row = admitted(reading(measured_at=at), clinic(zone="America/New_York"))
    assert row.local_day == (at.date() if hour < 23 else dt.date(2026, 11, 1))


def test_without_a_patient_the_day_is_the_homes() -> None:
    east = dt.timezone(dt.timedelta(hours=9))
    at = dt.datetime(2026, 11, 22, 3, 0, tzinfo=east)
    row = admitted(reading(measured_at=at), through="gw-9")
    assert row.local_day == dt.date(2026, 11, 22)


@pytest.mark.parametrize(("seconds", "marks"), [(-1, ()), (0, ()), (1, ("late",))])
def test_what_was_measured_more_than_a_day_ago_is_late(
    seconds: int, marks: tuple[str, ...]
) -> None:
    at = NOW - dt.timedelta(hours=24, seconds=seconds)
    row = admitted(reading(measured_at=at))
    assert (row.marks, row.reason, row.patient_id) == (marks, None, PATIENT)


@pytest.mark.parametrize(
    "changes",
    [
        {"flags": ("control_solution",)},
        {"values": {}},
        {"values": {"systolic": 80.0, "diastolic": 81.0}},
        {"measured_at": NOW + dt.timedelta(hours=1)},
    ],
)
def test_whatever_comes_in_comes_out_as_a_row(changes: dict[str, Any]) -> None:
    row = admitted(reading(**changes))
    assert row.attribution == "quarantined"
    assert row.reason


SLOTS = st.sampled_from([None, 1, 2])
HOURS = st.none() | st.integers(min_value=1, max_value=4)
TIMES = st.integers(min_value=-5, max_value=5).map(lambda hours: NOW + dt.timedelta(hours=hours))


@given(
    spans=st.lists(
        st.tuples(
            TIMES, st.none() | st.integers(min_value=1, max_value=4), st.sampled_from([None, 1, 2])
        ),
        max_size=3,
    ),
    user=st.sampled_from([None, 1, 2, 3]),
)
def test_the_short_way_to_an_owner_agrees_with_the_long_one(
    spans: list[tuple[dt.datetime, int | None, int | None]], user: int | None
) -> None:
    assignments = [
        assignment(
            starts_at=start,
            ends_at=None if hours is None else start + dt.timedelta(hours=hours),
            user_slot=slot,
        )
        for start, hours, slot in spans
    ]
    known = snapshot([gateway()], [device(*assignments)], {})
    row = admitted(reading(user=user), known)
    found = attribute(assignments, user=user, measured_at=NOW)
    assert (row.attribution, row.reason) == (found.state, found.reason)
    assert row.patient_id == (PATIENT if found.assignment else None)
