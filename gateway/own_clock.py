"""Is the hub's own clock to be trusted yet? A Raspberry Pi has no battery clock.

Until NTP has answered, such a hub lives in 1970, or in the hour of its last shutdown. Readings are
captured all the same, with the kernel's count of seconds since boot beside the wrong time; they are
interpreted, re-timed with that count, once the clock is right.
"""

import datetime as dt
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
STA_UNSYNC: Final = 0x0040
BACKWARDS: Final = dt.timedelta(minutes=10)
"""Ordinary NTP corrections are smaller; what is larger means that the clock forgot."""


class Trust(StrEnum):
    """Whether to believe the hub's clock, and why."""

    TRUSTED = "trusted"
    BEFORE_ITS_TIME = "the clock is earlier than this program"
    WENT_BACK = "the clock is earlier than what it said before"
    NOT_SYNCHRONISED = "the clock has not been synchronised since boot"

    @property
    def ok(self) -> bool:
        return self is Trust.TRUSTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One look at the hub's clocks."""

    now: dt.datetime
    up_s: float
    """Seconds since boot, sleep included: steady whatever NTP does to `now`."""
    boot: str


def trust(
    moment: Moment,
    *,
    earliest: dt.datetime,
    newest_known: dt.datetime | None,
    synchronised: bool | None,
    grace_s: float,
) -> Trust:
    """Decide. `synchronised` is what the kernel says, None where it cannot say."""
    if moment.now < earliest:
        return Trust.BEFORE_ITS_TIME
    if newest_known is not None and moment.now < newest_known - BACKWARDS:
        return Trust.WENT_BACK
    if synchronised is False and moment.up_s < grace_s:
        return Trust.NOT_SYNCHRONISED
    return Trust.TRUSTED


def retimed(captured_up_s: float, *, captured_boot: str, moment: Moment) -> dt.datetime | None:
    """When that was, by today's trusted clock; None after a reboot, when nobody can know."""
    if captured_boot != moment.boot:
        return None
    return moment.now - dt.timedelta(seconds=max(0.0, moment.up_s - captured_up_s))


def boot_id() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        # No Linux: a boot time in seconds tells boots apart as well.
        return f"up-since-{time.time() - seconds_since_boot():.0f}"


def seconds_since_boot() -> float:
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


def kernel_synchronised() -> bool | None:
    """What adjtimex(2) says, which every NTP client keeps up to date; None where there is none."""
    try:
        import ctypes  # noqa: PLC0415 - a hardened process may not be allowed to load it

        buffer = ctypes.create_string_buffer(512)  # struct timex, and room; modes = 0: only read.
        state = ctypes.CDLL(None, use_errno=True).adjtimex(buffer)
    except (ImportError, MemoryError, AttributeError, OSError):
        return None
    if state < 0:
        return None
    # int modes, (padding), 4 longs: offset, freq, maxerror, esterror, then int status.
    long_size = ctypes.sizeof(ctypes.c_long)
    status = ctypes.c_int.from_buffer(buffer, 5 * long_size).value
    return not status & STA_UNSYNC
