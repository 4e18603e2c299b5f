"""Whose reading is it: spans of time, slots, and what nobody can know."""

import datetime as dt
from uuid import UUID

import pytest

from care.attribution import Assignment, Attribution, Reason, State, attribute

START = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
END = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
INSTANT = dt.timedelta(microseconds=1)
ANN, BOB = UUID(int=1), UUID(int=2)


def held(
    patient: UUID,
    *,
    slot: int | None = None,
    starts: dt.datetime = START,
    ends: dt.datetime | None = None,
) -> Assignment:
    return Assignment(
        id=UUID(int=patient.int + 100),
        patient_id=patient,
        user_slot=slot,
        starts_at=starts,
        ends_at=ends,
    )


def nobody(state: State, reason: Reason) -> Attribution:
    return Attribution(state=state, reason=reason)


UNASSIGNED = nobody(State.QUARANTINED, Reason.UNASSIGNED)
AMBIGUOUS = nobody(State.AMBIGUOUS, Reason.AMBIGUOUS_USER)
NOT_THIS_PERSON = nobody(State.QUARANTINED, Reason.NOT_THIS_PERSON)


@pytest.mark.parametrize(
    ("measured_at", "patient"),
    [
        (START - INSTANT, None),
        (START, ANN),
        (START + INSTANT, ANN),
        (END - INSTANT, ANN),
        (END, BOB),
        (END + INSTANT, BOB),
    ],
)
def test_a_device_changes_hands_at_an_instant(
    measured_at: dt.datetime, patient: UUID | None
) -> None:
    spans = [held(ANN, ends=END), held(BOB, starts=END)]
    assert attribute(spans, user=None, measured_at=measured_at).patient_id == patient


@pytest.mark.parametrize(
    ("measured_at", "found"), [(END - INSTANT, State.ASSIGNED), (END, State.QUARANTINED)]
)
def test_a_device_given_back_is_nobodys(measured_at: dt.datetime, found: State) -> None:
    assert attribute([held(ANN, ends=END)], user=None, measured_at=measured_at).state is found


def test_the_time_of_measurement_decides_in_any_zone() -> None:
    there = (END - INSTANT).astimezone(dt.timezone(dt.timedelta(hours=-11)))
    assert attribute([held(ANN, ends=END)], user=None, measured_at=there).patient_id == ANN


def test_a_device_that_nobody_ever_had_is_unassigned() -> None:
    assert attribute([], user=1, measured_at=START) == UNASSIGNED


def test_the_whole_device_is_one_persons_whatever_its_user_number() -> None:
    for user in (None, 0, 3):
        assert attribute([held(ANN)], user=user, measured_at=START).patient_id == ANN


SHARED = [held(ANN, slot=1), held(BOB, slot=2)]


@pytest.mark.parametrize(
    ("user", "found"),
    [
        (1, Attribution(state=State.ASSIGNED, assignment=SHARED[0])),
        (2, Attribution(state=State.ASSIGNED, assignment=SHARED[1])),
        (3, NOT_THIS_PERSON),
        (None, AMBIGUOUS),
    ],
)
def test_a_shared_device_says_who_it_was_or_nobody_knows(
    user: int | None, found: Attribution
) -> None:
    assert attribute(SHARED, user=user, measured_at=START) == found


def test_one_slot_alone_does_not_make_every_reading_theirs() -> None:
    assert attribute([held(ANN, slot=1)], user=None, measured_at=START) == AMBIGUOUS
    assert attribute([held(ANN, slot=1)], user=2, measured_at=START) == NOT_THIS_PERSON


def test_two_owners_at_once_are_never_chosen_between() -> None:
    assert attribute([held(ANN), held(BOB)], user=None, measured_at=START) == AMBIGUOUS
