"""What gateways say about themselves, as rows of `gateway_health`."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from store.pool import Connection
from store.queries import load
from wire.messages import DeviceStatus, Status

QUERIES: Final = load("ingest", "health.sql")
CLOCK_BELIEVED_WITHIN: Final = dt.timedelta(days=1)
"""A gateway whose clock is further off has its status filed under our time."""


class Said(NamedTuple):
    """One status message."""

    gateway: str
    organisation: UUID
    status: Status


async def keep(conn: Connection, heard: Sequence[Said], *, now: dt.datetime) -> None:
    """Store them; the same status heard twice is one row."""
    if not heard:
        return
    columns: list[list[object]] = [[] for _ in range(10)]
    for gateway, organisation, status in heard:
        row = (
            gateway,
            organisation,
            _at(status, now),
            status.state.value,
            status.version,
            status.queue_depth,
            status.last_seq,
            msgspec.json.encode([_without_udi(each) for each in status.devices]).decode(),
            _trouble(status),
            status.undecodable or None,
        )
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    await conn.execute(QUERIES["add"], now, *columns)


def _without_udi(device: DeviceStatus) -> DeviceStatus:
    """It is the same in each status, and has a place of its own: `ingest.udi_rows`."""
    return msgspec.structs.replace(device, udi=msgspec.UNSET)


def _trouble(status: Status) -> str | None:
    """At most 64 characters, all of them visible: the codec has seen to that."""
    return None if status.trouble is msgspec.UNSET else status.trouble.strip() or None


def _at(status: Status, now: dt.datetime) -> dt.datetime:
    if status.at is None or abs(status.at - now) > CLOCK_BELIEVED_WITHIN:
        return now
    return status.at
