"""Organisations, patients and devices: added, found, listed, refused in plain words."""

from uuid import UUID

import pytest

from care.errors import InvalidError, NotFoundError, TakenError
from care.registry import (
    add_device,
    add_organisation,
    add_patient,
    find_device,
    find_organisation,
    find_patient,
    list_devices,
    list_organisations,
    list_patients,
)
from store.pool import Connection
from tests.integration.care.conftest import Clinic


async def test_a_patient_without_a_zone_lives_where_the_clinic_is(clinic: Clinic) -> None:
    assert clinic.ann.time_zone == "America/New_York"
    assert clinic.bob.time_zone == "Europe/Berlin"


async def test_a_patient_is_found_by_number_and_by_id(conn: Connection, clinic: Clinic) -> None:
    for key in ("A-1", str(clinic.ann.id), clinic.ann.id):
        assert await find_patient(conn, clinic.organisation.id, key) == clinic.ann


async def test_lists_are_in_the_order_people_expect(conn: Connection, clinic: Clinic) -> None:
    assert await list_patients(conn, clinic.organisation.id) == [clinic.ann, clinic.bob]
    assert await list_devices(conn, clinic.organisation.id) == [clinic.cuff]


async def test_what_receives_unclaimed_readings_is_no_clinic(
    conn: Connection, clinic: Clinic
) -> None:
    assert await list_organisations(conn) == [clinic.organisation]
    assert await find_organisation(conn, None) == clinic.organisation


async def test_with_two_clinics_one_must_be_named(conn: Connection, clinic: Clinic) -> None:
    other = await add_organisation(conn, name="Elm Street")
    assert clinic.organisation.name == "Oak Street"
    assert await find_organisation(conn, "Elm Street") == other
    with pytest.raises(InvalidError, match="say which of Elm Street, Oak Street"):
        await find_organisation(conn, None)
    with pytest.raises(NotFoundError, match="none named 'Ash Street'"):
        await find_organisation(conn, "Ash Street")


async def test_another_clinics_patients_and_devices_are_not_there(
    conn: Connection, clinic: Clinic
) -> None:
    other = await add_organisation(conn, name="Elm Street")
    with pytest.raises(NotFoundError, match="patient: "):
        await find_patient(conn, other.id, clinic.ann.id)
    with pytest.raises(NotFoundError, match="device: "):
        await find_device(conn, other.id, clinic.cuff.address)
    with pytest.raises(NotFoundError, match="gateway: "):
        await add_device(conn, other.id, address="00:00", gateway_id="gw-1")
    assert await list_patients(conn, other.id) == []


async def test_two_clinics_may_use_the_same_numbers(conn: Connection, clinic: Clinic) -> None:
    other = await add_organisation(conn, name="Elm Street")
    twin = await add_patient(conn, other.id, mrn="A-1", given_name="Al", family_name="Ames")
    assert twin.id != clinic.ann.id
    device = await add_device(conn, other.id, address=clinic.cuff.address)
    assert device.id != clinic.cuff.id


async def test_what_is_there_already_is_said(conn: Connection, clinic: Clinic) -> None:
    whose = clinic.organisation.id
    with pytest.raises(TakenError, match=r"^name: "):
        await add_organisation(conn, name="Oak Street")
    with pytest.raises(TakenError, match=r"^mrn: "):
        await add_patient(conn, whose, mrn="A-1", given_name="X", family_name="Y")
    with pytest.raises(TakenError, match=r"^address: "):
        await add_device(conn, whose, address="A0:B1:C2:D3:E4:F5")


async def test_a_device_is_found_in_either_case(conn: Connection, clinic: Clinic) -> None:
    whose = clinic.organisation.id
    assert await find_device(conn, whose, "a0:b1:c2:d3:e4:f5") == clinic.cuff
    assert await find_device(conn, whose, clinic.cuff.id) == clinic.cuff
    with pytest.raises(NotFoundError):
        await find_device(conn, whose, UUID(int=7))


@pytest.mark.parametrize("name", ["'; DROP TABLE patients; --", "%s $1", "<img src=x onerror=1>"])
async def test_odd_names_are_names(conn: Connection, clinic: Clinic, name: str) -> None:
    whose = clinic.organisation.id
    made = await add_patient(conn, whose, mrn=name, given_name=name, family_name="Odd")
    assert await find_patient(conn, whose, name) == made


async def test_who_runs_while_a_newer_version_adds_a_column_goes_on(
    conn: Connection, clinic: Clinic
) -> None:
    """An upgrade moves the database first: what has been started before it still reads and adds."""
    assert await list_patients(conn, clinic.organisation.id) == [clinic.ann, clinic.bob]
    for table in ("patients", "devices"):
        await conn.execute(f"ALTER TABLE {table} ADD COLUMN of_a_newer_version TEXT")
    carl = await add_patient(
        conn, clinic.organisation.id, mrn="C-1", given_name="Carl", family_name="Zorn"
    )
    assert await list_patients(conn, clinic.organisation.id) == [clinic.ann, clinic.bob, carl]
    assert await find_patient(conn, clinic.organisation.id, "A-1") == clinic.ann
    scale = await add_device(conn, clinic.organisation.id, address="C4:00:00:00:00:09")
    assert await find_device(conn, clinic.organisation.id, scale.id) == scale
    assert scale in await list_devices(conn, clinic.organisation.id)
