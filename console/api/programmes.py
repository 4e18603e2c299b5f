"""Programmes that plans can be made of. They are registered by command: they belong to the whole
installation, which no organisation's administrator may speak for.
"""

import datetime as dt
from typing import Final

from aiohttp import web
from msgspec import Struct

from care.programme import Programme
from care.programmes import Known, find_programme, list_programmes
from console.errors import BadRequest
from console.parts import PARTS
from console.replies import reply

DIGITS_MOST: Final = 9


class ProgrammeLine(Struct, frozen=True, kw_only=True):
    id: str
    version: int
    title: str
    about: str
    signed_off_by: str
    """Empty: only suggested, to be signed off by the programme's clinical lead."""
    shipped: bool
    registered_at: dt.datetime | None
    """None for a shipped one that no plan has used yet."""


class ProgrammesAnswer(Struct, frozen=True, kw_only=True):
    items: list[ProgrammeLine]


class ProgrammeAnswer(Struct, frozen=True, kw_only=True):
    line: ProgrammeLine
    programme: Programme


async def list_all(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        found = await list_programmes(conn)
    return reply(ProgrammesAnswer(items=[_line(each) for each in found]))


async def get_one(request: web.Request) -> web.Response:
    version = request.query.get("version")
    if version is not None and not (
        version.isascii() and version.isdecimal() and len(version) <= DIGITS_MOST
    ):
        raise BadRequest("a whole number", pointer="/version")
    async with request.app[PARTS].connection() as conn:
        found = await find_programme(
            conn, request.match_info["id"], None if version is None else int(version)
        )
    return reply(ProgrammeAnswer(line=_line(found), programme=found.programme))


def _line(known: Known) -> ProgrammeLine:
    programme = known.programme
    return ProgrammeLine(
        id=programme.id,
        version=programme.version,
        title=programme.title,
        about=programme.about,
        signed_off_by=programme.signed_off_by,
        shipped=known.shipped,
        registered_at=known.registered_at,
    )
