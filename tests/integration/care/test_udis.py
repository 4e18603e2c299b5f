"""The UDI of a device: said by people and by itself; nothing said is lost."""

import datetime as dt
from uuid import UUID

import pytest

from care.devices import add_device
from care.errors import InvalidError, NotFoundError
from care.registry import add_organisation
from care.udis import SAID_MOST, Told, UdiOfDevice, hear, state_udi, udi_of
from store.pool import Connection
from tests.integration.care.conftest import NOW, Clinic
from vitals.udi.gs1 import check_digit

DI = "09506000134352"
TYPED = f"(01){DI}(17)270131(10)LOT7(21)S-1"
DEVICE = f"(01){DI}(21)S-1"
OTHER = f"(01){DI}(21)S-2"


def texts(found: UdiOfDevice) -> tuple[str | None, str | None, list[str | None]]:
    return (
        None if found.holds is None else found.holds.udi,
        None if found.device_says is None else found.device_says.udi,
        [each.udi for each in found.statements],
    )


async def test_what_the_device_says_holds_until_a_person_says_otherwise_and_again_after_that(
    conn: Connection, clinic: Clinic
) -> None:
    whose, cuff = clinic.organisation.id, clinic.cuff.id

    async def says(udi: str, *, gateway: str = "gw-1") -> None:
        told = Told(organisation_id=whose, gateway_id=gateway, address="a0:b1:c2:d3:e4:f5", udi=udi)
        await hear(conn, [told, told], now=NOW)

    assert await udi_of(conn, whose, cuff) == UdiOfDevice()
    await says("see box")
    assert await udi_of(conn, whose, cuff) == UdiOfDevice(), "that is none"
    await says(DEVICE)
    await says(DEVICE)
    assert texts(await udi_of(conn, whose, cuff)) == (DEVICE, None, [DEVICE])

    found = await state_udi(conn, whose, cuff, TYPED, actor=None, now=NOW)
    assert texts(found) == (TYPED, DEVICE, [TYPED, DEVICE])
    assert found.holds is not None
    assert (found.holds.di, found.holds.lot, found.holds.serial) == (DI, "LOT7", "S-1")
    assert found.holds.expires_on == dt.date(2027, 1, 31)

    await says(OTHER)
    assert texts(await udi_of(conn, whose, cuff))[:2] == (TYPED, OTHER)
    assert await state_udi(conn, whose, cuff, f" {TYPED} ", actor=None, now=NOW) == await udi_of(
        conn, whose, cuff
    ), "what holds is not said again"

    for typed in (None, OTHER):
        with pytest.raises(InvalidError) as refused:
            await state_udi(conn, whose, cuff, typed, actor=None, now=NOW)
        assert refused.value.field == "reason"
    found = await state_udi(conn, whose, cuff, None, reason="mixed up", actor=None, now=NOW)
    assert texts(found) == (OTHER, None, [None, OTHER, TYPED, DEVICE])
    assert found.statements[0].reason == "mixed up"


async def test_what_is_wrong_is_told_of_the_field_and_nothing_is_kept(
    conn: Connection, clinic: Clinic
) -> None:
    whose, cuff = clinic.organisation.id, clinic.cuff.id
    with pytest.raises(InvalidError, match="the device identifier 09506000134351 is mistyped"):
        await state_udi(conn, whose, cuff, "09506000134351", actor=None, now=NOW)
    with pytest.raises(NotFoundError):
        await state_udi(conn, whose, UUID(int=1), DI, actor=None, now=NOW)
    assert await udi_of(conn, whose, cuff) == UdiOfDevice()


async def test_another_clinics_device_of_the_same_address_hears_nothing_of_it(
    conn: Connection, clinic: Clinic
) -> None:
    other = await add_organisation(conn, name="Elm Street")
    theirs = await add_device(conn, other.id, address=clinic.cuff.address)
    told = Told(
        organisation_id=clinic.organisation.id,
        gateway_id="gw-1",
        address=clinic.cuff.address,
        udi=DEVICE,
    )
    await hear(conn, [told], now=NOW)
    assert await udi_of(conn, other.id, theirs.id) == UdiOfDevice()
    assert await udi_of(conn, other.id, clinic.cuff.id) == UdiOfDevice()
    with pytest.raises(NotFoundError):
        await state_udi(conn, other.id, clinic.cuff.id, DI, actor=None, now=NOW)


async def test_a_device_that_says_another_each_time_does_not_fill_the_table(
    conn: Connection, clinic: Clinic
) -> None:
    bodies = [f"020{number:010}" for number in range(SAID_MOST + 2)]
    for body in bodies:
        told = Told(
            organisation_id=clinic.organisation.id,
            gateway_id="gw-1",
            address=clinic.cuff.address,
            udi=body + check_digit(body),
        )
        await hear(conn, [told], now=NOW)
    found = await udi_of(conn, clinic.organisation.id, clinic.cuff.id)
    assert len(found.statements) == SAID_MOST
