"""Who is who, in memory: what ingest looks at instead of asking the database for each reading."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from care.attribution import Assignment
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "directory.sql")


class KnownGateway(Struct, frozen=True, kw_only=True):
    id: str
    organisation_id: UUID
    transport: str
    time_zone: str | None
    revoked_at: datetime | None
    credential_hash: str | None
    """For care.secrets.matches: how an HTTP source is recognised without asking the database."""


class KnownDevice(Struct, frozen=True, kw_only=True):
    id: UUID
    organisation_id: UUID
    address: str
    profile: str
    passkey: str | None
    gateway_id: str | None
    assignments: tuple[Assignment, ...]
    """Ended ones too: a late reading belongs to who had the device when it measured."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """The directory at one moment; never changed, only replaced."""

    gateways: Mapping[str, KnownGateway] = {}
    devices: Mapping[tuple[UUID, str], KnownDevice] = {}
    zones: Mapping[UUID, ZoneInfo] = {}

    def gateway(self, gateway_id: str) -> KnownGateway | None:
        return self.gateways.get(gateway_id)

    def device(self, organisation_id: UUID, address: str) -> KnownDevice | None:
        """By the address as readings give it, in either case."""
        return self.devices.get((organisation_id, address.upper()))

    def zone(self, patient_id: UUID) -> ZoneInfo | None:
        return self.zones.get(patient_id)

    def devices_of(self, gateway_id: str) -> list[KnownDevice]:
        """What that gateway is told to look for, by address."""
        mine = (each for each in self.devices.values() if each.gateway_id == gateway_id)
        return sorted(mine, key=lambda device: device.address)


async def read(conn: Connection) -> Snapshot:
    """The directory as it is now, all of it at one moment."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        gateways = [KnownGateway(**row) for row in await conn.fetch(QUERIES["gateways"])]
        assignments: dict[UUID, list[Assignment]] = defaultdict(list)
        for row in await conn.fetch(QUERIES["assignments"]):
            values = dict(row)
            assignments[values.pop("device_id")].append(Assignment(**values))
        devices = [
            KnownDevice(**row, assignments=tuple(assignments[row["id"]]))
            for row in await conn.fetch(QUERIES["devices"])
        ]
        zones = {id_: ZoneInfo(name) for id_, name in await conn.fetch(QUERIES["patient_zones"])}
    return snapshot(gateways, devices, zones)


def snapshot(
    gateways: Iterable[KnownGateway],
    devices: Iterable[KnownDevice],
    zones: Mapping[UUID, ZoneInfo],
) -> Snapshot:
    """Filed under what readings name."""
    return Snapshot(
        gateways={gateway.id: gateway for gateway in gateways},
        devices={(device.organisation_id, device.address): device for device in devices},
        zones=zones,
    )
