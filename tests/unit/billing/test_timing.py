"""What a timer counts: beats, pauses, tabs; and that no instant counts twice."""

import datetime as dt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.spans import length, shared
from billing.timing import Timer, TimerState, ended, paused, resumed, settled
from tests.unit.billing.making import ADA, ANN, BEN, NOON, SECOND

STEPS = ("start", "beat", "pause", "stop")


def timer(patient: UUID = ADA, *, now: dt.datetime = NOON, tab: str = "a") -> Timer:
    return Timer(
        id=UUID(int=now.toordinal()), organisation_id=UUID(int=1), user_id=ANN, patient_id=patient,
        state=TimerState.RUNNING, tab=tab, started_at=now, counted_to=now,
    )  # fmt: skip


def later(seconds: float) -> dt.datetime:
    return NOON + seconds * SECOND


@pytest.mark.parametrize(("gap", "counted"), [(44, 44), (45, 45), (46, 0)])
def test_a_beat_later_than_45_s_does_not_count_the_gap(gap: int, counted: int) -> None:
    assert settled(timer(), now=later(gap)).seconds == counted


def test_after_a_gap_it_counts_on() -> None:
    after = settled(settled(timer(), now=later(600)), now=later(615))
    assert (after.seconds, after.spans) == (15, ((later(600), later(615)),))


@pytest.mark.parametrize(("seconds", "minutes"), [(59, 0), (60, 1), (119, 1), (120, 2)])
def test_minutes_are_suggested_whole_and_never_rounded_up(seconds: int, minutes: int) -> None:
    counted = timer()
    for second in range(1, seconds + 1):
        counted = settled(counted, now=later(second))
    assert (counted.seconds, counted.suggested_minutes) == (seconds, minutes)


def test_a_pause_counts_up_to_itself_and_nothing_after() -> None:
    waiting = paused(timer(), now=later(30))
    assert settled(waiting, now=later(40)).seconds == 30
    again = resumed(waiting, tab="a", now=later(100))
    assert settled(again, now=later(110)).seconds == 40


def test_a_clock_that_goes_back_counts_nothing_twice() -> None:
    counted = settled(timer(), now=later(40))
    back = settled(counted, now=later(10))
    assert back == counted
    assert settled(back, now=later(50)).seconds == 50


def test_what_is_over_counts_no_more() -> None:
    over = ended(timer(), TimerState.LOGGED, now=later(20))
    assert (over.seconds, settled(over, now=later(40)).seconds) == (20, 20)


@pytest.mark.parametrize(("gap", "alive"), [(44, True), (45, True), (46, False)])
def test_it_counts_this_moment_as_long_as_a_page_says_so(gap: int, *, alive: bool) -> None:
    assert timer().alive(later(gap)) is alive


class Desk:
    """One person's timers, as billing.timers keeps them, without a database."""

    def __init__(self) -> None:
        self.timers: list[Timer] = []

    def do(self, step: str, patient: UUID, tab: str, now: dt.datetime) -> None:
        mine = next((one for one in self.timers if one.open and one.patient_id == patient), None)
        if step == "start":
            self._start(mine, patient, tab, now)
        elif mine is None:
            return
        elif step == "beat" and mine.state is TimerState.RUNNING and mine.tab == tab:
            self._put(mine, settled(mine, now=now))
        elif step == "pause" and mine.tab == tab:
            self._put(mine, paused(mine, now=now))
        elif step == "stop":
            self._put(mine, ended(mine, TimerState.LOGGED, now=now))

    def _start(self, mine: Timer | None, patient: UUID, tab: str, now: dt.datetime) -> None:
        for each in list(self.timers):
            if each.state is TimerState.RUNNING and each is not mine:
                self._put(each, paused(each, now=now))
        ahead = max((each.counted_to for each in self.timers), default=now)
        if mine is None:
            self.timers.append(timer(patient, now=max(now, ahead), tab=tab))
        else:
            self._put(mine, resumed(mine, tab=tab, now=now, not_before=ahead))

    def _put(self, before: Timer, after: Timer) -> None:
        self.timers[self.timers.index(before)] = after


@given(
    st.lists(
        st.tuples(
            st.sampled_from(STEPS),
            st.sampled_from([ADA, BEN]),
            st.sampled_from(["a", "b", "c"]),
            st.integers(-20, 90),
        ),
        max_size=60,
    )
)
def test_over_three_tabs_and_two_patients_no_instant_counts_twice(
    steps: list[tuple[str, UUID, str, int]],
) -> None:
    desk, now, first, last = Desk(), NOON, NOON, NOON
    for step, patient, tab, seconds in steps:
        now += seconds * SECOND
        last = max(last, now)
        desk.do(step, patient, tab, now)
        assert sum(each.state is TimerState.RUNNING for each in desk.timers) <= 1
    first = min((each.started_at for each in desk.timers), default=NOON)
    counted = sum((length(each.spans) for each in desk.timers), dt.timedelta())
    assert counted <= last - first
    for place, one in enumerate(desk.timers):
        for other in desk.timers[place + 1 :]:
            assert not shared(one.spans, other.spans)
