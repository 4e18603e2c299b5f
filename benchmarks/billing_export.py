"""A month of many patients, exported in a process of its own: how long, and how much memory.

`python -m benchmarks.billing_export csv` measures once, and says so as JSON.
"""

import asyncio
import datetime as dt
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from billing.exports.manifest import Asked, FileKind
from billing.exports.write import export
from billing.months.records import (
    Address,
    Cover,
    DayRow,
    EpisodeOf,
    LineOf,
    MonthHead,
    NotEligible,
    PatientMonth,
    Practice,
    Provider,
    Status,
    TimeRow,
    Who,
)

PATIENTS: Final = 2_000
READINGS: Final = 60
"""A row for each: two devices, on each of 30 days."""
ENTRIES: Final = 15
SEED: Final = 20261031
BEGIN: Final = dt.datetime(2026, 10, 1, 13, tzinfo=dt.UTC)
NOW: Final = dt.datetime(2026, 11, 3, 15, tzinfo=dt.UTC)
HOME: Final = Address(line_1="12 Elm Street", city="Springfield", state="IL", zip_code="62704")
DOCTOR: Final = Provider(family_name="Okafor", given_name="Grace", npi="1245319599")
CODES: Final = (
    ("99454", "supply", "52.11"),
    ("99457", "mgmt", "51.77"),
    ("99458", "mgmt", "41.42"),
)


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    patients: int
    seconds: float
    processor_seconds: float
    peak_mb: float
    """Of memory, in units of 10^6 bytes."""
    written_mb: float
    lines: int


def head() -> MonthHead:
    return MonthHead(
        month="2026-10",
        practice=Practice(
            organisation_id=UUID(int=1), name="Northside Heart Clinic", zone="America/Chicago",
            npi="1234567893", tax_id="361234567", taxonomy="207RC0000X", address=HOME,
            contact_name="Ben Ode", phone="3125550142", submitter_id="NORTHSIDE1",
            receiver_id="CLEARHOUSE", receiver_name="Clearing House One",
        ),
        rule_sets=("medicare-2026",),
        rules_digest="ab" * 32,
        evaluated_at=NOW,
        version=1,
        locked_at=NOW,
        locked_by="Ben Ode",
        sha256="cd" * 32,
    )  # fmt: skip


def month(patients: int, *, seed: int = SEED) -> Iterator[PatientMonth]:
    """One after the other: no more than one is there at a time."""
    dice = random.Random(seed)
    for number in range(patients):
        yield _patient(dice, number)


def _patient(dice: random.Random, number: int) -> PatientMonth:
    return PatientMonth(
        who=Who(
            patient_id=_id(dice), mrn=f"MRN-{number:06}", family_name=f"Family {number % 97}",
            given_name="Inés", birth_date=dt.date(1930 + number % 60, 2, 3), sex="female",
            zone="America/Chicago", address=HOME,
        ),
        cover=Cover(
            payer="medicare_ffs", payer_name="Medicare Part B", payer_id="00952",
            member_id="1EG4TE5MK73",
        ),
        episodes=(
            EpisodeOf(
                episode_id=_id(dice), service="rpm", programme="Hypertension",
                started_on=dt.date(2026, 9, 1),
            ),
        ),
        devices=(),
        lines=tuple(_line(dice, *each) for each in CODES),
        not_eligible=(
            NotEligible(
                service="ccm", scope="ccm", codes=("99490",), reason="BELOW_MIN_TIME",
                why="8:20 of 20:00 min", seconds_counted=500, seconds_missing=700,
            ),
        ),
        days=tuple(_day(dice, n) for n in range(READINGS)),
        time=tuple(_entry(dice, n) for n in range(ENTRIES)),
    )  # fmt: skip


def _line(dice: random.Random, code: str, scope: str, charge: str) -> LineOf:
    return LineOf(
        line_id=_id(dice), service="rpm", scope=scope, code=code, units=1,
        dos_from=dt.date(2026, 10, 31), dos_to=dt.date(2026, 10, 31), place_of_service="11",
        diagnoses=("I10", "I50.9"), rendering=DOCTOR, ordering=DOCTOR,
        window_from=dt.date(2026, 10, 1), window_to=dt.date(2026, 10, 31),
        days_counted=30, seconds_counted=2700, charge=Decimal(charge), expected=Decimal(charge),
        rule_set="medicare-2026", rules=("D-1", "D-2", "W-1", "DOS-1"), why="30 of 16 days",
        status=Status.APPROVED,
    )  # fmt: skip


def _day(dice: random.Random, number: int) -> DayRow:
    at = BEGIN + dt.timedelta(days=number // 2, seconds=dice.randrange(3600))
    device = "BP" if number % 2 else "SC"
    return DayRow(
        local_date=at.date(), window_no=1, device_id=None,
        device_serial=f"{device}-{dice.randrange(10**6)}", source="device_auto",
        first_measured_at=at, first_received_at=at + dt.timedelta(minutes=1), readings=1,
        counted=True,
    )  # fmt: skip


def _entry(dice: random.Random, number: int) -> TimeRow:
    at = BEGIN + dt.timedelta(days=number * 2, seconds=dice.randrange(3600))
    seconds = dice.randrange(60, 300)
    return TimeRow(
        entry_id=_id(dice), service="rpm", staff_id=_id(dice), staff_name="Nora Quill",
        credential="RN", role="nurse", started_at=at, ended_at=at + dt.timedelta(seconds=seconds),
        seconds_logged=seconds, seconds_counted=seconds, mode="live_phone", live_contact=True,
        with_whom="patient", activity="call",
        note="Went through the week's pressures; evening tablet is taken now, no dizziness.",
        recorded_at=at + dt.timedelta(minutes=6), recorded_by="Nora Quill",
    )  # fmt: skip


def _id(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128))


async def _batches(patients: int) -> AsyncIterator[PatientMonth]:
    """As the database would give them: encoded, and decoded one by one."""
    decode = msgspec.json.Decoder(PatientMonth).decode
    for each in month(patients):
        yield decode(msgspec.json.encode(each))


def once(kind: FileKind, patients: int, folder: Path) -> Measured:
    asked = Asked(who="benchmark", purpose="measuring", now=NOW, control_number=1)
    wall, processor = time.perf_counter(), time.process_time()
    manifest = asyncio.run(export(head(), _batches(patients), kind, folder / kind, asked=asked))
    return Measured(
        kind=kind,
        patients=patients,
        seconds=time.perf_counter() - wall,
        processor_seconds=time.process_time() - processor,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        written_mb=sum(file.bytes for file in manifest.files) / 1e6,
        lines=manifest.totals.lines,
    )


def in_process(kind: FileKind, patients: int = PATIENTS) -> Measured:
    """Memory is a process's: each measurement has one of its own."""
    command = [sys.executable, "-m", "benchmarks.billing_export", kind, str(patients)]
    done = subprocess.run(command, check=True, capture_output=True)
    return msgspec.json.decode(done.stdout, type=Measured)


def main() -> None:
    kind = FileKind(sys.argv[1])
    patients = int(sys.argv[2]) if len(sys.argv) > 2 else PATIENTS
    folder = Path(tempfile.mkdtemp(prefix="hearthbeat-benchmark-"))
    try:
        print(msgspec.json.encode(once(kind, patients, folder)).decode())
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
