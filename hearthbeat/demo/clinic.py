"""The demonstration clinic in the register: made at the first start, found again at the next."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from care.errors import NotFoundError
from care.patients import Patient
from care.registry import (
    add_device,
    add_gateway,
    add_organisation,
    add_patient,
    assign,
    broker_accounts,
    enrol,
    find_device,
    find_patient,
    issue_code,
    list_assignments,
    list_gateways,
    list_organisations,
    list_users,
)
from care.secrets import matches
from care.udis import state_udi
from hearthbeat.demo import keepsakes, names, past, past_plan, roster, staff
from hearthbeat.demo.care_given import give_care, make_reachable
from hearthbeat.demo.homes_plan import SEED, HomePlan
from hearthbeat.demo.keepsakes import Keepsakes
from hearthbeat.running import SignIn
from simulator.household import DevicePlan, Household, birth_date, households
from simulator.people import Trouble
from simulator.people_cast import Character, cast
from simulator.traits import made_up_udi
from store.pool import Connection, connect

CLINIC: Final = "Demonstration clinic"
PHONE: Final = "+1 202 555 0199"
SPARE: Final = "spare-1"
"""A gateway that stands on no shelf: for trying things by hand."""
SHOWN: Final = 6
"""Of the cast: whose page the patient's sign-in opens."""
SINCE: Final = dt.timedelta(days=400)
"""Since when everybody has had their devices, counted from the first start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What the rest of the system needs to know of it."""

    users: dict[str, SignIn]
    gateway: SignIn
    """The spare one."""
    homes: tuple[HomePlan, ...]
    without_past: int = 0
    """Patients whose past is still to be made."""


async def prepared(
    database: str,
    kept_in: Path,
    *,
    homes: int,
    time_zone: str,
    now: dt.datetime,
    patients: int = 0,
) -> Demonstration:
    """The clinic, with at least so many homes and patients. What is there stays as it is."""
    kept = keepsakes.load(kept_in)
    conn = await connect(database, application_name="hearthbeat demonstration")
    try:
        clinic = _Clinic(conn, await _organisation(conn, time_zone), kept, time_zone, now)
        plans = [await clinic.home(home) for home in households(SEED, count=homes)]
        await clinic.enter(cast(past_plan.SEED, patients))
        spare = await clinic.gateway(SPARE, label="for trying things by hand")
        users = await clinic.users()
        await clinic.care()
        without_past = await clinic.without_past()
    finally:
        await conn.close()
        # Also when it failed half-way: what the database has hashes of must not be forgotten.
        keepsakes.save(kept, kept_in)
    return Demonstration(
        users=users,
        without_past=without_past,
        gateway=SignIn(username=SPARE, password=spare),
        homes=tuple(
            HomePlan(number=number, gateway=gateway, secret=secret, time_zone=time_zone)
            for number, (gateway, secret) in enumerate(plans, start=1)
        ),
    )


async def _organisation(conn: Connection, time_zone: str) -> UUID:
    for organisation in await list_organisations(conn):
        if organisation.name == CLINIC:
            return organisation.id
    return (await add_organisation(conn, name=CLINIC, time_zone=time_zone)).id


