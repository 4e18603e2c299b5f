"""The queue as a page lists it, made once for all who ask for the same at the same time."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web
from markupsafe import Markup

from console.api import queue_filters
from console.api.queue_filters import Filter
from console.api.queue_standing import QUERIES as STANDING
from console.api.queue_standing import Listing, read_listing, search
from console.parts import CALLER, PARTS
from console.queue.facts import Item, Row
from console.queue.read import NEWEST, read_rows
from console.queue.view import RowView, row_view
from console.together import TOGETHER
from console.web.templates import environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """As it was at one moment, and the same for whoever may see it."""

    now: dt.datetime
    last: int
    """The newest event that is in it: what comes after it is told by the stream."""
    listing: Listing
    rows: Sequence[RowView]
    patients: frozenset[UUID]
    programmes: Sequence[str]
    _written: dict[str, Markup] = field(default_factory=dict)

    def written(self, me: str, words: Mapping[str, Any]) -> Markup:
        """The rows as a page has them: written once for all who look at none of them."""
        looks = me if any(row.looker_id == me for row in self.rows) else ""
        if looks not in self._written:
            template = environment().get_template("queue/rows.html")
            text = template.render(rows=self.rows, left_out=[], me=looks, **words)
            self._written[looks] = Markup(text)  # noqa: S704 - the template has escaped it
        return self._written[looks]


async def listed(request: web.Request, wanted: Filter, *, searched: str) -> Listed:
    caller = request[CALLER]

    async def make() -> Listed:
        return await _read(request, wanted, searched)

    # A search, and a filter of what is somebody's own, are for nobody else.
    own = caller.user_id if wanted.who or searched else None
    return await request.app[TOGETHER].get((caller.organisation_id, wanted, own, searched), make)


def views_of(
    found: Sequence[Row], wanted: Filter, *, zone: ZoneInfo, now: dt.datetime
) -> list[RowView]:
    return [row_view(row, zone=zone, now=now, meant=_meant(wanted, row, now)) for row in found]


async def _read(request: web.Request, wanted: Filter, searched: str) -> Listed:
    caller, parts = request[CALLER], request.app[PARTS]
    now, whose = parts.clock(), caller.organisation_id
    async with parts.connection() as conn:
        # First: what comes after it is told by the stream, and is at worst shown twice.
        last = await conn.fetchval(NEWEST)
        listing = await read_listing(
            conn,
            whose,
            wanted,
            caller=caller.user_id,
            now=now,
            only=await search(conn, whose, searched) if searched else None,
        )
        names = [line.name for line in listing.listed]
        found = await read_rows(conn, caller, now=now, only=names) if names else []
        programmes = await conn.fetch(STANDING["programmes"], whose, now)
    return Listed(
        now=now,
        last=last,
        listing=listing,
        rows=views_of(found, wanted, zone=caller.clinic.zone, now=now),
        patients=frozenset(row.person.id for row in found if row.person),
        programmes=[each[0] for each in programmes],
    )


def _meant(wanted: Filter, row: Row, now: dt.datetime) -> list[Item]:
    ids = {each.id for each in queue_filters.meant(wanted, row.alerts, now=now)}
    return [item for item in row.items if item.alert.id in ids]
