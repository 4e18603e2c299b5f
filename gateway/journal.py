"""Raw frames: persisted the moment they arrive, interpreted afterwards."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from gateway.clock import ClockReading
from gateway.outbox_file import OutboxFile
from gateway.own_clock import Moment
from gateway.queries import SQL

REPLACED: Final = "clock_replaced:"
"""Before a device's address, the name of a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A persisted frame, with what is known of the visit that brought it."""

    id: int
    session: int
    device: str
    profile: str
    characteristic: str
    data: bytes
    captured: Moment
    clock_trusted: bool
    """Whether the hub's clock was to be trusted then."""
    look: ClockReading | None
    look_up_s: float
    ended: bool
    """The visit is over: nothing more will come that belongs to this frame."""
    replaced: ClockReading | None = None
    """The wrong time that the hub last replaced on this device."""


class Journal:
    """One visit's frames. `keep` is called inside the notification callback: it must be short."""

    def __init__(
        self, file: OutboxFile, *, device: str, profile: str, kept: Callable[[], None]
    ) -> None:
        """`kept` is called after each frame that went to the disk. Raises DiskFull."""
        self._file = file
        self._kept = kept
        self._device = device
        self._profile = profile
        self._look: tuple[str, str] | None = None
        ((self._session,),) = file.write(
            lambda c: c.execute(SQL["open_session"]).fetchall(), durable=False
        )

    def keep(self, characteristic: str, data: bytes, *, at: Moment, trusted: bool) -> None:
        """Write it to the disk, and return when it is there. Raises DiskFull."""
        row = (
            self._session,
            self._device,
            self._profile,
            characteristic,
            data,
            at.now.isoformat(),
            at.up_s,
            at.boot,
            int(trusted),
        )
        self._file.write(lambda c: c.execute(SQL["keep_frame"], row))
        self._kept()

    def note_clock(self, digits: dt.datetime, *, at: Moment) -> None:
        """What the device's clock showed. Durable together with the first frame."""
        self._look = (digits.isoformat(), at.now.isoformat())
        row = (*self._look, at.up_s, self._session)
        self._file.write(lambda c: c.execute(SQL["note_clock"], row), durable=False)

    def note_clock_replaced(self) -> None:
        """It is wrong and about to be set: what this visit leaves behind was timed by it."""
        if self._look is not None:
            row = (REPLACED + self._device, " ".join(self._look))
            self._file.write(lambda c: c.execute(SQL["note"], row), durable=False)

    def note_clock_set(self) -> None:
        row = (self._session,)
        self._file.write(lambda c: c.execute(SQL["note_clock_set"], row), durable=False)

    def end(self) -> None:
        """Some frames are only understood when nothing can follow them: this is never left out."""
        row = (self._session,)
        self._file.write_or_owe(lambda c: c.execute(SQL["end_session"], row))


def waiting(file: OutboxFile, *, after: int = 0, most: int) -> list[Frame]:
    """Frames that nobody has interpreted, oldest first."""
    return [_frame(row) for row in file.rows("waiting_frames", after, most)]


def counts(file: OutboxFile) -> tuple[int, int]:
    """How many frames wait, and how many cannot be decoded."""
    ((waits, undecodable),) = file.rows("count_frames")
    return int(waits), int(undecodable)


def drop(connection: sqlite3.Connection, frame: Frame) -> None:
    connection.execute(SQL["drop_frame"], (frame.id,))


def refuse(connection: sqlite3.Connection, frame: Frame, error: str) -> None:
    connection.execute(SQL["refuse_frame"], (error, frame.id))


def _frame(row: tuple[object, ...]) -> Frame:
    (which, session, device, profile, characteristic, data, at, up, boot, trusted, *rest) = row
    digits, read_at, read_up, was_set, ended, replaced = rest
    look = None
    if digits is not None:
        look = ClockReading(
            digits=dt.datetime.fromisoformat(str(digits)),
            read_at=dt.datetime.fromisoformat(str(read_at)),
            was_set=bool(was_set),
        )
    return Frame(
        id=int(str(which)),
        session=int(str(session)),
        device=str(device),
        profile=str(profile),
        characteristic=str(characteristic),
        data=bytes(data),  # type: ignore[call-overload]
        captured=Moment(
            now=dt.datetime.fromisoformat(str(at)), up_s=float(str(up)), boot=str(boot)
        ),
        clock_trusted=bool(trusted),
        look=look,
        look_up_s=float(str(read_up or 0)),
        ended=bool(ended),
        replaced=None if replaced is None else _replaced(str(replaced)),
    )


def _replaced(note: str) -> ClockReading:
    digits, read_at = map(dt.datetime.fromisoformat, note.split())
    return ClockReading(digits=digits, read_at=read_at, was_set=True)
