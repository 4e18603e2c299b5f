"""The people and devices of a replay in the clinic's register; made once, found again later."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from care.errors import NotFoundError, TakenError
from care.gateways import Credentials
from care.registry import (
    add_device,
    add_gateway,
    add_patient,
    assign,
    enrol,
    find_device,
    find_patient,
    issue_code,
    list_assignments,
    list_gateways,
)
from hearthbeat.replay.load import GIVEN_NAME, DeviceLoad
from store.pool import Connection

GATEWAYS_MOST: Final = 8
SINCE: Final = dt.datetime(1900, 2, 1, tzinfo=dt.UTC)
"""From when on a recording's device belongs to its person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A gateway and the devices around it."""

    credentials: Credentials
    devices: tuple[DeviceLoad, ...]


async def register(
    conn: Connection, loads: Sequence[DeviceLoad], whose: UUID, *, zone: str, now: dt.datetime
) -> list[Home]:
    """Everybody and everything known to the organisation; the gateways enrolled anew."""
    for load in loads:
        await _device(conn, whose, load, zone=zone)
    count = min(GATEWAYS_MOST, len(loads))
    return [
        Home(
            credentials=await _gateway(conn, whose, f"replay-{number + 1}", zone=zone, now=now),
            devices=tuple(loads[number::count]),
        )
        for number in range(count)
    ]


async def _device(conn: Connection, whose: UUID, load: DeviceLoad, *, zone: str) -> None:
    try:
        patient = await find_patient(conn, whose, load.number)
    except NotFoundError:
        patient = await add_patient(
            conn,
            whose,
            mrn=load.number,
            given_name=GIVEN_NAME,
            family_name=load.name[:60],
            time_zone=zone,
        )
    try:
        device = await find_device(conn, whose, load.address)
    except NotFoundError:
        device = await add_device(
            conn,
            whose,
            address=load.address,
            profile="generic",
            label=f"replay of {load.file}"[:60],
        )
    if not await list_assignments(conn, whose, device_id=device.id):
        await assign(
            conn,
            whose,
            device_id=device.id,
            patient_id=patient.id,
            starts_at=SINCE,
            reason="replay of a recording",
        )


async def _gateway(
    conn: Connection, whose: UUID, id_: str, *, zone: str, now: dt.datetime
) -> Credentials:
    try:
        await add_gateway(conn, whose, gateway_id=id_, label="replays recordings", time_zone=zone)
    except TakenError:
        if id_ not in {gateway.id for gateway in await list_gateways(conn, whose)}:
            raise
    return await enrol(conn, await issue_code(conn, whose, id_, now=now), now=now)
