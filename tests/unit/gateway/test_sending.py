from uuid import UUID

import pytest

from gateway.outbox import Pending
from gateway.sending import Flight, Flights, messages, receipted, sent
from gateway.settings import ForwardRules

WALL = 1_000_000.0
RULES = ForwardRules(window=10, window_for_new=3, most_per_message=5)


def pending(seq: int, *, age_s: float = 3600, size: int = 100) -> Pending:
    return Pending(seq=seq, id=UUID(int=seq), body=b"x" * size, made_at=WALL - age_s)


def todo(
    waiting: list[Pending], flights: Flights | None = None, *, now: float = 0
) -> list[list[int]]:
    found = messages(
        newest=list(reversed(waiting)),
        oldest=waiting,
        flights=flights or {},
        rules=RULES,
        now=now,
        wall=WALL,
    )
    return [[one.seq for one in message] for message in found]


def flying(*seqs: int, due_at: float = 100, sent_at: float = 0, attempts: int = 1) -> Flights:
    return {
        seq: Flight(id=UUID(int=seq), attempts=attempts, sent_at=sent_at, due_at=due_at)
        for seq in seqs
    }


def test_a_backlog_goes_oldest_first() -> None:
    assert todo([pending(seq) for seq in range(1, 9)]) == [[1, 2, 3, 4, 5]]


def test_what_is_measured_now_goes_before_the_backlog() -> None:
    backlog = [pending(seq) for seq in range(1, 7)]
    assert todo([*backlog, pending(7, age_s=1)]) == [[7], [1, 2, 3, 4, 5]]


@pytest.mark.parametrize(("age_s", "lanes"), [(119, 2), (120, 2), (121, 1)])
def test_a_reading_is_new_for_two_minutes(age_s: float, lanes: int) -> None:
    waiting = [*(pending(seq) for seq in range(1, 6)), pending(6, age_s=age_s)]
    assert len(todo(waiting)) == lanes


def test_nothing_is_sent_twice_before_its_time() -> None:
    waiting = [pending(1), pending(2)]
    assert todo(waiting, flying(1, 2)) == []
    assert todo(waiting, flying(1, 2), now=100) == [[1, 2]]


def test_a_full_window_stops_the_backlog() -> None:
    waiting = [pending(seq) for seq in range(1, 20)]
    assert todo(waiting, flying(*range(1, 11))) == []


def test_a_backlog_leaves_part_of_the_window_to_what_is_new() -> None:
    waiting = [*(pending(seq) for seq in range(1, 15)), pending(20, age_s=1)]
    assert todo(waiting, flying(*range(1, 9))) == [[20]]


def test_a_resend_is_always_in_the_window_already() -> None:
    waiting = [pending(seq) for seq in range(1, 20)]
    assert todo(waiting, flying(*range(1, 11), due_at=5), now=5) == [[1, 2, 3, 4, 5]]


def test_a_message_is_cut_at_its_size_in_bytes() -> None:
    small = ForwardRules(most_bytes=400)
    waiting = [pending(seq) for seq in range(1, 9)]
    (message,) = messages(newest=[], oldest=waiting, flights={}, rules=small, now=0, wall=WALL)
    assert 1 <= len(message) <= 3


def test_attempts_are_counted_and_each_has_its_wait() -> None:
    flights: Flights = {}
    waits = {1: 5.0, 2: 10.0}
    sent(flights, [pending(1)], now=0, wait_s=waits)
    assert (flights[1].attempts, flights[1].due_at) == (1, 5)
    sent(flights, [pending(1)], now=5, wait_s=waits)
    assert (flights[1].attempts, flights[1].due_at) == (2, 15)


def test_a_receipt_ends_the_flight() -> None:
    flights = flying(1, 2)
    receipted(flights, [UUID(int=1), UUID(int=99)])
    assert list(flights) == [2]


def test_a_reading_that_the_clinic_passes_over_leaves_the_window() -> None:
    """One reading that is never answered must not block all the others for ever."""
    flights = flying(*range(1, 11), attempts=3) | flying(11, sent_at=50)
    waiting = [pending(seq) for seq in range(1, 20)]
    assert todo(waiting, flights) == []
    receipted(flights, [UUID(int=11)])
    assert all(flight.passed_over for flight in flights.values())
    assert todo(waiting, flights) == [[11, 12, 13, 14, 15]]


@pytest.mark.parametrize(("attempts", "passed_over"), [(2, False), (3, True), (4, True)])
def test_it_takes_three_attempts_to_be_passed_over(attempts: int, *, passed_over: bool) -> None:
    flights = flying(1, attempts=attempts) | flying(2, sent_at=50)
    receipted(flights, [UUID(int=2)])
    assert flights[1].passed_over is passed_over
