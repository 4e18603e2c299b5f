"""A change that is asked for around a patient: whose, what, by whom and when."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from aiohttp import web
from msgspec import Struct

from console.api.patient_in_path import patient_in_path
from console.bodies import read
from console.parts import CALLER, PARTS
from store.pool import Connection

T = TypeVar("T", bound=Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Generic[T]):
    conn: Connection
    organisation_id: UUID
    patient_id: UUID
    typed: T
    """The body."""
    actor: UUID
    now: dt.datetime


@asynccontextmanager
async def asked(
    request: web.Request, kind: type[T], *, bytes_max: int = 16 * 1024
) -> AsyncIterator[Asked[T]]:
    """The patient first: who asks for another's gets 404, whatever the body is.

    No connection is held while the body drips in.
    """
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    typed = await read(request, kind, bytes_max=bytes_max)
    async with parts.connection() as conn:
        yield Asked(
            conn=conn,
            organisation_id=caller.organisation_id,
            patient_id=patient_id,
            typed=typed,
            actor=caller.user_id,
            now=parts.clock(),
        )
