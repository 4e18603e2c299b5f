"""Home hubs and other sources of readings."""

import datetime as dt

from aiohttp import web
from msgspec import Struct
from structlog import get_logger

from care.errors import InvalidError, TakenError
from care.gateways import CODE_LIFETIME
from care.registry import (
    add_gateway,
    issue_code,
    list_gateways,
    revoke_gateway,
    with_own_words,
)
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import paged, reply
from ingest import progress
from ingest.gaps import judge

log = get_logger()


class GatewayAnswer(Struct, frozen=True, kw_only=True):
    id: str
    label: str
    transport: str
    time_zone: str | None
    created_at: dt.datetime
    enrolled_at: dt.datetime | None
    revoked_at: dt.datetime | None
    missing: int = 0
    """Readings that it made and that have been missing here for more than 15 minutes."""
    missing_numbers: str = ""
    """Their outbox numbers: `51-52, 60`."""
    trouble: str | None = None
    """What keeps it from its work, in its own words, as it said last: `no Bluetooth adapter`."""
    undecodable: int = 0
    """Messages of its devices that it keeps because it cannot decode them."""


class GatewayPage(Struct, frozen=True, kw_only=True):
    items: list[GatewayAnswer]
    next: str | None


class NewGateway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str | None = None
    """Its name in MQTT topics; one is made where none is given."""
    label: str = ""
    transport: str = "mqtt"
    """`mqtt`, or `http` for a hub that posts to /api/v1/readings."""
    time_zone: str | None = None


class Enrolment(Struct, frozen=True, kw_only=True):
    id: str
    enrolment_code: str
    """Good once, shown once."""
    expires_at: dt.datetime


async def list_all(request: web.Request) -> web.Response:
    """By id, each with what is missing from it, and what it says is wrong."""
    caller, parts = request[CALLER], request.app[PARTS]
    now = parts.clock()
    async with parts.connection() as conn:
        found = await list_gateways(conn, caller.organisation_id)
        holes = await progress.holes(conn, now=now, organisation=caller.organisation_id)
        shown, after = paged(request, found, key=lambda gateway: gateway.id)
        shown = await with_own_words(conn, shown, now=now)
    gaps = {known.gateway: judge(known, now=now) for known, _ in holes}
    items = []
    for gateway in shown:
        gap = gaps.get(gateway.id)
        visible = gap if gap is not None and gap.visible(now) else None
        items.append(
            GatewayAnswer(
                id=gateway.id,
                label=gateway.label,
                transport=gateway.transport,
                time_zone=gateway.time_zone,
                created_at=gateway.created_at,
                enrolled_at=gateway.enrolled_at,
                revoked_at=gateway.revoked_at,
                missing=visible.count if visible else 0,
                missing_numbers=visible.words if visible else "",
                trouble=gateway.trouble,
                undecodable=gateway.undecodable,
            )
        )
    return reply(GatewayPage(items=items, next=after))


async def add(request: web.Request) -> web.Response:
    """A gateway and its one-time enrolment code."""
    typed = await read(request, NewGateway)
    caller, parts = request[CALLER], request.app[PARTS]
    now = parts.clock()
    async with parts.connection() as conn, conn.transaction():
        try:
            made = await add_gateway(
                conn,
                caller.organisation_id,
                gateway_id=typed.id,
                label=typed.label,
                transport=typed.transport,
                time_zone=typed.time_zone,
            )
        except (InvalidError, TakenError) as error:
            raise _in_terms_of_the_body(error) from None
        code = await issue_code(conn, caller.organisation_id, made.id, now=now)
    log.info("a gateway added", gateway=made.id, by=str(caller.user_id))
    answer = Enrolment(id=made.id, enrolment_code=code, expires_at=now + CODE_LIFETIME)
    return reply(answer, status=201)


async def new_code(request: web.Request) -> web.Response:
    """A fresh code for a gateway that is there: its first was lost, or the hub is replaced.

    A code given out before is void. What the hub signs in with stays good until the new code is
    used.
    """
    caller, parts = request[CALLER], request.app[PARTS]
    gateway_id, now = request.match_info["id"], parts.clock()
    async with parts.connection() as conn:
        code = await issue_code(conn, caller.organisation_id, gateway_id, now=now)
    log.info("a fresh enrolment code", gateway=gateway_id, by=str(caller.user_id))
    answer = Enrolment(id=gateway_id, enrolment_code=code, expires_at=now + CODE_LIFETIME)
    return reply(answer, status=201)


def _in_terms_of_the_body(error: InvalidError | TakenError) -> InvalidError | TakenError:
    """What the register calls the gateway is the field `id` here."""
    return type(error)("id", error.message) if error.field == "gateway" else error


async def revoke(request: web.Request) -> web.Response:
    """Shut out for good: what it still sends is kept and believed by nobody."""
    caller, parts = request[CALLER], request.app[PARTS]
    gateway_id = request.match_info["id"]
    async with parts.connection() as conn:
        await revoke_gateway(conn, caller.organisation_id, gateway_id, now=parts.clock())
    log.info("a gateway revoked", gateway=gateway_id, by=str(caller.user_id))
    return web.Response(status=204)
