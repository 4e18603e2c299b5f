"""A clinician's orders for monitoring."""

from aiohttp import web
from msgspec import Struct

from care.orders import Order, add_order, end_order, list_orders
from console.api.patient_in_path import patient_in_path
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from vitals.reading import AwareTime


class OrdersAnswer(Struct, frozen=True, kw_only=True):
    items: list[Order]
    """Ended ones too."""


class NewOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ordered_by: str
    """The clinician's name."""
    kinds: list[str]
    """Of measurement, as readings name them."""
    npi: str | None = None
    diagnoses: list[str] = []
    """ICD-10 codes."""
    ordered_at: AwareTime | None = None
    """Now by default."""
    starts_at: AwareTime | None = None
    """Now by default."""
    ends_at: AwareTime | None = None
    note: str = ""


class EndedOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ends_at: AwareTime | None = None
    """Now by default."""
    reason: str = ""


async def get_orders(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        found = await list_orders(conn, request[CALLER].organisation_id, patient_id)
    return reply(OrdersAnswer(items=found))


async def add(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    typed, now = await read(request, NewOrder), parts.clock()
    async with parts.connection() as conn:
        made = await add_order(
            conn,
            caller.organisation_id,
            patient_id,
            ordered_by=typed.ordered_by,
            npi=typed.npi,
            kinds=typed.kinds,
            diagnoses=typed.diagnoses,
            ordered_at=typed.ordered_at or now,
            starts_at=typed.starts_at or now,
            ends_at=typed.ends_at,
            note=typed.note,
            actor=caller.user_id,
            now=now,
        )
    return reply(made, status=201)


async def end(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    order_id = id_in_path(request, "item")
    typed, now = await read(request, EndedOrder), parts.clock()
    async with parts.connection() as conn:
        ended = await end_order(
            conn,
            caller.organisation_id,
            patient_id,
            order_id,
            ends_at=typed.ends_at or now,
            reason=typed.reason,
            actor=caller.user_id,
            now=now,
        )
    return reply(ended)