class _Clinic:
    """Adds what is missing."""

    def __init__(
        self, conn: Connection, whose: UUID, kept: Keepsakes, time_zone: str, now: dt.datetime
    ) -> None:
        self._conn = conn
        self._whose = whose
        self._kept = kept
        self._time_zone = time_zone
        self._now = now
        self._patients: list[Patient] = []
        self._troubles: dict[UUID, Trouble] = {}
        self._shown: UUID | None = None
        """Whose page the patient's sign-in opens."""
        self._with_past: list[UUID] = []

    async def home(self, home: Household) -> tuple[str, str]:
        """Its people, devices and gateway; the gateway's id and secret."""
        secret = await self.gateway(home.gateway, label="simulated home")
        patients = {}
        for person in home.people:
            given, family = names.name(key=person.key, home=home.gateway, sex=person.sex)
            patients[person.key] = await self._patient(
                mrn=person.key.upper(),
                given=given,
                family=family,
                born=birth_date(person, today=self._now.date()),
            )
            self._troubles[patients[person.key].id] = person.trouble
        for plan in home.devices:
            await self._device(plan, gateway=home.gateway, patients=patients)
        self._patients += patients.values()
        return home.gateway, secret

    async def gateway(self, id_: str, *, label: str) -> str:
        """Its secret: the one kept here, where the clinic knows it; else a new one."""
        if id_ not in {one.id for one in await list_gateways(self._conn, self._whose)}:
            await add_gateway(
                self._conn, self._whose, gateway_id=id_, label=label, time_zone=self._time_zone
            )
        known = (await broker_accounts(self._conn)).get(id_)
        secret = self._kept.gateways.get(id_)
        if secret is None or known is None or not matches(secret, known):
            code = await issue_code(self._conn, self._whose, id_, now=self._now)
            secret = (await enrol(self._conn, code, now=self._now)).secret
            self._kept.gateways[id_] = secret
        return secret

    async def enter(self, characters: Sequence[Character]) -> None:
        """The people with a past: hearthbeat.demo.past makes it."""
        if not characters:
            return
        entered = await roster.enter(
            self._conn, self._whose, characters, self._kept,
            anchor=await past.began(self._conn, self._whose), now=self._now,
        )  # fmt: skip
        self._shown = entered[min(SHOWN, len(characters))]
        self._with_past = list(entered.values())

    async def without_past(self) -> int:
        """Of those who are to have one, how many have none yet."""
        made = await self._conn.fetch(roster.QUERIES["made"], self._whose, self._with_past)
        return len(self._with_past) - len(made)

    async def users(self) -> dict[str, SignIn]:
        """One for each role, and a second nurse."""
        first = self._patients[0].id if self._patients else None
        await self._conn.execute(roster.QUERIES["clinic reached"], self._whose, PHONE)
        return await staff.signed_up(
            self._conn, self._whose, self._kept, patient=self._shown or first, now=self._now
        )

    async def care(self) -> None:
        """A plan and a team for everybody with a trouble."""
        people = await list_users(self._conn, self._whose)
        nurse = next(user.id for user in people if user.username == "nurse")
        await give_care(
            self._conn, self._whose, self._troubles, nurse=nurse,
            consented_at=self._now - SINCE - dt.timedelta(hours=1), now=self._now,
        )  # fmt: skip
        told = [user.id for user in people if user.role in staff.REACHED]
        await make_reachable(self._conn, self._whose, told, now=self._now)

    async def _patient(self, *, mrn: str, given: str, family: str, born: dt.date) -> Patient:
        try:
            return await find_patient(self._conn, self._whose, mrn)
        except NotFoundError:
            return await add_patient(
                self._conn,
                self._whose,
                mrn=mrn,
                given_name=given,
                family_name=family,
                birth_date=born,
                time_zone=self._time_zone,
            )

    async def _device(
        self, plan: DevicePlan, *, gateway: str, patients: dict[str, Patient]
    ) -> None:
        try:
            device = await find_device(self._conn, self._whose, plan.address)
        except NotFoundError:
            device = await add_device(
                self._conn,
                self._whose,
                address=plan.address,
                profile=plan.profile,
                label=plan.label,
                serial=plan.serial,
                passkey=None if plan.passkey is None else f"{plan.passkey:06}",
                gateway_id=gateway,
            )
            await state_udi(
                self._conn,
                self._whose,
                device.id,
                made_up_udi(plan.profile, plan.serial),
                actor=None,
                now=self._now,
            )
        if await list_assignments(self._conn, self._whose, device_id=device.id):
            return
        since = self._now - SINCE
        await self._conn.execute(roster.QUERIES["registered"], self._whose, device.id, since)
        for slot, key in plan.slots.items():
            await assign(
                self._conn,
                self._whose,
                device_id=device.id,
                patient_id=patients[key].id,
                user_slot=slot or None,
                starts_at=since,
                reason="demonstration",
            )
