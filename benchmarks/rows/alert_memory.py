"""Resident memory of an alert process that has judged 10,000 patients with plans."""

import asyncio
import datetime as dt
import subprocess
import sys
from typing import Final

from benchmarks.report import Row
from benchmarks.rig import ward
from benchmarks.rig.processes import resident_mb
from benchmarks.rig.stage import Stage

WORK: Final = "alert process, patients with plans"
PATIENTS: Final = 10_000
DAYS: Final = 3
LIMIT_MB: Final = 300.0
SWEPT_S: Final = 45.0
"""A sweep comes every 30 s."""

ALL: Final = """
INSERT INTO evaluation_queue (organisation_id, measured_at, patient_id, kind, attribution)
SELECT p.organisation_id, now() - INTERVAL '4 days', p.id, 'weight', 'assigned'
FROM patients p JOIN organisations o ON o.id = p.organisation_id AND o.name = 'ward-memory'
"""
WAITING: Final = "SELECT count(*) FROM evaluation_queue"


def measure(stage: Stage) -> list[Row]:
    patients = stage.count(PATIENTS)
    before, most = asyncio.run(_run(stage, patients))
    return [
        Row(work=WORK, contender="idle, no patient", value=before, unit="MiB"),
        Row(
            work=WORK,
            contender=f"{patients:,} patients judged and swept",
            value=most,
            unit="MiB",
            required=f"< {LIMIT_MB:.0f} MB",
            met=most * 2**20 / 1e6 < LIMIT_MB,
            note="the highest of a minute: every plan read, every patient judged, two sweeps",
        ),
    ]


async def _run(stage: Stage, patients: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.rig.alerter", stage.database.dsn]
    async with stage.connect() as conn:
        process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
        try:
            await asyncio.sleep(5)
            before = resident_mb(process.pid)
            now = dt.datetime.now(dt.UTC)
            await ward.furnish(stage, patients=patients, days=DAYS, now=now, name="ward-memory")
            await conn.execute(ward.HEARD)
            await conn.execute(ALL)
            most, until = before, asyncio.get_running_loop().time() + SWEPT_S
            while asyncio.get_running_loop().time() < until or await conn.fetchval(WAITING):
                await asyncio.sleep(0.2)
                most = max(most, resident_mb(process.pid))
        finally:
            process.kill()
            await process.wait()
    return before, most
