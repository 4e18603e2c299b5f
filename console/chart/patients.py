"""The list of patients: found by name or number, narrowed by what is open and what is missing.

A name that is looked for comes in the body of a form: addresses are kept by browsers and proxies.
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from care.enrolments import list_unfinished
from care.rules import Severity
from console.access import REGISTRARS
from console.chart.banner import WORST
from console.errors import BadRequest
from console.paging import decode_cursor, encode_cursor
from console.parts import CALLER, PARTS
from console.seen import seen
from console.web.formats import ago, born
from console.web.forms import form_of
from console.web.page import render
from store.pool import Connection
from store.queries import load

QUERIES: Final = load("console", "patient_list.sql")
PER_PAGE: Final = 50
WORDS_MOST: Final = 8
SEARCH_LONGEST: Final = 200
OPEN: Final[dict[str, int | None]] = {
    "": None, "any": 1, "medium": 2, "high": 3, "critical": 4,
}  # fmt: skip
"""`?open=`: at least so grave."""
SILENT: Final[dict[str, int | None]] = {"": None, "1": 1, "3": 3, "7": 7}
"""`?silent=`: no reading for so many days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list is narrowed to."""

    search: str = ""
    open: str = ""
    programme: str = ""
    silent: str = ""
    cursor: str | None = None

    @property
    def words(self) -> list[str]:
        """In small letters and without accents, as the query compares them."""
        plain = unicodedata.normalize("NFD", self.search.lower())
        bare = "".join(each for each in plain if not unicodedata.combining(each))
        return bare.replace(",", " ").split()[:WORDS_MOST]

    @property
    def narrowed(self) -> bool:
        return bool(self.search or self.open or self.programme or self.silent)

    def address(self, **changed: str) -> str:
        """Where a search within the same filters goes; without what is searched for."""
        kept = {"open": self.open, "programme": self.programme, "silent": self.silent, **changed}
        given = {name: value for name, value in kept.items() if value}
        return "/patients/search" + (f"?{urlencode(given)}" if given else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    id: UUID
    name: str
    mrn: str
    born: str
    alerts: int
    worst: Severity | None
    last: str | None
    """How long ago the last reading was taken."""
    days: int
    """With readings, of this month."""
    programmes: str


async def list_page(request: web.Request) -> web.Response:
    return await _answer(request, wanted(request))


async def search(request: web.Request) -> web.Response:
    """What was looked for, and the place in the list: both name people."""
    form = await form_of(request)
    typed = form.text("search")[:SEARCH_LONGEST]
    return await _answer(request, wanted(request, search=typed, cursor=form.given("cursor")))


def wanted(request: web.Request, *, search: str = "", cursor: str | None = None) -> Wanted:
    """Raises BadRequest for a filter that there is not."""
    query = request.query
    for name, words in (("open", OPEN), ("silent", SILENT)):
        if query.get(name, "") not in words:
            raise BadRequest(f"one of {', '.join(filter(None, words))}", pointer=f"/{name}")
    return Wanted(
        search=search,
        open=query.get("open", ""),
        programme=query.get("programme", "")[:64],
        silent=query.get("silent", ""),
        cursor=cursor,
    )


async def _answer(request: web.Request, by: Wanted) -> web.Response:
    caller, now = request[CALLER], request.app[PARTS].clock()
    async with request.app[PARTS].connection() as conn:
        found = await _found(conn, caller.organisation_id, by, now=now)
        programmes = await conn.fetch(QUERIES["programmes"], caller.organisation_id, now)
        unfinished = await list_unfinished(conn, caller.organisation_id)
    items = [listed(row, now=now) for row in found[:PER_PAGE]]
    seen(request, *(each.id for each in items))
    more = None
    if len(found) > PER_PAGE:
        last = found[PER_PAGE - 1]
        more = encode_cursor(last["family_name"], last["given_name"], last["id"])
    return render(
        request,
        "chart/patients.html",
        {
            "items": items,
            "by": by,
            "programmes": [(row["programme"], row["title"]) for row in programmes],
            "more": more,
            "may_add": caller.role in REGISTRARS,
            "unfinished": {each.patient_id for each in unfinished},
        },
    )


async def _found(
    conn: Connection, organisation_id: UUID, by: Wanted, *, now: dt.datetime
) -> list[dict[str, Any]]:
    place: tuple[Any, Any, Any] = (None, None, None)
    if by.cursor is not None:
        place = decode_cursor(by.cursor, tuple[str, str, UUID])
    days = SILENT[by.silent]
    rows = await conn.fetch(
        QUERIES["page"], organisation_id, now, by.words, OPEN[by.open], by.programme or None,
        None if days is None else now - dt.timedelta(days=days), *place, PER_PAGE + 1,
    )  # fmt: skip
    return [dict(row) for row in rows]


def listed(row: dict[str, Any], *, now: dt.datetime) -> Listed:
    last_at = row["last_at"]
    return Listed(
        id=row["id"],
        name=f"{row['family_name'].upper()}, {row['given_name']}",
        mrn=row["mrn"],
        born=born(row["birth_date"], today=now.date()),
        alerts=row["alerts"],
        worst=WORST[row["worst"] - 1] if row["worst"] else None,
        last=None if last_at is None else ago(last_at, now=now),
        days=row["days"],
        programmes=", ".join(row["programmes"]),
    )
