"""The policy an alert is handled by: its plan version's, or the clinic's where it has no plan."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from alerts.life.lifecycle import Policy
from alerts.life.rows import QUERIES
from care.programme import Ladder, Silence, Step, WorkingHours
from care.rules import Severity
from store.pool import Connection
from store.queries import load

MANY: Final = load("alerts", "evaluation.sql")["policies"]

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


class PolicyBook:
    """Policies of plan versions, which never change: read once each."""

    def __init__(self, *, most: int = 20_000) -> None:
        self._policies: dict[UUID, Policy] = {}
        self._most = most

    async def read(self, conn: Connection, plan_versions: Iterable[UUID | None]) -> None:
        """Make `of` answer for these."""
        unknown = {each for each in plan_versions if each is not None} - self._policies.keys()
        if not unknown:
            return
        if len(self._policies) + len(unknown) > self._most:
            self._policies.clear()
        for row in await conn.fetch(MANY, list(unknown)):
            self._policies[row["id"]] = _policy(row["resolved"], ZoneInfo(row["time_zone"]))

    def of(self, plan_version: UUID | None) -> Policy:
        """The clinic's own where there is no plan, or it was not read."""
        found = None if plan_version is None else self._policies.get(plan_version)
        return Policy(ladders=WITHOUT_PLAN) if found is None else found


async def policy_of(conn: Connection, organisation_id: UUID, plan_version: UUID | None) -> Policy:
    row = await conn.fetchrow(QUERIES["policy"], organisation_id, plan_version)
    zone = ZoneInfo("UTC") if row is None else ZoneInfo(row["time_zone"])
    resolved: Any = None if row is None else row["resolved"]
    return Policy(ladders=WITHOUT_PLAN, zone=zone) if resolved is None else _policy(resolved, zone)


def _policy(resolved: str, zone: ZoneInfo) -> Policy:
    plan = msgspec.json.decode(resolved, type=_Resolved)
    return Policy(ladders=plan.ladders, hours=plan.hours, silence=plan.silence, zone=zone)
