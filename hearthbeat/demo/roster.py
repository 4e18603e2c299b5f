"""The demonstration's patients in the register: each with a hub, devices, and whose they are.

Made at the first start, found again at the next; fewer people than before takes nobody away.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from care.errors import TakenError
from care.patients import add_patient
from care.registry import add_device, add_gateway, assign, enrol, issue_code
from care.udis import state_udi
from hearthbeat.demo.keepsakes import Keepsakes
from hearthbeat.demo.origin_names import full_name, mrn, phone
from simulator.people_cast import Character, birth_date
from simulator.traits import made_up_udi
from store.pool import Connection
from store.queries import load
from vitals.kinds import Kind

QUERIES: Final = load("hearthbeat", "demo.sql")
SIGNED: Final = dt.timedelta(hours=20)
"""Before the first day: consent, and the order."""
HANDED_OUT: Final = dt.timedelta(hours=19)
"""Before the first day, and after that: the kit."""
SHARES_SCALE: Final = {10: 12}
"""Whose scale somebody else uses too, who has none: in a slot of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A device that is sold."""

    profile: str
    label: str


MODELS: Final = {
    Kind.BLOOD_PRESSURE: Model(profile="and-ua-651ble", label="Blood pressure cuff"),
    Kind.WEIGHT: Model(profile="and-uc-352ble", label="Scale"),
    Kind.GLUCOSE: Model(profile="accu-chek-guide", label="Glucose meter"),
    Kind.OXIMETRY: Model(profile="nonin-3230", label="Pulse oximeter"),
    Kind.TEMPERATURE: Model(profile="generic", label="Thermometer"),
}
_PLACES: Final = tuple(MODELS)


def hub_of(character: Character) -> str:
    return f"kit-{character.number:04}"


def address_of(character: Character, kind: Kind) -> str:
    """Of their device for this kind."""
    return _address(character.number, _PLACES.index(kind))


def neighbours_cuff(character: Character) -> str:
    """Next door, and in nobody's register."""
    return _address(character.number, 0xFE)


def handed_out(character: Character, anchor: dt.datetime) -> dt.datetime:
    """When they were given their kit; consent was given before."""
    return anchor + dt.timedelta(days=character.enrolled) - HANDED_OUT


def slot_of(character: Character, kind: Kind) -> int | None:
    """The user slot in which they use their device; None where they are alone with it."""
    return 1 if kind is Kind.WEIGHT and character.number in SHARES_SCALE else None


async def enter(
    conn: Connection,
    organisation_id: UUID,
    characters: Sequence[Character],
    kept: Keepsakes,
    *,
    anchor: dt.datetime,
    now: dt.datetime,
) -> dict[int, UUID]:
    """Everybody, by their number in the cast. What is there already stays as it is."""
    known = {
        row["mrn"]: row["id"] for row in await conn.fetch(QUERIES["patients"], organisation_id)
    }
    found: dict[int, UUID] = {}
    for character in characters:
        there = known.get(mrn(character.number)) or await _holder(conn, organisation_id, character)
        if there is None:
            # With all that is theirs or not at all: a start may be ended at any time.
            async with conn.transaction():
                there = await _enter(conn, organisation_id, character, kept, anchor, now)
        found[character.number] = there
    await _share(conn, organisation_id, characters, found, anchor=anchor)
    return found


async def _holder(conn: Connection, organisation_id: UUID, character: Character) -> UUID | None:
    """Whom the kit was given to: somebody may have tried what a new record number does."""
    address = address_of(character, character.kinds[0])
    there: UUID | None = await conn.fetchval(QUERIES["holder"], organisation_id, address)
    return there


async def _enter(
    conn: Connection,
    organisation_id: UUID,
    character: Character,
    kept: Keepsakes,
    anchor: dt.datetime,
    now: dt.datetime,
) -> UUID:
    person = character.person
    given, family = full_name(number=character.number, origin=character.origin, sex=person.sex)
    patient = await add_patient(
        conn,
        organisation_id,
        mrn=mrn(character.number),
        given_name=given,
        family_name=family,
        birth_date=birth_date(character, anchor.date()),
        time_zone=character.zone,
        language=character.language,
    )
    since = anchor + dt.timedelta(days=character.enrolled - 1)
    await conn.execute(
        QUERIES["describe"], organisation_id, patient.id, person.sex, phone(character.number),
        character.allergies, character.weight_unit, character.glucose_unit, since,
    )  # fmt: skip
    await _hub(conn, organisation_id, character, kept, since=since, now=now)
    for kind in character.kinds:
        await _device(
            conn, organisation_id, character, kind, patient.id, since=handed_out(character, anchor)
        )
    return patient.id


async def _hub(
    conn: Connection,
    organisation_id: UUID,
    character: Character,
    kept: Keepsakes,
    *,
    since: dt.datetime,
    now: dt.datetime,
) -> None:
    hub = hub_of(character)
    await add_gateway(
        conn,
        organisation_id,
        gateway_id=hub,
        label=f"Kit {character.number}",
        time_zone=character.zone,
    )
    code = await issue_code(conn, organisation_id, hub, now=now)
    kept.gateways[hub] = (await enrol(conn, code, now=now)).secret
    await conn.execute(QUERIES["enrolled"], organisation_id, hub, since)


async def _device(
    conn: Connection,
    organisation_id: UUID,
    character: Character,
    kind: Kind,
    patient: UUID,
    *,
    since: dt.datetime,
) -> None:
    model = MODELS[kind]
    device = await add_device(
        conn,
        organisation_id,
        address=address_of(character, kind),
        profile=model.profile,
        label=model.label,
        serial=f"{5_000 + character.number * 11:05}{_PLACES.index(kind)}",
        gateway_id=hub_of(character),
    )
    await conn.execute(QUERIES["registered"], organisation_id, device.id, since)
    await state_udi(
        conn, organisation_id, device.id, made_up_udi(device.profile, device.serial or ""),
        actor=None, now=since,
    )  # fmt: skip
    await assign(
        conn, organisation_id, device_id=device.id, patient_id=patient,
        user_slot=slot_of(character, kind), starts_at=since, reason="demonstration",
    )  # fmt: skip


async def _share(
    conn: Connection,
    organisation_id: UUID,
    characters: Sequence[Character],
    found: Mapping[int, UUID],
    *,
    anchor: dt.datetime,
) -> None:
    """The second user of a shared scale, where both are in the cast."""
    cast = {each.number: each for each in characters}
    for owner in characters:
        other = SHARES_SCALE.get(owner.number)
        if other is None or other not in found:
            continue
        since = max(handed_out(each, anchor) for each in (owner, cast[other]))
        address = address_of(owner, Kind.WEIGHT)
        device = await conn.fetchval(QUERIES["device"], organisation_id, address)
        try:
            await assign(
                conn, organisation_id, device_id=device, patient_id=found[other], user_slot=2,
                starts_at=since, reason="demonstration",
            )  # fmt: skip
        except TakenError:
            continue  # It is theirs already.


def _address(number: int, place: int) -> str:
    house = hashlib.sha256(b"demonstration clinic").digest()[:2]
    octets = (0xA2, *house, number >> 8, number & 0xFF, place)
    return ":".join(f"{octet:02X}" for octet in octets)
