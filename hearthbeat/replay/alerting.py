"""What the clinic's rules make of a replay: a plan for each recorded person, and the count after.

A recording is old: whatever it holds arrives late, so it becomes items for review and wakes
nobody. What would have been raised at the time: `hearthbeat alerts dry-run`.
"""

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from care.patients import find_patient
from care.plans import end_plan, list_plans, set_plan
from hearthbeat.replay.load import DeviceLoad
from store.pool import Connection
from store.queries import load
from vitals.kinds import Kind

QUERIES: Final = load("hearthbeat", "replay.sql")
PROGRAMMES: Final = {
    Kind.GLUCOSE: "diabetes-type-1",
    Kind.BLOOD_PRESSURE: "hypertension-esh",
    Kind.WEIGHT: "heart-failure",
}
MARGIN: Final = dt.timedelta(days=1)
PATIENCE_S: Final = 20.0
"""Without any reading evaluated for so long, nobody is evaluating."""
LOOK_EVERY_S: Final = 0.5


class Raised(Struct, frozen=True, kw_only=True):
    """What became of one recording file, or of all."""

    alerts: int = 0
    """Items in the queue, whatever their lane."""
    late: int = 0
    """Of these, backlogs for review."""
    findings: int = 0
    """Episodes beyond a limit that are listed in them."""
    told: int = 0
    """Messages to people."""


async def plans(
    conn: Connection,
    whose: UUID,
    loads: Sequence[DeviceLoad],
    *,
    zone: ZoneInfo,
    now: dt.datetime,
) -> None:
    """A plan over the span of the recording, for who has none; of the first kind that has one.

    It ends with the last reading: that nobody measures today is no news of 1991.
    """
    spans: dict[str, tuple[dt.datetime, dt.datetime, str]] = {}
    for each in loads:
        programme = PROGRAMMES.get(each.kind)
        times = [one.measurement.device_time for one in each.readings]
        known = [at.replace(tzinfo=zone).astimezone(dt.UTC) for at in times if at is not None]
        if programme is not None and known and each.number not in spans:
            spans[each.number] = (min(known) - MARGIN, max(known) + MARGIN, programme)
    for number, (since, until, programme) in spans.items():
        patient = (await find_patient(conn, whose, number)).id
        if await list_plans(conn, whose, patient, most=1):
            continue
        why = "replay of a recording"
        await set_plan(
            conn, whose, patient, programme=programme, overrides={}, effective_from=since,
            reason=why, actor=None, now=now, allow_backdate=True,
        )  # fmt: skip
        if until < now:
            await end_plan(
                conn, whose, patient, at=until, reason=why, actor=None, now=now,
                allow_backdate=True,
            )  # fmt: skip


async def settled(conn: Connection, numbers: Iterable[str]) -> int:
    """Wait while readings of these people are being evaluated; how many are left unevaluated."""
    listed, left, patience = sorted(set(numbers)), -1, PATIENCE_S
    while True:
        now_left: int = await conn.fetchval(QUERIES["unevaluated"], listed)
        patience = PATIENCE_S if now_left != left else patience - LOOK_EVERY_S
        left = now_left
        if not left or patience <= 0:
            return left
        await asyncio.sleep(LOOK_EVERY_S)


async def raised(conn: Connection, numbers: Iterable[str]) -> dict[str, Raised]:
    """By medical record number."""
    rows = await conn.fetch(QUERIES["raised"], sorted(set(numbers)))
    return {
        row["mrn"]: Raised(
            alerts=row["alerts"], late=row["late"], findings=row["findings"], told=row["told"]
        )
        for row in rows
    }


def together(some: Iterable[Raised]) -> Raised:
    listed = list(some)
    return Raised(
        alerts=sum(each.alerts for each in listed),
        late=sum(each.late for each in listed),
        findings=sum(each.findings for each in listed),
        told=sum(each.told for each in listed),
    )
