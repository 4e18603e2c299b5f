"""What a patient has agreed to."""

from aiohttp import web
from msgspec import Struct

from care.consents import Consent, add_consent, list_consents, withdraw_consent
from console.api.patient_in_path import patient_in_path
from console.bodies import read
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from vitals.reading import AwareTime


class ConsentsAnswer(Struct, frozen=True, kw_only=True):
    items: list[Consent]
    """Withdrawn ones too."""


class NewConsent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: str
    """monitoring, billing, messages or data_sharing."""
    method: str
    """written, verbal or electronic."""
    given_at: AwareTime | None = None
    """Now by default."""
    note: str = ""


class WithdrawnConsent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    withdrawn_at: AwareTime | None = None
    """Now by default."""
    reason: str = ""


async def get_consents(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        patient_id = await patient_in_path(request, conn)
        found = await list_consents(conn, request[CALLER].organisation_id, patient_id)
    return reply(ConsentsAnswer(items=found))


async def add(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    typed, now = await read(request, NewConsent), parts.clock()
    async with parts.connection() as conn:
        made = await add_consent(
            conn,
            caller.organisation_id,
            patient_id,
            kind=typed.kind,
            method=typed.method,
            given_at=typed.given_at or now,
            note=typed.note,
            actor=caller.user_id,
            now=now,
        )
    return reply(made, status=201)


async def withdraw(request: web.Request) -> web.Response:
    """From then on it does not hold; that it did stays on record."""
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.connection() as conn:
        patient_id = await patient_in_path(request, conn)
    consent_id = id_in_path(request, "item")
    typed, now = await read(request, WithdrawnConsent), parts.clock()
    async with parts.connection() as conn:
        gone = await withdraw_consent(
            conn,
            caller.organisation_id,
            patient_id,
            consent_id,
            withdrawn_at=typed.withdrawn_at or now,
            reason=typed.reason,
            actor=caller.user_id,
            now=now,
        )
    return reply(gone)
