"""A clinic with patients on plans, and readings that arrive as ingest stores them."""

import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from alerts.evaluating.evaluation import Evaluated, Memory, evaluate_batch
from alerts.life import rows
from alerts.life.alert import Alert
from care.plans import set_plan
from store import partitions
from store.commit_batch import commit
from store.pool import Pool
from tests.rows import row
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

START = dt.datetime(2026, 11, 2, 12, 0, tzinfo=dt.UTC)  # A Monday, seven o'clock in New York.
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)

_numbers = itertools.count(1)


@dataclass
class Clinic:
    """Virtual time: `now` moves only when a test says so."""

    pool: Pool
    organisation: UUID
    now: dt.datetime = START
    memory: Memory = field(default_factory=Memory)

    async def patient(self, *, programme: str | None = "hypertension-esh", **plan: Any) -> UUID:
        async with self.pool.acquire() as conn:
            patient: UUID = await conn.fetchval(
                "INSERT INTO patients (organisation_id, mrn, given_name, family_name, time_zone)"
                " VALUES ($1, $2, 'Test', 'Person', 'America/New_York') RETURNING id",
                self.organisation,
                f"m{next(_numbers)}",
            )
            if programme is not None:
                await set_plan(
                    conn, self.organisation, patient, programme=programme,
                    overrides=plan.get("overrides", {}), effective_from=self.now - 60 * DAY,
                    reason="enrolled", actor=None, now=self.now, allow_backdate=True,
                )  # fmt: skip
                await conn.execute("DELETE FROM evaluation_queue")
        return patient

    async def measured(
        self, patient: UUID, *, at: dt.datetime | None = None, kind: Kind = Kind.BLOOD_PRESSURE,
        received_at: dt.datetime | None = None, flags: tuple[str, ...] = (), **values: float,
    ) -> UUID:  # fmt: skip
        """A reading of now, or then, is committed as ingest does it."""
        reading = Reading(
            id=UUID(int=next(_numbers) << 64),
            device="A0:B1:C2:D3:E4:F5",
            kind=kind,
            measured_at=at or self.now,
            time_quality=TimeQuality.DEVICE,
            values=values,
            flags=flags,
        )
        stored = row(
            reading,
            organisation_id=self.organisation,
            gateway_id="home-1",
            local_day=(at or self.now).date(),
            patient_id=patient,
        )
        async with self.pool.acquire() as conn:
            await commit(conn, [stored], received_at=received_at or self.now)
        return reading.id

    async def pressure(
        self, patient: UUID, systolic: float, diastolic: float = 95, **options: Any
    ) -> UUID:
        return await self.measured(patient, systolic=systolic, diastolic=diastolic, **options)

    async def evaluate(self) -> Evaluated:
        done = await evaluate_batch(self.pool, self.memory, now=self.now)
        while done.more:
            done = await evaluate_batch(self.pool, self.memory, now=self.now)
        return done

    def later(self, span: dt.timedelta) -> None:
        self.now += span

    async def alerts(self, patient: UUID) -> list[Alert]:
        async with self.pool.acquire() as conn:
            found = await conn.fetch(
                "SELECT * FROM alerts WHERE patient_id = $1 ORDER BY onset_at, rule", patient
            )
        return [rows.from_row(dict(row)) for row in found]


async def make(pool: Pool) -> Clinic:
    async with pool.acquire() as conn:
        await partitions.ensure(conn, START)
        organisation = await conn.fetchval(
            "INSERT INTO organisations (name, time_zone) VALUES ('Clinic', 'America/New_York')"
            " RETURNING id"
        )
    return Clinic(pool=pool, organisation=organisation)
