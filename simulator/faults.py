"""What a simulated device does wrong, as data. The default does everything right."""

from dataclasses import dataclass, field
from enum import IntEnum

from vitals.flags import Special


class Refusal(IntEnum):
    """The ATT error for a protected characteristic without a bond: devices differ."""

    INSUFFICIENT_AUTHENTICATION = 0x05
    INSUFFICIENT_ENCRYPTION = 0x0F


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFaults:
    """How the device's clock is wrong. Records keep the digits that it showed at the time."""

    offset_s: float = 0
    """Ahead of the right local time by so many seconds; behind where negative."""
    unset_year: int | None = None
    """Started at 1 January of this year (1970, 2010) when the device was made, and never set."""
    shows_utc: bool = False
    """Set in UTC by somebody, where local digits belong."""
    month_13: bool = False
    """Frames carry month 13: the i-SENS firmware does so in January."""
    absent: bool = False
    """Frames carry no time at all."""
    never_tells: bool = False
    """Does not answer when it is asked for the time (a maker's own clock); it can be set."""
    ignores_writes: bool = False
    """Accepts a new time and does not take it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFaults:
    """How a glucose meter's record access goes wrong."""

    never_answers: bool = False
    """Takes requests, then neither sends records nor an answer."""
    busy_code: int = 0xFE
    """The ATT error while a transfer runs: 0xFE by the common profile codes, 0x80 by GLS."""
    busy_times: int = 0
    """So many requests are refused as busy before the first is taken."""
    unconfigured_code: int = 0xFD
    """The ATT error when the notifications are not enabled yet: 0xFD, or 0x81 by GLS."""
    unconfigured_times: int = 0
    """So many requests are refused in that way although they are: the meter has forgotten."""
    operators_unsupported: frozenset[int] = frozenset()
    """Operators answered with code 4: many meters only know "all"."""
    aborts_unsuccessful: bool = False
    not_completed_after: int | None = None
    """Stops after so many records and answers code 8."""
    count_bytes: int = 2
    """Width of the answer to a count: 1, 2 and 4 occur in the wild."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Everything that may go wrong on the device's side of the radio."""

    clock: ClockFaults = field(default_factory=ClockFaults)
    record_access: RecordFaults = field(default_factory=RecordFaults)

    drop_link_after_frames: int | None = None
    """The link is lost when so many frames have arrived, before the last one is confirmed."""
    drop_link_on_read: str | None = None
    """The link is lost while this characteristic (short UUID) is being read."""
    hangs_on_read: str | None = None
    """Never answers when this characteristic (short UUID) is read; the link stays up."""
    drop_link_times: int = 1
    """In so many sessions; afterwards the device works."""
    refuses_connections: bool = False
    """Advertises, and never answers a request to connect."""
    silent_after_sessions: int | None = None
    """Never advertises again after so many sessions: a flat battery, a device moved away."""

    lose_bond_after_sessions: int | None = None
    """Forgets every bond once, after so many sessions: a battery change."""
    wrong_passkey: bool = False
    """Shows a passkey other than the one that was written down for it."""
    refuses_pairing: bool = False
    """As when the pairing button is not being held."""
    refusal: Refusal = Refusal.INSUFFICIENT_ENCRYPTION

    send_twice: bool = False
    """Every frame is sent, and confirmed, two times."""
    indicates_early: bool = False
    """The first record comes before the answer to the subscription that it needs."""
    lost_on_read: bool = False
    """A record is gone from the device as soon as it is sent, confirmed or not."""
    result: Special | None = None
    """What stands in every result instead of a number: a failed measurement."""
