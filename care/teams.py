"""Who looks after a patient, in which role, from when until when: escalation asks here first."""

import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from msgspec import Struct

from care import fields
from care.changes import lock_patient, note_change
from care.errors import InvalidError, NotFoundError, TakenError
from care.spans import ends_after, meets
from store.pool import Connection
from store.queries import load
from store.schema import TEAM_ROLES

QUERIES: Final = load("care", "teams.sql")


class Member(Struct, frozen=True, kw_only=True):
    id: UUID
    user_id: UUID
    username: str
    display_name: str
    role: str
    """In this team: nurse, clinician or admin."""
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    created_by: UUID | None

    @property
    def name(self) -> str:
        return self.display_name or self.username


async def add_member(  # noqa: PLR0913 - a row's fields, by keyword
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    *,
    user_id: UUID,
    role: str | None = None,
    starts_at: dt.datetime,
    ends_at: dt.datetime | None = None,
    actor: UUID | None,
    now: dt.datetime,
) -> Member:
    """`role` is that of the account, unless it is an admin's, who may stand in for any.

    Raises TakenError where the person has that role already at any time of the span.
    """
    ends_after("ends_at", ends_at, starts_at)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        wanted = await _role(conn, organisation_id, user_id, role)
        for each in await list_team(conn, organisation_id, patient_id):
            if (each.user_id, each.role) == (user_id, wanted) and meets(
                (starts_at, ends_at), (each.starts_at, each.ends_at)
            ):
                raise TakenError("user", f"{each.username} is in the team as {wanted} already")
        made = await conn.fetchval(
            QUERIES["add"], organisation_id, patient_id, user_id, wanted, starts_at, ends_at, actor
        )
        await note_change(
            conn, organisation_id, patient_id, "team member added", actor=actor, now=now,
            member=made, user=user_id, role=wanted, starts_at=starts_at, ends_at=ends_at,
        )  # fmt: skip
        return _one(await list_team(conn, organisation_id, patient_id), made)


async def remove_member(
    conn: Connection,
    organisation_id: UUID,
    patient_id: UUID,
    member_id: UUID,
    *,
    ends_at: dt.datetime,
    reason: str = "",
    actor: UUID | None,
    now: dt.datetime,
) -> Member:
    """End a membership; that it was stays on record."""
    why = fields.text("reason", reason, needed=False)
    async with conn.transaction():
        await lock_patient(conn, organisation_id, patient_id)
        member = _one(await list_team(conn, organisation_id, patient_id), member_id)
        if member.ends_at is not None and member.ends_at <= now:
            raise InvalidError("member", "has left the team already")
        ends_after("ends_at", ends_at, member.starts_at)
        await conn.execute(QUERIES["end"], member_id, ends_at)
        await note_change(
            conn, organisation_id, patient_id, "team member removed", actor=actor, now=now,
            reason=why, member=member_id, user=member.user_id, role=member.role, ends_at=ends_at,
        )  # fmt: skip
        return _one(await list_team(conn, organisation_id, patient_id), member_id)


async def list_team(conn: Connection, organisation_id: UUID, patient_id: UUID) -> list[Member]:
    """Those who left too, in the order in which they came."""
    records = await conn.fetch(QUERIES["list"], organisation_id, patient_id)
    return [Member(**record) for record in records]


async def _role(conn: Connection, organisation_id: UUID, user_id: UUID, role: str | None) -> str:
    account = await conn.fetchrow(QUERIES["account"], organisation_id, user_id)
    if account is None:
        raise NotFoundError("user", f"there is no user {user_id}")
    if account["disabled_at"] is not None:
        raise InvalidError("user", "cannot sign in any more")
    if account["role"] not in TEAM_ROLES:
        raise InvalidError("user", f"is a {account['role']}: teams are of {', '.join(TEAM_ROLES)}")
    wanted = fields.one_of("role", role or account["role"], TEAM_ROLES)
    if wanted != account["role"] and account["role"] != "admin":
        raise InvalidError("role", f"is not this person's, who is a {account['role']}")
    return wanted


def _one(members: Iterable[Member], member_id: UUID) -> Member:
    for each in members:
        if each.id == member_id:
            return each
    raise NotFoundError("member", f"there is no member {member_id} in this team")
