"""A home as the patient's pages see it: what was measured, and what nurses did with it."""

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from alerts.life import rows
from alerts.life.alert import Alert
from alerts.life.events import Opened
from alerts.life.lifecycle import opened
from care.plans import set_plan
from store.pool import Pool
from tests.integration.console.conftest import Practice
from tests.unit.alerts.factory import POLICY, alert

REASON: Any = {
    "code": "limit",
    "facts": {
        "metric": "systolic", "value": 184.0, "op": ">=", "limit": 180.0,
        "at": "2026-11-20T08:02:00+00:00",
    },
}  # fmt: skip

_numbers = itertools.count(1)


@dataclass(frozen=True, kw_only=True)
class Home:
    pool: Pool
    practice: Practice
    now: dt.datetime

    @property
    def patient(self) -> UUID:
        return self.practice.patient

    async def plan(self, programme: str, *, patient: UUID | None = None) -> None:
        since = self.now - dt.timedelta(days=100)
        async with self.pool.acquire() as conn:
            await set_plan(
                conn, self.practice.organisation, patient or self.patient, programme=programme,
                overrides={}, effective_from=since, reason="test", actor=None, now=self.now,
                allow_backdate=True,
            )  # fmt: skip
            await conn.execute("DELETE FROM evaluation_queue")

    async def measured(
        self,
        kind: str,
        at: dt.datetime,
        *,
        patient: UUID | None = None,
        received_at: dt.datetime | None = None,
        attribution: str = "assigned",
        reason: str | None = None,
        flags: tuple[str, ...] = (),
        **values: float,
    ) -> UUID:
        """A row as admission makes it."""
        made = UUID(int=next(_numbers) << 64 | 0xDEF)
        row: dict[str, Any] = {
            "id": made,
            "organisation_id": self.practice.organisation,
            "gateway_id": self.practice.gateway,
            "device": "A0:B1:C2:D3:E4:F5",
            "device_id": self.practice.device,
            "patient_id": (patient or self.patient) if attribution == "assigned" else None,
            "kind": kind,
            "measured_at": at,
            "utc_offset_s": -18000,
            "local_day": at.astimezone(dt.timezone(dt.timedelta(hours=-5))).date(),
            "time_quality": "device",
            "received_at": received_at or at + dt.timedelta(minutes=1),
            "flags": list(flags),
            "attribution": attribution,
            "reason": reason,
            **values,
        }
        names, places = ", ".join(row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        await self.pool.execute(
            f"INSERT INTO readings ({names}) VALUES ({places})",  # noqa: S608 - our own names
            *row.values(),
        )
        return made

    async def alert(self, reading: UUID, at: dt.datetime, **changes: Any) -> Alert:
        """One on the nurses' list that rests on a reading."""
        made = alert(
            **{
                "id": UUID(int=next(_numbers)),
                "organisation_id": self.practice.organisation,
                "patient_id": self.patient,
                "subject": str(self.patient),
                "onset_reading": reading,
                "onset_at": at,
                "last_at": at,
                "opened_at": at,
                "updated_at": at,
                "reason": REASON,
                **changes,
            }
        )
        change = opened(made, Opened(), policy=POLICY)
        async with self.pool.acquire() as conn, conn.transaction():
            await rows.save(conn, [change], now=at)
            await conn.execute(
                "INSERT INTO alert_readings (alert_id, measured_at, reading_id, severity)"
                " VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                change.alert.id, at, reading, change.alert.severity,
            )  # fmt: skip
        return change.alert

    async def say(self, patient: UUID | None = None, **columns: Any) -> None:
        """Something else about the patient."""
        for name, value in columns.items():
            await self.pool.execute(
                f"UPDATE patients SET {name} = $2 WHERE id = $1",  # noqa: S608 - our own names
                patient or self.patient, value,
            )  # fmt: skip
