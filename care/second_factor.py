"""The second proof of who somebody is: a code of an app, or one of a sheet; each works once."""

import datetime as dt
from enum import StrEnum
from typing import Final
from uuid import UUID

from asyncpg import Record
from msgspec import Struct

from care import one_time_codes
from care.errors import InvalidError, TakenError
from care.second_factor_secret import Seal
from care.secrets import fingerprint
from care.users import ABOUT_A_PATIENT, User, find_user
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "second_factors.sql")

CONFIRM_WITHIN: Final = dt.timedelta(minutes=30)
"""A secret that was shown and never confirmed is of no use after."""


class Need(StrEnum):
    """What somebody still owes whose password was right."""

    NOTHING = "nothing"
    CODE = "code"
    ENROLMENT = "enrolment"  # Their organisation wants a second factor, and they have none.


async def need_of(conn: Connection, user: User) -> Need:
    state = await conn.fetchrow(QUERIES["state"], user.organisation_id, user.id)
    if state is None or state["confirmed"]:
        return Need.CODE  # For somebody who is not there any more, no code is right.
    return Need.ENROLMENT if _required(state, user) else Need.NOTHING


class State(Struct, frozen=True, kw_only=True):
    """Of somebody's second factor, for themselves."""

    confirmed: bool
    required: bool
    """By their organisation."""
    spare_codes: int


async def state_of(conn: Connection, user: User) -> State:
    state = await conn.fetchrow(QUERIES["state"], user.organisation_id, user.id)
    return State(
        confirmed=state is not None and state["confirmed"],
        required=_required(state, user),
        spare_codes=await spare_codes_left(conn, user.id),
    )


async def has_second_factor(conn: Connection, organisation_id: UUID, user_id: UUID) -> bool:
    state = await conn.fetchrow(QUERIES["state"], organisation_id, user_id)
    return state is not None and state["confirmed"]


async def begin(conn: Connection, user: User, *, seal: Seal, now: dt.datetime) -> str:
    """A new secret, which counts for nothing until it is confirmed; one begun before is void.

    Raises TakenError for somebody who has a second factor already.
    """
    secret = one_time_codes.make_secret()
    begun = await conn.fetchval(
        QUERIES["begin"], user.organisation_id, user.id, seal.close(secret), now
    )
    if begun is None:
        raise TakenError("second_factor", "is set up already: remove that one first")
    return secret


async def secret_to_confirm(
    conn: Connection, user: User, *, seal: Seal, now: dt.datetime
) -> str | None:
    """The one that was begun; None where there is none, or it was too long ago."""
    kept = await conn.fetchrow(QUERIES["secret"], user.organisation_id, user.id)
    if kept is None or kept["confirmed_at"] is not None:
        return None
    return seal.open(kept["secret"]) if now < kept["created_at"] + CONFIRM_WITHIN else None


async def confirm(
    conn: Connection, user: User, typed: str, *, seal: Seal, now: dt.datetime
) -> list[str]:
    """A sheet of spare codes, shown this once; raises InvalidError for a wrong code, and for
    somebody who has a second factor TakenError, whatever the code: tries are not counted here.
    """
    kept = await conn.fetchrow(QUERIES["secret"], user.organisation_id, user.id)
    if kept is None or now >= kept["created_at"] + CONFIRM_WITHIN:
        raise InvalidError("code", "is of no use any more: begin again")
    if kept["confirmed_at"] is not None:
        raise TakenError("second_factor", "is set up already")
    code = one_time_codes.plain(typed)
    step = max(one_time_codes.steps_of(seal.open(kept["secret"]), code, now=now), default=None)
    if step is None:
        raise InvalidError(
            "code", "is not the one that the app shows now: look at the clock of your telephone"
        )
    async with conn.transaction():
        done = await conn.fetchval(QUERIES["confirm"], user.id, now, step, kept["secret"])
        if done is None:
            raise TakenError("second_factor", "is set up already")
        return await new_spare_codes(conn, user)


async def right_code(
    conn: Connection, user: User, typed: str, *, seal: Seal, now: dt.datetime
) -> bool:
    """Whether it proves who they are, now and this once: the same one never does again."""
    code = one_time_codes.plain(typed)
    if not one_time_codes.is_timed(code):
        used = await conn.fetchval(QUERIES["use_spare"], user.id, fingerprint(code), now)
        return used is not None
    kept = await conn.fetchrow(QUERIES["secret"], user.organisation_id, user.id)
    if kept is None:
        return False
    for step in one_time_codes.steps_of(seal.open(kept["secret"]), code, now=now):
        # One statement: of two who send it at once, one finds the step taken.
        if await conn.fetchval(QUERIES["use_step"], user.id, step) is not None:
            return True
    return False


async def new_spare_codes(conn: Connection, user: User) -> list[str]:
    """A new sheet, shown this once; the one before is void."""
    codes = one_time_codes.make_spare_codes()
    async with conn.transaction():
        await conn.execute(QUERIES["remove_spare"], user.id)
        kept = [(user.id, fingerprint(one_time_codes.plain(code))) for code in codes]
        await conn.executemany(QUERIES["add_spare"], kept)
    return codes


async def spare_codes_left(conn: Connection, user_id: UUID) -> int:
    left: int = await conn.fetchval(QUERIES["spare_left"], user_id)
    return left


async def remove_second_factor(conn: Connection, organisation_id: UUID, user_id: UUID) -> None:
    """Whoever calls has seen a proof, or administers the clinic: somebody lost their telephone."""
    user = await find_user(conn, organisation_id, user_id)
    async with conn.transaction():
        await conn.execute(QUERIES["remove_spare"], user.id)
        await conn.execute(QUERIES["remove"], organisation_id, user.id)


def _required(state: Record | None, user: User) -> bool:
    """Of the staff: nobody at home is kept out for want of an app."""
    if state is None or user.role in ABOUT_A_PATIENT:
        return False
    return bool(state["second_factor_required"])
