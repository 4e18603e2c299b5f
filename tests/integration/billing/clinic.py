"""A practice that bills: people, a payer, fees, patients, what they measured and what was done."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.entries import Work
from billing.time_log import add_entry
from care.registry import add_organisation, add_patient
from store.commit_batch import commit
from store.pool import Connection
from tests.rows import reading, row

ZONE: Final = ZoneInfo("America/New_York")
MINUTE: Final = dt.timedelta(minutes=1)
DAY: Final = dt.timedelta(days=1)
FEW: Final = 4
ENROLLED: Final = dt.date(2026, 9, 1)
NOW: Final = dt.datetime(2026, 11, 3, 15, tzinfo=dt.UTC)
"""When October is over and its readings are there."""
OCTOBER: Final = "2026-10"
NPI: Final = "1234567893"


def local(day: dt.date, hour: int = 9, minute: int = 0) -> dt.datetime:
    at = dt.datetime.combine(day, dt.time(hour, minute), ZONE)
    return at.astimezone(dt.UTC)


@dataclass
class Clinic:
    conn: Connection
    id: UUID
    payer: UUID
    practitioner: UUID
    people: dict[str, UUID]
    number: int = 0

    async def patient(
        self, family_name: str = "Able", *, member_id: str | None = "1EG4TE5MK73", **changes: Any
    ) -> UUID:
        """Enrolled in RPM with all that a line needs, unless it is said otherwise."""
        self.number += 1
        made = await add_patient(
            self.conn, self.id, mrn=f"M{self.number}", given_name="Ada", family_name=family_name,
            birth_date=dt.date(1950, 2, 3),
        )  # fmt: skip
        await self._around(made.id)
        await self.conn.execute(
            "INSERT INTO coverages (organisation_id, patient_id, payer, member_id, starts_on,"
            " recorded_at) VALUES ($1, $2, $3, $4, '2026-01-01', now())",
            self.id, made.id, changes.get("payer", self.payer), member_id,
        )  # fmt: skip
        if changes.get("enrolled", True):
            await self.enrol(made.id, **changes)
        return made.id

    async def _around(self, patient: UUID) -> None:
        since = local(ENROLLED, 8)
        for kind in ("monitoring", "billing"):
            await self.conn.execute(
                "INSERT INTO consents (organisation_id, patient_id, kind, method, given_at)"
                " VALUES ($1, $2, $3, 'verbal', $4)",
                self.id, patient, kind, since,
            )  # fmt: skip
        await self.conn.execute(
            "INSERT INTO orders (organisation_id, patient_id, ordered_by, npi, ordered_at,"
            " starts_at, diagnoses, kinds) VALUES ($1, $2, 'Maria Lopez', $3, $4, $4, '{I10}',"
            " '{blood_pressure}')",
            self.id, patient, NPI, since,
        )  # fmt: skip
        await self.conn.execute(
            "INSERT INTO episodes (organisation_id, patient_id, programme, starts_at)"
            " VALUES ($1, $2, 'hypertension', $3)",
            self.id, patient, since,
        )  # fmt: skip

    async def enrol(self, patient: UUID, **changes: Any) -> UUID:
        made: UUID = await self.conn.fetchval(
            "INSERT INTO service_enrolments (organisation_id, patient_id, episode_id, service,"
            " practitioner_id, starts_on, established_on, established_by, taught_on, taught_by,"
            " recorded_at, updated_at) SELECT $1, $2, e.id, $3, $4, $5, '2026-08-01',"
            " 'Maria Lopez', $6, 'Ana Diaz', now(), now() FROM episodes e WHERE e.patient_id = $2"
            " RETURNING id",
            self.id, patient, changes.get("service", "rpm"),
            changes.get("practitioner", self.practitioner), changes.get("starts_on", ENROLLED),
            changes.get("taught_on", ENROLLED),
        )  # fmt: skip
        return made

    async def measured(
        self,
        patient: UUID,
        first: dt.date,
        days: int,
        *,
        received: dt.datetime | None = None,
        **changes: Any,
    ) -> None:
        """One reading a day, at nine; they arrive within four days, or when it is said."""
        told = {name: changes[name] for name in ("flags", "profile") if name in changes}
        device = f"A0:B1:C2:00:00:{int(patient.hex[:2], 16):02X}"
        for start in range(0, days, FEW):
            some = [first + number * DAY for number in range(start, min(start + FEW, days))]
            rows = [
                row(
                    reading(measured_at=local(day), device=device, **told),
                    organisation_id=self.id,
                    patient_id=patient,
                    device_id=UUID(int=77),
                    local_day=day,
                )
                for day in some
            ]
            await commit(self.conn, rows, received_at=received or local(some[-1], 10))

    async def worked(
        self,
        patient: UUID,
        start: dt.datetime,
        minutes: float,
        *,
        who: str = "nurse",
        now: dt.datetime | None = None,
        **changes: Any,
    ) -> UUID:
        """A live call with the patient, unless it is said otherwise."""
        work = {"activity": "call", "mode": "live_phone", "with_whom": "patient", **changes}
        options = {
            name: work.pop(name) for name in ("reason", "late_for_locked_month") if name in work
        }
        ends = start + minutes * MINUTE
        made = await add_entry(
            self.conn, self.id, patient, actor=self.people[who], work=Work(**work),
            spans=((start, ends),), now=now or ends, **options,
        )  # fmt: skip
        return made.id

    async def billable(self, family_name: str = "Able") -> UUID:
        """A patient who has all in October: 20 days, 25 minutes, a conversation."""
        patient = await self.patient(family_name)
        await self.measured(patient, dt.date(2026, 9, 2), 28)
        await self.measured(patient, dt.date(2026, 10, 2), 20)
        offset = self.number * dt.timedelta(hours=1)
        await self.worked(patient, local(dt.date(2026, 10, 5)) + offset, 25)
        return patient


async def founded(conn: Connection, name: str = "north") -> Clinic:
    """An organisation of its own, with people who work there."""
    whose = (await add_organisation(conn, name=name, time_zone=ZONE.key)).id
    people = {
        role: await conn.fetchval(
            "INSERT INTO users (organisation_id, username, password_hash, role, display_name)"
            " VALUES ($1, $2, '-', $3, $4) RETURNING id",
            whose, f"{role}.{name}", role.rstrip("2"), f"The {role}",
        )
        for role in ("nurse", "clinician", "biller", "biller2", "admin")
    }  # fmt: skip
    return await _billing(conn, whose, people)


async def of_practice(conn: Connection, whose: UUID, username: Callable[[str], str]) -> Clinic:
    """An organisation that is there, with a user of each role."""
    people = {
        role: await conn.fetchval("SELECT id FROM users WHERE username = $1", username(role))
        for role in ("nurse", "clinician", "biller", "admin")
    }
    return await _billing(conn, whose, people)


async def _billing(conn: Connection, whose: UUID, people: dict[str, UUID]) -> Clinic:
    payer = await conn.fetchval(
        "INSERT INTO payers (organisation_id, key, name, payer_id, authority, created_at,"
        " updated_at) VALUES ($1, 'medicare_ffs', 'Medicare', '12345', 'medicare', now(), now())"
        " RETURNING id",
        whose,
    )
    practitioner = await conn.fetchval(
        "INSERT INTO practitioners (organisation_id, family_name, given_name, npi, credential,"
        " created_at) VALUES ($1, 'Lopez', 'Maria', $2, 'MD', now()) RETURNING id",
        whose, NPI,
    )  # fmt: skip
    schedule = await conn.fetchval(
        "INSERT INTO fee_schedules (organisation_id, name, effective_from, version, sha256,"
        " imported_at) VALUES ($1, 'test', '2026-01-01', 1, '', now()) RETURNING id",
        whose,
    )
    for code, amount in (("99453", "21.71"), ("99445", "52.11"), ("99454", "52.11"),
                         ("99470", "26.05"), ("99457", "51.77"), ("99458", "41.42")):  # fmt: skip
        await conn.execute(
            "INSERT INTO fees (schedule_id, organisation_id, code, amount, charge)"
            " VALUES ($1, $2, $3, $4::text::numeric, ($4::text::numeric * 2))",
            schedule, whose, code, amount,
        )  # fmt: skip
    return Clinic(conn, whose, payer, practitioner, people)
