"""Homes for a clinic: hubs that speak, devices that are seen, in virtual time."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from alerts.life import rows
from alerts.life.alert import Alert
from alerts.technical.sweep import Sweeper, Swept
from ingest.health_rows import Said, keep
from store.batch import Row, Standing
from store.commit_batch import commit
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, Clinic
from vitals.kinds import Kind
from vitals.reading import Reading, TimeQuality
from wire.messages import DeviceStatus, Presence, Status

ZONE = ZoneInfo("America/New_York")
_numbers = itertools.count(1)


@dataclass
class Home:
    """One hub and what hangs on it."""

    clinic: Clinic
    hub: str
    devices: dict[str, DeviceStatus] = field(default_factory=dict)

    async def device(
        self, *patients: UUID, profile: str = "and-uc-352ble", since: dt.datetime | None = None
    ) -> str:
        """A scale by default, handed out a month ago."""
        number = next(_numbers)
        address = f"A0:B1:C2:D3:{number // 256:02X}:{number % 256:02X}"
        starts_at = since or self.clinic.now - 30 * DAY
        async with self.clinic.pool.acquire() as conn:
            device: UUID = await conn.fetchval(
                "INSERT INTO devices (organisation_id, address, profile, gateway_id)"
                " VALUES ($1, $2, $3, $4) RETURNING id",
                self.clinic.organisation,
                address,
                profile,
                self.hub,
            )
            await conn.executemany(
                "INSERT INTO device_assignments"
                " (organisation_id, device_id, patient_id, user_slot, starts_at)"
                " VALUES ($1, $2, $3, $4, $5)",
                [
                    (self.clinic.organisation, device, patient, slot, starts_at)
                    for slot, patient in enumerate(patients)
                ],
            )
        self.devices[address] = DeviceStatus(device=address)
        return address

    def noted(self, address: str, **facts: Any) -> None:
        """What the hub says of the device from now on."""
        self.devices[address] = msgspec.structs.replace(self.devices[address], **facts)

    async def speaks(self, *, at: dt.datetime | None = None, **words: Any) -> None:
        """`words`: what it says of itself, as fields of a status."""
        devices = list(self.devices.values())
        await self._says(Presence.ONLINE, devices, at or self.clinic.now, **words)

    async def leaves(self) -> None:
        """The broker says so in its name."""
        await self._says(Presence.OFFLINE, [], None)

    async def _says(
        self, state: Presence, devices: list[DeviceStatus], at: dt.datetime | None, **words: Any
    ) -> None:
        status = Status(state=state, devices=devices, at=at, **words)
        said = Said(self.hub, self.clinic.organisation, status)
        async with self.clinic.pool.acquire() as conn:
            await keep(conn, [said], now=self.clinic.now)

    async def weighs(
        self,
        patient: UUID | None,
        device: str,
        *,
        at: dt.datetime | None = None,
        reason: str | None = None,
        attribution: str = "assigned",
    ) -> None:
        """A weight of 80 kg; without a patient it is held back."""
        measured_at = at or self.clinic.now
        reading = Reading(
            id=UUID(int=next(_numbers) << 32),
            device=device,
            kind=Kind.WEIGHT,
            measured_at=measured_at,
            time_quality=TimeQuality.DEVICE,
            values={"weight": 80.0},
        )
        row = Row(
            reading,
            Standing(
                organisation_id=self.clinic.organisation,
                gateway_id=self.hub,
                attribution=attribution,
                patient_id=patient,
                reason=reason,
            ),
            local_day=measured_at.astimezone(ZONE).date(),
        )
        async with self.clinic.pool.acquire() as conn:
            await commit(conn, [row], received_at=self.clinic.now)


async def home(clinic: Clinic, hub: str = "home-0007", *, speaks: bool = True) -> Home:
    async with clinic.pool.acquire() as conn:
        await conn.execute(
            "INSERT INTO gateways (id, organisation_id, enrolled_at) VALUES ($1, $2, $3)",
            hub,
            clinic.organisation,
            clinic.now - 30 * DAY if speaks else clinic.now,
        )
    made = Home(clinic, hub)
    if speaks:
        await made.speaks()
    return made


async def sweep(clinic: Clinic, sweeper: Sweeper | None = None) -> Swept:
    return await (sweeper or Sweeper(clinic.pool)).sweep(now=clinic.now)


async def lives(clinic: Clinic, homes: Sequence[Home], span: dt.timedelta) -> None:
    """Time passes; the homes speak all through its last hour, as hubs do."""
    clinic.later(span - HOUR if span > HOUR else dt.timedelta(0))
    for _ in range(min(span, HOUR) // (5 * MINUTE)):
        clinic.later(5 * MINUTE)
        for each in homes:
            await each.speaks()


async def items(clinic: Clinic, rule: str | None = None) -> list[Alert]:
    """All technical and compliance items ever, or those of a rule, in the order they began."""
    async with clinic.pool.acquire() as conn:
        found = await conn.fetch(
            "SELECT * FROM alerts WHERE lane IN ('technical', 'compliance')"
            " AND ($1::text IS NULL OR rule = $1) ORDER BY opened_at, rule, subject",
            rule,
        )
    return [rows.from_row(dict(row)) for row in found]
