"""What devices say of their UDI, as gateways tell it, beside what people have said."""

import datetime as dt
from collections.abc import Sequence

from msgspec import UNSET

from care.udis import Told, hear
from ingest.health_rows import Said
from store.pool import Connection


async def keep(conn: Connection, heard: Sequence[Said], *, now: dt.datetime) -> None:
    """Only what is news."""
    told = [
        Told(organisation_id=organisation, gateway_id=gateway, address=each.device, udi=each.udi)
        for gateway, organisation, status in heard
        for each in status.devices
        if each.udi is not UNSET
    ]
    if told:
        await hear(conn, told, now=now)
