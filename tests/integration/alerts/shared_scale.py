"""Two people and one scale, and a cuff each; whoever steps on it is whoever the test says."""

import datetime as dt
import itertools
from dataclasses import dataclass
from uuid import UUID

from care.reassignment import Reassigned, reassign
from care.registry import add_device, add_gateway, assign
from store.commit_batch import commit
from tests.integration.alerts.clinic import DAY, MINUTE, Clinic
from tests.rows import row
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality

SCALE, CUFF = "A0:B1:C2:D3:E4:01", "A0:B1:C2:D3:E4:02"
LONG_AGO = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
_numbers = itertools.count(1 << 20)


@dataclass
class Home:
    clinic: Clinic
    ann: UUID
    bob: UUID

    async def measured(
        self, patient: UUID, at: dt.datetime, *, device: str = SCALE, kind: Kind = Kind.WEIGHT,
        **values: float,
    ) -> UUID:  # fmt: skip
        """As if it had come at once, taken to be this patient's by the slot that was pressed."""
        reading = Reading(
            id=UUID(int=next(_numbers) << 64), device=device, kind=kind, measured_at=at,
            time_quality=TimeQuality.DEVICE, values=values,
        )  # fmt: skip
        stored = row(
            reading, organisation_id=self.clinic.organisation, gateway_id="home-1",
            local_day=at.date(), patient_id=patient,
        )  # fmt: skip
        async with self.clinic.pool.acquire() as conn:
            await commit(conn, [stored], received_at=at + MINUTE)
        return reading.id

    async def week(self, patient: UUID, weight: float, *, days: int = 5) -> None:
        for day in range(days, 0, -1):
            at = self.clinic.now - day * DAY + (MINUTE if patient == self.bob else 0 * MINUTE)
            await self.measured(patient, at, weight=weight)

    async def give(self, reading: UUID, patient: UUID | None) -> Reassigned:
        async with self.clinic.pool.acquire() as conn:
            return await reassign(
                conn, self.clinic.organisation, reading, patient_id=patient, actor=None,
                reason="asked by telephone", now=self.clinic.now,
            )  # fmt: skip

    async def standing(self, reading: UUID) -> tuple[str, str | None, UUID | None, dt.date]:
        async with self.clinic.pool.acquire() as conn:
            found = await conn.fetchrow(
                "SELECT attribution, reason, patient_id, local_day FROM readings WHERE id = $1",
                reading,
            )
        assert found is not None
        return tuple(found)


async def make(clinic: Clinic, *, shared: bool = True, programme: str = "heart-failure") -> Home:
    ann, bob = await clinic.patient(programme=programme), await clinic.patient(programme=programme)
    async with clinic.pool.acquire() as conn:
        whose = clinic.organisation
        await add_gateway(conn, whose, gateway_id="home-1")
        for address in (SCALE, CUFF):
            device = await add_device(conn, whose, address=address, gateway_id="home-1")
            for slot, patient in enumerate((ann, bob) if shared else (ann,), start=1):
                await assign(
                    conn, whose, device_id=device.id, patient_id=patient, starts_at=LONG_AGO,
                    user_slot=slot if shared else None,
                )  # fmt: skip
        # Bob's own zone: his days are not hers.
        await conn.execute("UPDATE patients SET time_zone = 'Pacific/Auckland' WHERE id = $1", bob)
    return Home(clinic, ann, bob)
