"""Programmes that plans can be made of: those that ship with Hearthbeat, and the clinic's own.

A version, once registered or in use, never changes: plans and alerts name it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec
from msgspec import Struct

from care.errors import NotFoundError, TakenError
from care.faults import listed, meant
from care.programme import Programme
from care.programme_files import canonical, digest, parse
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("care", "programmes.sql")


class Known(Struct, frozen=True, kw_only=True):
    """A version of a programme that may be used."""

    programme: Programme
    digest: bytes
    shipped: bool
    registered_at: dt.datetime | None
    """None for a shipped one that no plan has used yet."""

    @property
    def key(self) -> tuple[str, int]:
        return self.programme.id, self.programme.version


@cache
def shipped() -> tuple[Programme, ...]:
    """The programmes in this package's `programmes/*.toml`, by id."""
    found = sorted(
        (each for each in files("care").joinpath("programmes").iterdir()
         if each.name.endswith(".toml")),
        key=lambda each: each.name,
    )  # fmt: skip
    return tuple(parse(each.read_text(encoding="utf-8"), name=each.name) for each in found)


async def list_programmes(conn: Connection) -> list[Known]:
    """Every version, by id and number. What the database has under a name is what holds."""
    known = {each.key: each for each in _shipped()}
    for record in await conn.fetch(QUERIES["list"]):
        key = (record["id"], record["version"])
        known[key] = _of_record(dict(record), shipped=key in known)
    return [known[key] for key in sorted(known)]


async def find_programme(conn: Connection, programme_id: str, version: int | None = None) -> Known:
    """That version, or the newest one. Raises NotFoundError, saying what there is."""
    known = await list_programmes(conn)
    versions = [each for each in known if each.programme.id == programme_id]
    if not versions:
        ids = _ids(known)
        raise NotFoundError(
            "programme",
            f"there is none called {programme_id!r}: {listed(ids)}{meant(programme_id, ids)}",
        )
    if version is None:
        return versions[-1]
    for each in versions:
        if each.programme.version == version:
            return each
    there = listed(str(each.programme.version) for each in versions)
    raise NotFoundError("version", f"{programme_id} has no version {version}: {there}")


async def register(conn: Connection, programme: Programme) -> Known:
    """Make it usable, and keep it for good. The same content again changes nothing.

    Raises TakenError where that id and version already say something else.
    """
    theirs = digest(programme)
    for each in _shipped():
        if each.key == (programme.id, programme.version) and each.digest != theirs:
            raise _taken(programme)
    kept = await conn.fetchrow(
        QUERIES["add"],
        programme.id,
        programme.version,
        programme.title,
        canonical(programme).decode(),
        theirs,
    )
    if kept is None:
        # Somebody else's transaction has just added it: only now can it be seen.
        kept = await conn.fetchrow(QUERIES["one"], programme.id, programme.version)
    if kept is None or kept["digest"] != theirs:
        raise _taken(programme)
    return await find_programme(conn, programme.id, programme.version)


@cache
def _shipped() -> tuple[Known, ...]:
    return tuple(
        Known(programme=each, digest=digest(each), shipped=True, registered_at=None)
        for each in shipped()
    )


def _of_record(record: Mapping[str, Any], *, shipped: bool) -> Known:
    return Known(
        programme=msgspec.json.decode(record["body"], type=Programme),
        digest=record["digest"],
        shipped=shipped,
        registered_at=record["created_at"],
    )


def _ids(known: Iterable[Known]) -> list[str]:
    return sorted({each.programme.id for each in known})


def _taken(programme: Programme) -> TakenError:
    return TakenError(
        "version",
        f"{programme.id} {programme.version} says something else already, and plans may rest on "
        f"it: give the new content a new number",
    )
