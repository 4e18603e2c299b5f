"""A replay among real people's readings happens on purpose only."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from care.errors import NotFoundError
from care.registry import add_organisation, add_patient, list_organisations
from hearthbeat.errors import ReplayRefused
from hearthbeat.recordings import formats
from hearthbeat.replay.destination import System, destination
from hearthbeat.replay.load import DeviceLoad, device_loads
from hearthbeat.replay.register import register
from store.pool import Connection, Pool

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)

ZONE = ZoneInfo("America/Chicago")
REAL = System(where="the system on DIR", is_demonstration=False)
DEMONSTRATION = System(where="the system on DIR", is_demonstration=True)


@pytest.fixture
def loads(tmp_path: Path) -> list[DeviceLoad]:
    file = tmp_path / "weights.csv"
    file.write_text(
        "time,person,weight,body_fat\n2026-01-02 08:00,a,80,20\n2026-01-02 08:00,b,81,\n"
    )
    return device_loads([formats.read(file)], zone=ZONE)


class Person:
    """Somebody who is asked."""

    def __init__(self, *, agrees: bool) -> None:
        self._agrees = agrees
        self.heard: list[str] = []

    async def __call__(self, question: str) -> bool:
        self.heard.append(question)
        return self._agrees


async def sent_to(
    conn: Connection,
    loads: list[DeviceLoad],
    person: Person,
    *,
    named: str | None = None,
    system: System = REAL,
) -> str:
    """The organisation's name, with the recordings registered in it."""
    whose = await destination(
        conn, system, loads, named=named, clinic="Replays", zone=ZONE.key, agree=person
    )
    await register(conn, loads, whose, zone=ZONE.key, now=NOW)
    return {one.id: one.name for one in await list_organisations(conn)}[whose]


async def test_where_nobody_has_set_up_a_clinic_a_replay_makes_its_own_and_finds_it_again(
    pool: Pool, loads: list[DeviceLoad]
) -> None:
    nobody = Person(agrees=False)
    async with pool.acquire() as conn:
        assert await sent_to(conn, loads, nobody) == "Replays"
        assert await sent_to(conn, loads, nobody) == "Replays"
    assert nobody.heard == []


async def test_a_real_clinic_has_to_be_named(pool: Pool, loads: list[DeviceLoad]) -> None:
    async with pool.acquire() as conn:
        await add_organisation(conn, name="North", time_zone="UTC")
        person = Person(agrees=True)
        with pytest.raises(ReplayRefused, match=r"real clinic's.*--organisation NAME .*'North'"):
            await sent_to(conn, loads, person)
        with pytest.raises(NotFoundError):
            await sent_to(conn, loads, person, named="Nroth")
        assert person.heard == []


async def test_a_real_clinic_gets_recordings_when_somebody_who_was_told_agrees(
    pool: Pool, loads: list[DeviceLoad]
) -> None:
    async with pool.acquire() as conn:
        made = await add_organisation(conn, name="North", time_zone="UTC")
        await add_patient(conn, made.id, mrn="P1", given_name="Ann", family_name="Example")
        with pytest.raises(ReplayRefused, match="nothing has been sent"):
            await sent_to(conn, loads, Person(agrees=False), named="North")
        assert await conn.fetchval("SELECT count(*) FROM patients") == 1
        person = Person(agrees=True)
        assert await sent_to(conn, loads, person, named="North") == "North"
        (question,) = person.heard
        assert "Into 'North', in the system on DIR, would go 3 recorded readings" in question
        assert "2 patients with numbers REC-" in question
        # The recordings in it do not make it less real.
        assert await sent_to(conn, loads, person, named="North") == "North"
        assert len(person.heard) == 2


async def test_a_demonstration_asks_nobody(pool: Pool, loads: list[DeviceLoad]) -> None:
    async with pool.acquire() as conn:
        made = await add_organisation(conn, name="Demo", time_zone="UTC")
        await add_patient(conn, made.id, mrn="P1", given_name="Ann", family_name="Example")
        person = Person(agrees=False)
        assert await sent_to(conn, loads, person, system=DEMONSTRATION) == "Demo"
        assert person.heard == []
