"""A clinic with two patients, a cuff and a gateway."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from msgspec import Struct

from care.devices import Device
from care.organisations import Organisation
from care.patients import Patient
from care.registry import add_device, add_gateway, add_organisation, add_patient
from store.pool import Connection, Pool

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


class Clinic(Struct, frozen=True, kw_only=True):
    organisation: Organisation
    ann: Patient
    bob: Patient
    cuff: Device


@pytest.fixture
async def conn(pool: Pool) -> AsyncIterator[Connection]:
    async with pool.acquire() as acquired:
        yield acquired


@pytest.fixture
async def clinic(conn: Connection) -> Clinic:
    organisation = await add_organisation(conn, name="Oak Street", time_zone="America/New_York")
    await add_gateway(conn, organisation.id, gateway_id="gw-1", label="Kit 1")
    return Clinic(
        organisation=organisation,
        ann=await add_patient(
            conn, organisation.id, mrn="A-1", given_name="Ann", family_name="Archer"
        ),
        bob=await add_patient(
            conn,
            organisation.id,
            mrn="B-2",
            given_name="Bob",
            family_name="Baker",
            time_zone="Europe/Berlin",
        ),
        cuff=await add_device(
            conn, organisation.id, address="a0:b1:c2:d3:e4:f5", gateway_id="gw-1"
        ),
    )
