"""Whom a patient lets look along: invitations by a code that works once, and their end.

An invitation is a promise to a person whom nobody here knows yet: whoever brings the code makes an
account that sees this one patient and nothing else. The patient can end it at any time.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
from care.errors import NotFoundError, RefusedError, TakenError
from care.secrets import fingerprint
from care.users import add_user, disable_user
from store.pool import Connection
from store.queries import load
from store.schema import RELATIONS, SELF

QUERIES: Final = load("care", "invitations.sql")

GOOD_FOR: Final = dt.timedelta(days=7)
MOST_WAITING: Final = 10
"""Invitations of one patient that nobody has used yet."""
CODE_BYTES: Final = 10
"""80 bits, sixteen characters: short enough to be read out, and guessed by nobody."""
_GROUP: Final = 4


class Invited(Struct, frozen=True, kw_only=True):
    """What is shown once."""

    id: UUID
    code: str
    expires_at: dt.datetime


class Invitation(Struct, frozen=True, kw_only=True):
    """What the person who brings the code may know: no more of the patient than a first name."""

    id: UUID
    organisation_id: UUID
    patient_id: UUID
    name: str
    """Of the person who is invited."""
    relation: str
    inviter: str
    """`patient` or `staff`."""
    expires_at: dt.datetime
    patient_name: str
    language: str
    organisation: str
    time_zone: str
    """The clinic's."""

    @property
    def own(self) -> bool:
        """It is the patient's own, and makes the patient's account."""
        return self.relation == SELF


class Waiting(Struct, frozen=True, kw_only=True):
    """Made, and not used yet."""

    id: UUID
    name: str
    relation: str
    inviter: str
    created_at: dt.datetime
    expires_at: dt.datetime


class Caregiver(Struct, frozen=True, kw_only=True):
    """Somebody at home who can see a patient's readings now."""

    id: UUID
    username: str
    display_name: str
    name: str | None
    relation: str | None
    """As the invitation had them; None where the clinic made the account."""
    created_at: dt.datetime
    last_seen_at: dt.datetime | None

    @property
    def called(self) -> str:
        return self.name or self.display_name or self.username


async def invite(  # noqa: PLR0913 (what an invitation says, each by name)
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    name: str,
    relation: str,
    by_patient: bool,
    actor: UUID | None,
    now: dt.datetime,
    proof: str | None = None,
) -> Invited:
    """The code, shown this once. Raises InvalidError, NotFoundError, TakenError for too many.

    `proof`: a secret that only one form of one session has. Whoever presses its button four times
    has made one invitation, and is shown the same code each time.
    """
    whom = fields.text("name", name)
    what = fields.one_of("relation", relation, RELATIONS)
    code, until = make_code(), now + GOOD_FOR
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        if proof is not None:
            # Of this patient: who invites for two under one key has made two.
            same = code_of(proof, str(patient_id), whom, what)
            row = await conn.fetchrow(
                QUERIES["of_code"], organisation_id, patient_id, fingerprint(same), now
            )
            if row is not None and row["open"]:
                return Invited(id=row["id"], code=same, expires_at=row["expires_at"])
            code = code if row is not None else same
        waiting = await conn.fetchval(QUERIES["open_count"], organisation_id, patient_id, now)
        if waiting >= MOST_WAITING:
            raise TakenError("name", f"{MOST_WAITING} invitations wait already: take one back")
        made = await conn.fetchval(
            QUERIES["add"], organisation_id, patient_id, fingerprint(code), whom, what, actor,
            "patient" if by_patient else "staff", now, until,
        )  # fmt: skip
        await note_change(
            conn, organisation_id, patient_id, "caregiver invited", actor=actor, now=now,
            invitation=made, relation=what, expires_at=until,
        )  # fmt: skip
    return Invited(id=made, code=code, expires_at=until)


async def find_invitation(conn: Connection, code: str, *, now: dt.datetime) -> Invitation:
    """By its code; raises RefusedError, the same for one that never was, is over, or was used."""
    record = await conn.fetchrow(QUERIES["by_code"], fingerprint(normal(code)), now)
    if record is None:
        raise RefusedError("code", "is not, or no longer, good")
    return Invitation(**record)


