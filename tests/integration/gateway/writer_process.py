"""Run by test_kill_9: takes frames as a hub does, and says each number once it is on the disk."""

import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from device_profiles import encoding, gatt
from gateway.clock import ClockRules
from gateway.journal import Journal
from gateway.opening import open_outbox
from gateway.outbox import Outbox
from gateway.own_clock import Moment, boot_id, seconds_since_boot
from gateway.reading_maker import ReadingMaker
from vitals.kinds import Kind
from vitals.reading import Measurement
from wire.messages import Receipts


def frame(number: int) -> bytes:
    said = Measurement(
        kind=Kind.BLOOD_PRESSURE,
        values={"systolic": 100.0 + number % 100, "diastolic": 60.0},
        device_time=datetime.fromtimestamp(1_790_000_000 + number, tz=UTC).replace(tzinfo=None),
    )
    return encoding.encode(gatt.BLOOD_PRESSURE_MEASUREMENT, said)


def moment() -> Moment:
    return Moment(now=datetime.now(UTC), up_s=seconds_since_boot(), boot=boot_id())


def main(directory: Path, first: int) -> None:
    file = open_outbox(directory, ballast_bytes=4096, now=datetime.now(UTC))
    outbox = Outbox(file, directory)
    maker = ReadingMaker(file, outbox)
    journal = Journal(file, device="A0:B1:C2:D3:E4:F5", profile="generic", kept=lambda: None)
    for number in itertools.count(first):
        journal.keep(gatt.BLOOD_PRESSURE_MEASUREMENT, frame(number), at=moment(), trusted=True)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        if number % 3 == 0:
            maker.run(moment=moment(), zone=ZoneInfo("UTC"), rules=ClockRules())
        if number % 7 == 0:
            waiting = outbox.pending_from(0, most=5)
            outbox.settle(Receipts(committed=[one.id for one in waiting]), now=moment().now)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
