"""A clinician's orders for monitoring."""

from aiohttp import web
from msgspec import Struct

from care.orders import Order, add_order, correct_order, end_order, list_orders
from console.api.asked import asked
from console.api.patient_in_path import patient_in_path
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


class CorrectedOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As it should have been entered."""

    ordered_by: str
    npi: str | None = None
    diagnoses: list[str] = []
    reason: str = ""
    """Needed: what was wrong."""


async def get_orders(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        found = await list_orders(conn, request[CALLER].organisation_id, patient_id)
    return reply(OrdersAnswer(items=found))


async def add(request: web.Request) -> web.Response:
    async with asked(request, NewOrder) as it:
        made = await add_order(
            it.conn,
            it.organisation_id,
            it.patient_id,
            ordered_by=it.typed.ordered_by,
            npi=it.typed.npi,
            kinds=it.typed.kinds,
            diagnoses=it.typed.diagnoses,
            ordered_at=it.typed.ordered_at or it.now,
            starts_at=it.typed.starts_at or it.now,
            ends_at=it.typed.ends_at,
            note=it.typed.note,
            actor=it.actor,
            now=it.now,
        )
    return reply(made, status=201)


async def correct(request: web.Request) -> web.Response:
    order_id = id_in_path(request, "item")
    async with asked(request, CorrectedOrder) as it:
        corrected = await correct_order(
            it.conn,
            it.organisation_id,
            it.patient_id,
            order_id,
            ordered_by=it.typed.ordered_by,
            npi=it.typed.npi,
            diagnoses=it.typed.diagnoses,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
    return reply(corrected)


async def end(request: web.Request) -> web.Response:
    order_id = id_in_path(request, "item")
    async with asked(request, EndedOrder) as it:
        ended = await end_order(
            it.conn,
            it.organisation_id,
            it.patient_id,
            order_id,
            ends_at=it.typed.ends_at or it.now,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
    return reply(ended)