async def accept(
    conn: Connection,
    invitation: Invitation,
    *,
    name: str,
    username: str,
    password: str,
    language: str,
    now: dt.datetime,
) -> UUID:
    """The account of the person who was invited. Of two at once one gets it, the other
    RefusedError. Raises InvalidError and TakenError for what they typed: then it is still good.
    """
    whose, called = invitation.organisation_id, fields.text("name", name)
    async with conn.transaction():
        if invitation.own:
            await _has_none(conn, invitation)
        held = await conn.fetchval(QUERIES["hold"], whose, invitation.id, now)
        if held is None:
            raise RefusedError("code", "is not, or no longer, good")
        user = await add_user(
            conn, whose, username=username, password=password,
            role="patient" if invitation.own else "caregiver", patient_id=invitation.patient_id,
        )  # fmt: skip
        kept = msgspec.json.encode({"language": language}).decode()
        await conn.execute(QUERIES["name"], whose, user.id, called, kept)
        await conn.execute(QUERIES["use"], whose, invitation.id, now, user.id)
        await note_change(
            conn, whose, invitation.patient_id,
            "patient joined" if invitation.own else "caregiver joined", actor=user.id, now=now,
            invitation=invitation.id, relation=invitation.relation,
        )  # fmt: skip
    return user.id


async def _has_none(conn: Connection, invitation: Invitation) -> None:
    """A patient has one account: raises RefusedError where one was made meanwhile."""
    whose = invitation.organisation_id, invitation.patient_id
    await lock_patient(conn, *whose)
    if await conn.fetchrow(QUERIES["own_account"], *whose) is not None:
        raise RefusedError("code", "is not, or no longer, good")


async def list_waiting(
    conn: Connection, organisation_id: UUID, patient_id: UUID, *, now: dt.datetime
) -> list[Waiting]:
    records = await conn.fetch(QUERIES["waiting"], organisation_id, patient_id, now)
    return [Waiting(**record) for record in records]


async def list_caregivers(
    conn: Connection, organisation_id: UUID, patient_id: UUID
) -> list[Caregiver]:
    records = await conn.fetch(QUERIES["caregivers"], organisation_id, patient_id)
    return [Caregiver(**record) for record in records]


async def withdraw(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    invitation_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """One that waits is good no more; raises NotFoundError."""
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        name = await conn.fetchval(
            QUERIES["withdraw"], organisation_id, patient_id, invitation_id, now, actor
        )
        if name is None:
            raise NotFoundError("invitation", "there is none that waits")
        await note_change(
            conn, organisation_id, patient_id, "invitation withdrawn", actor=actor, now=now,
            invitation=invitation_id,
        )  # fmt: skip


async def shut_out(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    user_id: UUID,
    *,
    actor: UUID | None,
    now: dt.datetime,
) -> None:
    """A caregiver of this patient sees nothing from now on: every session of theirs ends."""
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        username = await conn.fetchval(QUERIES["caregiver"], organisation_id, patient_id, user_id)
        if username is None:
            raise NotFoundError("caregiver", "there is none")
        await disable_user(conn, organisation_id, username, now=now)
        await conn.execute(
            QUERIES["mark_revoked"], organisation_id, patient_id, user_id, now, actor
        )
        await note_change(
            conn, organisation_id, patient_id, "caregiver shut out", actor=actor, now=now,
            user=user_id,
        )  # fmt: skip


def make_code() -> str:
    """`K7QD-2M4A-7YQX-33BF`."""
    return normal(base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode())


def code_of(proof: str, *said: str) -> str:
    """The one code of what was said in one form: as hard to guess as the secret is."""
    key, text = proof.encode(), "\0".join(said).encode()
    made = hmac.new(key, b"invitation\0" + text, hashlib.sha256).digest()[:CODE_BYTES]
    return normal(base64.b32encode(made).decode())


def normal(typed: str) -> str:
    """As it was made, from what somebody typed after a telephone call."""
    plain = "".join(each for each in typed.upper() if each.isalnum())[:64]
    return "-".join(plain[at : at + _GROUP] for at in range(0, len(plain), _GROUP))
