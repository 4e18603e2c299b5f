"""A patient's chart over a year, as the console answers it."""

import asyncio
import datetime as dt
from typing import Final
from uuid import UUID

from benchmarks.report import Row, median, spread
from benchmarks.rig import console, pages, practice
from benchmarks.rig.stage import Stage
from care.plans import set_plan
from store.pool import Connection
from tests.browser.waiting import patients

WORK: Final = "chart of a year"
ROUNDS: Final = 20
DAYS: Final = 365
LIMIT_MS: Final = 150.0

LEVELS: Final[dict[str, dict[str, tuple[float, float]]]] = {
    "blood_pressure": {"systolic": (136, 11), "diastolic": (82, 7), "pulse": (72, 8)},
    "glucose": {"glucose": (128, 30)},
    "oximetry": {"spo2": (95, 1.2), "pulse": (74, 8)},
    "weight": {"weight": (82, 0.6)},
    "temperature": {"temperature": (36.7, 0.3)},
}
A_DAY: Final = {
    4: {"blood_pressure": 4},
    20: {"blood_pressure": 6, "glucose": 6, "oximetry": 4, "weight": 2, "temperature": 2},
}
"""Readings of each kind."""
READINGS: Final = """
INSERT INTO readings (
    id, organisation_id, gateway_id, device, patient_id, kind, measured_at, utc_offset_s, local_day,
    time_quality, received_at, attribution, {columns}
)
SELECT gen_random_uuid(), $1, 'hub', 'device', $2, '{kind}', s.at, -18000,
    (s.at - INTERVAL '5 hours')::date, 'device', s.at, 'assigned', {values}
FROM (
    SELECT x + random() * INTERVAL '1 hour' AS at
    FROM generate_series($3::timestamptz, $4::timestamptz, INTERVAL '1 day' / {many}) AS x
) s
"""


def measure(stage: Stage) -> list[Row]:
    return [_row(many, values) for many, values in asyncio.run(_run(stage)).items()]


def _row(many: int, values: list[float]) -> Row:
    kinds = ", ".join(f"{name.replace('_', ' ')} {each}" for name, each in A_DAY[many].items())
    return Row(
        work=WORK,
        contender=f"{many} readings a day",
        value=median(values),
        unit="ms",
        spread=spread(values),
        required=f"< {LIMIT_MS:.0f} ms",
        met=median(values) < LIMIT_MS,
        note=f"{many * DAYS:,} readings ({kinds}), the whole answer over HTTP, plan and limits too",
    )


async def _run(stage: Stage) -> dict[int, list[float]]:
    async with stage.connect() as conn:
        whose = await practice.organisation(conn, "charts")
        nurse = (await practice.nurses(conn, whose, 1))[0]
        found = dict(zip(A_DAY, await patients(conn, whose, len(A_DAY)), strict=True))
        for many, patient in found.items():
            await _year(conn, whose, patient, many)
        await practice.settle(conn)
    took: dict[int, list[float]] = {many: [] for many in found}
    with console.running(stage) as running:
        async with pages.as_browser(running.base, nurse) as client:
            for _ in range(stage.rounds(ROUNDS // 5)):
                for many, patient in found.items():
                    path = f"/patients/{patient}?range=1y"
                    took[many] += await pages.timed(client, path, times=stage.rounds(5))
    return took


async def _year(conn: Connection, whose: UUID, patient: UUID, many: int) -> None:
    now = dt.datetime.now(dt.UTC)
    since = now - dt.timedelta(days=DAYS)
    await set_plan(
        conn, whose, patient, programme="hypertension-us", overrides={}, effective_from=since,
        reason="bench", actor=None, now=since, allow_backdate=True,
    )  # fmt: skip
    for kind, each in A_DAY[many].items():
        levels = LEVELS[kind]
        statement = READINGS.format(
            kind=kind,
            many=each,
            columns=", ".join(levels),
            values=", ".join(
                f"round(random_normal({mean}, {about})::numeric, 1)::float8"
                for mean, about in levels.values()
            ),
        )
        await conn.execute(statement, whose, patient, since, now - dt.timedelta(hours=2))
