import datetime as dt

import pytest

from billing.corrections import Change, corrected
from billing.entries import Work, check_times, checked_work
from billing.words import ACTIVITY_WORDS, MODE_WORDS, Activity, Mode, interactive
from care.errors import InvalidError
from tests.unit.billing.making import HOUR, MINUTE, NOON, SECOND, at, entry, span

SHIFT = 8 * HOUR


def refused(**times: dt.datetime | str) -> str | None:
    fields = {"started_at": NOON - MINUTE, "ended_at": NOON, "reason": "", "now": NOON} | times
    try:
        check_times(**fields)  # type: ignore[arg-type]
    except InvalidError as error:
        return error.field
    return None


@pytest.mark.parametrize(
    ("off", "field"), [(-1, None), (0, None), (1, "ended_at")], ids=["before", "now", "after"]
)
def test_what_is_not_over_is_not_written(off: int, field: str | None) -> None:
    assert refused(ended_at=NOON + off * SECOND) == field


@pytest.mark.parametrize(("seconds", "field"), [(-1, "ended_at"), (0, "ended_at"), (1, None)])
def test_it_ends_after_it_starts(seconds: int, field: str | None) -> None:
    start = NOON - HOUR
    assert refused(started_at=start, ended_at=start + seconds * SECOND) == field


@pytest.mark.parametrize(
    ("long", "why", "field"),
    [
        (SHIFT - SECOND, "", None),
        (SHIFT, "", "reason"),
        (SHIFT + SECOND, "", "reason"),
        (SHIFT, "a night with the family", None),
        (24 * HOUR, "a vigil", None),
        (24 * HOUR + SECOND, "a vigil", "ended_at"),
        (30 * HOUR, "a vigil", "ended_at"),
    ],
)
def test_a_shift_needs_a_reason_and_nothing_is_longer_than_a_day(
    long: dt.timedelta, why: str, field: str | None
) -> None:
    assert refused(started_at=NOON - long, reason=why) == field


@pytest.mark.parametrize(
    ("hours", "late"),
    [(dt.timedelta(hours=72) - SECOND, False), (dt.timedelta(hours=72), False),
     (dt.timedelta(hours=72) + SECOND, True)],
)  # fmt: skip
def test_what_is_written_long_after_is_marked(hours: dt.timedelta, *, late: bool) -> None:
    assert entry(1, recorded_at=at(10) + hours).late is late


@pytest.mark.parametrize(
    ("mode", "with_whom", "counts"),
    [
        ("live_phone", "patient", True), ("live_video", "caregiver", True),
        ("in_person", "patient", True), ("live_phone", "colleague", False),
        ("none", "patient", False), ("none", None, False),
    ],
)  # fmt: skip
def test_live_contact_is_with_the_patient_or_who_cares_for_them(
    mode: str, with_whom: str | None, *, counts: bool
) -> None:
    assert interactive(mode, with_whom) is counts


@pytest.mark.parametrize(
    ("work", "field"),
    [
        (Work(activity="gossip"), "activity"),
        (Work(mode="telepathy"), "mode"),
        (Work(with_whom="ghost"), "with_whom"),
        (Work(service="rpmm"), "service"),
        (Work(mode="live_phone"), "with_whom"),
        (Work(note="x" * 2001), "note"),
        (Work(note="bell\x07"), "note"),
    ],
)
def test_only_what_is_in_the_lists_is_taken(work: Work, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        checked_work(work)
    assert refused.value.field == field


def test_everything_that_can_be_done_has_words() -> None:
    assert set(ACTIVITY_WORDS) == set(Activity)
    assert set(MODE_WORDS) == set(Mode)


def test_a_correction_names_what_it_corrects_and_keeps_who_did_the_work() -> None:
    before = entry(1)
    row = corrected(before, Change(activity="call", mode="live_phone", with_whom="patient"),
                    reason="it was a call", now=at(60))  # fmt: skip
    assert (row["corrects"], row["activity"], row["user_id"]) == (before.id, "call", before.user_id)
    assert (row["seconds"], row["started_at"]) == (600, before.started_at)


def test_pauses_stay_as_long_as_the_time_does() -> None:
    before = entry(1, span(0, 5), span(10, 15))
    same = corrected(before, Change(note="more"), reason="x", now=at(60))
    assert (same["seconds"], len(same["spans"])) == (600, 2)
    shorter = corrected(before, Change(minutes=7), reason="x", now=at(60))
    assert (shorter["seconds"], shorter["ended_at"]) == (420, at(12))
    longer = corrected(before, Change(minutes=12), reason="x", now=at(60))
    assert (longer["seconds"], len(longer["spans"])) == (720, 1)


def test_a_withdrawn_entry_counts_for_nothing_and_keeps_its_place() -> None:
    row = corrected(entry(1), Change(withdraw=True), reason="wrong patient", now=at(60))
    assert (row["seconds"], row["spans"], row["withdrawn"]) == (0, [], True)
    assert row["started_at"] == at(0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (Change(), "entry"),
        (Change(minutes=10), "entry"),
        (Change(minutes=0), "minutes"),
        (Change(minutes=1441), "minutes"),
        (Change(minutes=10**30), "minutes"),
        (Change(minutes=9, started_at=dt.datetime.max.replace(tzinfo=dt.UTC)), "started_at"),
        (Change(ended_at=at(0)), "ended_at"),
        (Change(ended_at=at(61)), "ended_at"),
        (Change(mode="live_phone"), "with_whom"),
    ],
)
def test_corrections_that_cannot_be_are_refused(change: Change, field: str) -> None:
    with pytest.raises(InvalidError) as refused:
        corrected(entry(1), change, reason="x", now=at(60))
    assert refused.value.field == field
