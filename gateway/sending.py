"""What to send next: what is measured now before a backlog, a backlog oldest first. Pure.

Attempts and due times live in memory, on the loop's clock, and not in the outbox: after a restart,
as after a new connection, everything without a receipt is due at once anyway; a wall clock that
jumps cannot hold a reading back; and an SD card is not worn out by notes about sending.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from gateway.outbox import Pending
from gateway.settings import ForwardRules
from wire.codec import split

PASSED_OVER_AFTER: Final = 3
"""Attempts. If the clinic answers for what was sent later, it has something against this one."""
MOST_PASSED_OVER: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """A reading that was sent and has no receipt yet. Times are loop seconds."""

    id: UUID
    attempts: int
    sent_at: float
    due_at: float
    passed_over: bool = False
    """Does not count in the window: later readings get their receipts, so the line is fine."""


Flights = dict[int, Flight]
"""By outbox number."""


def messages(
    *,
    newest: Sequence[Pending],
    oldest: Sequence[Pending],
    flights: Flights,
    rules: ForwardRules,
    now: float,
    wall: float,
) -> list[list[Pending]]:
    """At most two messages: one of what was measured just now, one of what is oldest.

    `newest` are pending readings, newest first; `oldest` pending readings, oldest first, and among
    them all whose repeat is due: those may be far from the oldest.
    """
    room = rules.window - sum(not flight.passed_over for flight in flights.values())
    fresh = [
        one
        for one in reversed(newest)
        if one.seq not in flights and wall - one.made_at <= rules.new_for_s
    ]
    found: list[list[Pending]] = []
    if room > 0 and fresh:
        found.append(_one_message(fresh, rules))
        room -= len(found[0])
    taken = {one.seq for message in found for one in message}
    backlog = [
        one
        for one in oldest
        if one.seq not in taken and _may_go(one, flights, now, fresh_ok=room > rules.window_for_new)
    ]
    if backlog:
        found.append(_one_message(backlog, rules))
    return found


def due(flights: Flights, *, now: float, most: int) -> list[int]:
    """The outbox numbers that are to be sent again: the oldest of them."""
    return sorted(seq for seq, flight in flights.items() if flight.due_at <= now)[:most]


def _may_go(one: Pending, flights: Flights, now: float, *, fresh_ok: bool) -> bool:
    flight = flights.get(one.seq)
    return fresh_ok if flight is None else flight.due_at <= now


def _one_message(pending: Sequence[Pending], rules: ForwardRules) -> list[Pending]:
    group = next(
        split(
            (one.body for one in pending), most=rules.most_per_message, most_bytes=rules.most_bytes
        )
    )
    return list(pending[: len(group)])


def sent(
    flights: Flights, message: Iterable[Pending], *, now: float, wait_s: dict[int, float]
) -> None:
    """Note that a message goes out; `wait_s` by attempt number until it would go again."""
    for one in message:
        before = flights.get(one.seq)
        attempts = 1 if before is None else before.attempts + 1
        flights[one.seq] = Flight(
            id=one.id,
            attempts=attempts,
            sent_at=now,
            due_at=now + wait_s[attempts],
            passed_over=before is not None and before.passed_over,
        )


def receipted(flights: Flights, ids: Iterable[UUID]) -> None:
    """Note receipts; whoever was sent before them, again and again, is passed over from now on."""
    answered = set(ids)
    done = [seq for seq, flight in flights.items() if flight.id in answered]
    if not done:
        return
    latest = max(flights.pop(seq).sent_at for seq in done)
    passed_over = sum(flight.passed_over for flight in flights.values())
    for seq, flight in flights.items():
        if passed_over >= MOST_PASSED_OVER:
            return
        if (
            not flight.passed_over
            and flight.attempts >= PASSED_OVER_AFTER
            and flight.sent_at < latest
        ):
            flights[seq] = replace(flight, passed_over=True)
            passed_over += 1
