"""A patient's own account: staff invite, the patient chooses user name and password.

It is an invitation as caregivers have it, of the relation `self`. A patient has one account, and
one invitation that is good: the newest.
"""

import datetime as dt
from typing import Final
from uuid import UUID

from msgspec import Struct

from care.changes import lock_patient, note_change
from care.errors import TakenError
from care.fields import TEXT_MAX
from care.invitations import GOOD_FOR, QUERIES, Invited, code_of, make_code
from care.patients import find_patient
from care.secrets import fingerprint
from store.pool import Connection
from store.schema import SELF

HAS_ONE: Final = "the patient has an account already"


class Own(Struct, frozen=True, kw_only=True):
    """The account of the patient themself."""

    id: UUID
    username: str
    created_at: dt.datetime
    disabled_at: dt.datetime | None


class OwnWaiting(Struct, frozen=True, kw_only=True):
    """The patient was invited, and has not come yet."""

    id: UUID
    created_at: dt.datetime
    expires_at: dt.datetime


class OwnAccount(Struct, frozen=True, kw_only=True):
    account: Own | None
    waiting: OwnWaiting | None


async def own_account(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, now: dt.datetime
) -> OwnAccount:
    """How far the patient has come to pages of their own."""
    account = await conn.fetchrow(QUERIES["own_account"], organisation_id, patient_id)
    waiting = await conn.fetchrow(QUERIES["own_waiting"], organisation_id, patient_id, now)
    return OwnAccount(
        account=None if account is None else Own(**account),
        waiting=None if waiting is None else OwnWaiting(**waiting),
    )


async def invite_patient(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
    proof: str | None = None,
) -> Invited:
    """The code, shown this once; one made before is good no more. `proof` as `invite` takes it.

    Raises NotFoundError, and TakenError for a patient who has an account, be it a disabled one.
    """
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        if await conn.fetchrow(QUERIES["own_account"], organisation_id, patient_id) is not None:
            raise TakenError("account", HAS_ONE)
        code, until = make_code(), now + GOOD_FOR
        if proof is not None:
            same = code_of(proof, str(patient_id), SELF)
            row = await conn.fetchrow(
                QUERIES["of_code"], organisation_id, patient_id, fingerprint(same), now
            )
            if row is not None and row["open"]:
                return Invited(id=row["id"], code=same, expires_at=row["expires_at"])
            code = code if row is not None else same
        await conn.execute(QUERIES["replace_own"], organisation_id, patient_id, now, actor)
        patient = await find_patient(conn, organisation_id, patient_id)
        called = f"{patient.given_name} {patient.family_name}"[:TEXT_MAX].strip()
        made = await conn.fetchval(
            QUERIES["add"], organisation_id, patient_id, fingerprint(code),
            called, SELF, actor, "staff", now, until,
        )  # fmt: skip
        await note_change(
            conn, organisation_id, patient_id, "patient invited", actor=actor, now=now,
            invitation=made, expires_at=until,
        )  # fmt: skip
    return Invited(id=made, code=code, expires_at=until)
