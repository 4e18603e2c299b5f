"""The policy an alert is handled by: its plan version's, or the clinic's where it has no plan."""

from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from alerts.lifecycle import Policy
from alerts.rows import QUERIES
from care.programme import Ladder, Silence, Step, WorkingHours
from care.rules import Severity
from store.pool import Connection

WITHOUT_PLAN: Final = (
    Ladder(
        severity=Severity.HIGH,
        acknowledge_min=240,
        steps=(Step(after_min=0, to="nurse"), Step(after_min=240, to="admin")),
    ),
    Ladder(severity=Severity.MEDIUM, acknowledge_min=600, steps=(Step(after_min=0, to="nurse"),)),
)
"""For gateways and devices that are nobody's: never anybody's night."""


class _Resolved(Struct, frozen=True):
    """What of `plan_versions.resolved` is looked at here."""

    ladders: tuple[Ladder, ...]
    hours: WorkingHours
    silence: Silence


async def policy_of(conn: Connection, organisation_id: UUID, plan_version: UUID | None) -> Policy:
    row = await conn.fetchrow(QUERIES["policy"], organisation_id, plan_version)
    zone = ZoneInfo("UTC") if row is None else ZoneInfo(row["time_zone"])
    resolved: Any = None if row is None else row["resolved"]
    if resolved is None:
        return Policy(ladders=WITHOUT_PLAN, zone=zone)
    plan = msgspec.json.decode(resolved, type=_Resolved)
    return Policy(ladders=plan.ladders, hours=plan.hours, silence=plan.silence, zone=zone)
