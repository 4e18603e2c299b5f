"""Pointers of a span of the time log, from the database."""

import asyncio
import datetime as dt
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from billing.entries import Entry
from billing.overlaps import overlaps
from billing.pointers.how_long import live_call_median, round_numbers, short_calls
from billing.pointers.pointer import Pointer, in_order
from billing.pointers.what_was_said import same_notes, without_credential, without_note
from billing.pointers.when import long_days, shared_time, written_late
from billing.time_log import Asked, list_beside, list_entries
from store.pool import Connection

ENTRIES_MOST: Final = 50_000


class Log(Struct, frozen=True, kw_only=True):
    """What the checks say of a span of the log."""

    pointers: tuple[Pointer, ...]
    entries: int
    seconds: int
    calls: int
    call_median_s: int
    more: bool = False
    """There are more entries than were looked at: these are the latest."""


async def pointers_of_log(
    conn: Connection,
    organisation_id: UUID,
    *,
    since: dt.datetime,
    until: dt.datetime,
    zone: ZoneInfo,
) -> Log:
    """Of all entries that begin in [since, until)."""
    found = await list_entries(
        conn, organisation_id, Asked(since=since, until=until), most=ENTRIES_MOST + 1
    )
    more, found = len(found) > ENTRIES_MOST, found[:ENTRIES_MOST]
    beside = await list_beside(conn, organisation_id, found)
    # A second for the entries of 2,000 patients: nobody else of the clinic has to wait for it.
    return await asyncio.to_thread(looked_at, found, beside, zone=zone, more=more)


def looked_at(
    found: list[Entry], beside: list[Entry], *, zone: ZoneInfo, more: bool = False
) -> Log:
    """`beside`: others that share time with these."""
    known = {each.id for each in found}
    meeting = overlaps([*found, *(each for each in beside if each.id not in known)])
    median, calls = live_call_median(found)
    pointers = [
        *round_numbers(found),
        *same_notes(found, zone),
        *long_days(found, zone),
        *shared_time(found, meeting, zone),
        *written_late(found, zone),
        *short_calls(found),
        *without_credential(found),
        *without_note(found),
    ]
    return Log(
        pointers=tuple(in_order(pointers)),
        entries=sum(each.counts for each in found),
        seconds=sum(each.seconds for each in found if each.counts),
        calls=calls,
        call_median_s=median,
        more=more,
    )
