"""An entry of the time log, what may stand in one, and what is to be pointed out. Pure."""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.rule_numbers import LATE_AFTER, LONGEST, SHIFT
from billing.spans import Span
from billing.texts import prose
from billing.words import LIVE, Activity, Mode, Service, Source, WithWhom, interactive
from care.errors import InvalidError
from care.fields import one_of

EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Work(Struct, frozen=True, kw_only=True):
    """What was done, in what way."""

    activity: str = Activity.REVIEW
    mode: str = Mode.NONE
    with_whom: str | None = None
    note: str = ""
    service: str = Service.RPM


class Entry(Struct, frozen=True, kw_only=True):
    """One row of the ledger; never changed after it is written."""

    id: UUID
    organisation_id: UUID
    patient_id: UUID
    user_id: UUID
    staff_name: str
    credential: str
    role: str
    """As then."""
    service: str
    programme: str | None
    episode_id: UUID | None
    activity: str
    mode: str
    with_whom: str | None
    note: str
    started_at: dt.datetime
    ended_at: dt.datetime
    spans: tuple[Span, ...]
    seconds: int
    source: Source
    alert_id: UUID | None
    alert_version: int | None
    timer_id: UUID | None
    recorded_at: dt.datetime
    recorded_by: UUID
    corrects: UUID | None
    reason: str
    withdrawn: bool
    corrected_by: UUID | None = None
    """The row that stands in place of this one."""
    recorder_name: str = ""
    given_name: str = ""
    family_name: str = ""
    mrn: str = ""

    @property
    def interactive(self) -> bool:
        return interactive(self.mode, self.with_whom)

    @property
    def late(self) -> bool:
        """Written long after: marked, not refused. What corrects one is dated by its own row."""
        return self.recorded_at - self.ended_at > LATE_AFTER

    @property
    def counts(self) -> bool:
        """Nothing stands in its place."""
        return self.corrected_by is None and not self.withdrawn

    @property
    def minutes(self) -> int:
        """Whole ones, never rounded up."""
        return self.seconds // 60

    @property
    def work(self) -> Work:
        return Work(
            activity=self.activity,
            mode=self.mode,
            with_whom=self.with_whom,
            note=self.note,
            service=self.service,
        )


def checked_work(typed: Work) -> Work:
    """Raises InvalidError with the field."""
    one_of("activity", typed.activity, tuple(Activity))
    one_of("mode", typed.mode, tuple(Mode))
    one_of("service", typed.service, tuple(Service))
    if typed.with_whom is not None:
        one_of("with_whom", typed.with_whom, tuple(WithWhom))
    elif typed.mode in LIVE:
        raise InvalidError("with_whom", "say with whom: live contact needs somebody")
    return Work(
        activity=typed.activity,
        mode=typed.mode,
        with_whom=typed.with_whom,
        note=prose("note", typed.note),
        service=typed.service,
    )


def check_times(
    started_at: dt.datetime,
    ended_at: dt.datetime,
    *,
    reason: str,
    now: dt.datetime,
    counted: dt.timedelta | None = None,
) -> None:
    """Raises InvalidError with the field. Two entries may overlap: that is computed and shown.

    `counted`: how much of it counts, where there are pauses in between.
    """
    if ended_at <= started_at:
        raise InvalidError("ended_at", "must be after the start")
    if ended_at > now:
        raise InvalidError("ended_at", "lies in the future: write it down when it is done")
    if started_at < EARLIEST:
        raise InvalidError("started_at", f"lies before {EARLIEST.year}")
    long = ended_at - started_at if counted is None else counted
    if long > LONGEST:
        raise InvalidError("ended_at", "makes it longer than 24 hours: nobody works so long")
    if long >= SHIFT and not reason:
        raise InvalidError("reason", "an entry of 8 hours or more needs one")
