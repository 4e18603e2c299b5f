"""Home hubs, and other sources of readings: how they are let in, and shut out."""

import datetime as dt
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace
from typing_extensions import override

from care import fields, secrets
from care.errors import NotFoundError, RefusedError, TakenError
from store.pool import Connection
from store.queries import load
from store.schema import TRANSPORTS
from wire import enrolment_code

QUERIES: Final = load("care", "gateways.sql")

CODE_LIFETIME: Final = dt.timedelta(hours=24)
WORDS_LAST: Final = dt.timedelta(days=60)
"""What a gateway said of itself longer ago is not shown."""


class Gateway(Struct, frozen=True, kw_only=True):
    id: str
    """Its name in topics, and its user name at the broker."""
    organisation_id: UUID
    label: str
    transport: str
    created_at: dt.datetime
    enrolled_at: dt.datetime | None
    revoked_at: dt.datetime | None
    time_zone: str | None
    trouble: str | None = None
    """What keeps it from its work, as it said last; None also where that was not asked for."""
    undecodable: int = 0
    """Frames that it keeps because it cannot decode them, as it said last."""


class Credentials(Struct, frozen=True, kw_only=True):
    """What an enrolled gateway signs in with. Only its hash is kept: this is the one showing."""

    gateway_id: str
    secret: str
    """The password at the broker, where the user name is the gateway's id."""
    transport: str = "mqtt"
    time_zone: str | None = None
    """Of the home, where the clinic has said so."""

    @property
    def source_key(self) -> str:
        """The same for HTTP, where one text names the source and proves it."""
        return f"{self.gateway_id}.{self.secret}"

    @override
    def __repr__(self) -> str:
        return f"Credentials(gateway_id={self.gateway_id!r})"


async def add_gateway(
    conn: Connection,
    organisation_id: UUID,
    *,
    gateway_id: str | None = None,
    label: str = "",
    transport: str = "mqtt",
    time_zone: str | None = None,
) -> Gateway:
    """A gateway that may be enrolled, under an id made here where none is given.

    Without a time zone it gets its organisation's: a device's digits must not be read in whatever
    zone a new hub's machine happens to be set to.

    Raises TakenError where the id is in use anywhere.
    """
    name = secrets.make_gateway_id() if gateway_id is None else fields.gateway_id(gateway_id)
    record = await conn.fetchrow(
        QUERIES["add"],
        name,
        organisation_id,
        fields.text("label", label, needed=False),
        fields.one_of("transport", transport, TRANSPORTS),
        None if time_zone is None else fields.time_zone("time_zone", time_zone),
    )
    if record is None:
        raise TakenError("gateway", f"the id {name!r} is in use")
    return Gateway(**record)


async def list_gateways(conn: Connection, organisation_id: UUID) -> list[Gateway]:
    return [Gateway(**record) for record in await conn.fetch(QUERIES["list"], organisation_id)]


async def with_own_words(
    conn: Connection, gateways: Sequence[Gateway], *, now: dt.datetime
) -> list[Gateway]:
    """The same, each with what it said last of itself."""
    ids = [each.id for each in gateways]
    found = await conn.fetch(QUERIES["own_words"], ids, now - WORDS_LAST)
    words = {id_: {"trouble": trouble, "undecodable": frames} for id_, trouble, frames in found}
    return [replace(each, **words.get(each.id, {})) for each in gateways]


async def issue_code(
    conn: Connection, organisation_id: UUID, gateway_id: str, *, now: dt.datetime
) -> str:
    """A new enrolment code, good once and for 24 hours; an earlier one is void."""
    transport = await conn.fetchval(QUERIES["transport"], organisation_id, gateway_id)
    code = secrets.make_code(for_source=transport == "http")
    done = await conn.fetchval(
        QUERIES["issue_code"],
        organisation_id,
        gateway_id,
        secrets.fingerprint(code),
        now + CODE_LIFETIME,
    )
    if done is None:
        raise NotFoundError("gateway", f"there is no gateway {gateway_id!r} that is not revoked")
    return code


async def enrol(conn: Connection, code: str, *, now: dt.datetime) -> Credentials:
    """Burn a code for credentials; those the gateway had before are void from here on."""
    secret = secrets.make_secret()
    record = await conn.fetchrow(
        QUERIES["enrol"],
        secrets.fingerprint(enrolment_code.normal(code)),
        now,
        secrets.broker_hash(secret),
    )
    if record is None:
        raise RefusedError("code", "is not known, was used, or is older than 24 hours")
    return Credentials(
        gateway_id=record["id"],
        secret=secret,
        transport=record["transport"],
        time_zone=record["time_zone"],
    )


async def revoke_gateway(
    conn: Connection, organisation_id: UUID, gateway_id: str, *, now: dt.datetime
) -> None:
    """Shut it out for good. The broker drops it when its own list of users is written anew."""
    if await conn.fetchval(QUERIES["revoke"], organisation_id, gateway_id, now) is None:
        raise NotFoundError("gateway", f"there is no gateway {gateway_id!r}")


async def broker_accounts(conn: Connection) -> dict[str, str]:
    """User name -> hash, as in Mosquitto's password file, of all that may speak MQTT."""
    return {
        record["id"]: record["credential_hash"] for record in await conn.fetch(QUERIES["accounts"])
    }
