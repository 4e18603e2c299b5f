"""Short ways to the things that these tests talk about."""

import datetime as dt
from pathlib import Path
from typing import Any

from device_profiles import encoding
from gateway.journal import Frame
from gateway.opening import open_outbox
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from gateway.own_clock import Moment
from vitals.identity import reading_id
from vitals.kinds import Kind
from vitals.reading import Measurement, Reading, TimeQuality

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
CUFF = "A0:B1:C2:D3:E4:F5"
BALLAST = 4096


def moment(now: dt.datetime = NOW, *, up_s: float = 1000, boot: str = "boot-1") -> Moment:
    return Moment(now=now, up_s=up_s, boot=boot)


def opened(directory: Path, *, ballast_bytes: int = BALLAST) -> OutboxFile:
    return open_outbox(directory, ballast_bytes=ballast_bytes, now=NOW)


def outbox_in(directory: Path) -> tuple[OutboxFile, Outbox]:
    file = opened(directory)
    return file, Outbox(file, directory)


def reading(number: int, *, device: str = CUFF) -> Reading:
    """One of many: each number is another record."""
    digits = dt.datetime(2026, 1, 1) + dt.timedelta(minutes=number)  # noqa: DTZ001 - a device's
    return Reading(
        id=reading_id(
            device=device,
            kind=Kind.WEIGHT,
            frame=number.to_bytes(4, "big"),
            device_time=digits,
            sequence=None,
            captured_at=NOW,
        ),
        device=device,
        kind=Kind.WEIGHT,
        measured_at=NOW,
        time_quality=TimeQuality.DEVICE,
        values={"weight": 70.0 + number / 10},
        device_time=digits,
        frame=number.to_bytes(4, "big").hex(),
        profile="generic",
    )


def frame_of(uuid: str, measurement: Measurement, **changes: Any) -> Frame:
    return frame(uuid, encoding.encode(uuid, measurement), **changes)


def frame(uuid: str, data: bytes, **changes: Any) -> Frame:
    fields: dict[str, Any] = {
        "id": 1,
        "session": 1,
        "device": CUFF,
        "profile": "generic",
        "characteristic": uuid,
        "data": data,
        "captured": moment(),
        "clock_trusted": True,
        "look": None,
        "look_up_s": 0.0,
        "ended": True,
    }
    return Frame(**(fields | changes))


def break_the_middle(path: Path) -> None:
    """A page of the file, as a worn-out card may lose it."""
    size = path.stat().st_size
    with path.open("r+b") as handle:
        handle.seek(size // 2 // 4096 * 4096)
        handle.write(b"\xa5" * 4096)
