"""What a patient has agreed to."""

from aiohttp import web
from msgspec import Struct

from care.consents import Consent, add_consent, list_consents, withdraw_consent
from console.api.asked import asked
from console.api.patient_in_path import patient_in_path
from console.parts import CALLER, PARTS
from console.replies import id_in_path, reply
from vitals.reading import AwareTime


class ConsentsAnswer(Struct, frozen=True, kw_only=True):
    items: list[Consent]
    """Withdrawn ones too."""


class NewConsent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: str
    """monitoring, billing, messages or data_sharing; ccm, pcm or bhi for a care programme."""
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
    async with asked(request, NewConsent) as it:
        made = await add_consent(
            it.conn,
            it.organisation_id,
            it.patient_id,
            kind=it.typed.kind,
            method=it.typed.method,
            given_at=it.typed.given_at or it.now,
            note=it.typed.note,
            actor=it.actor,
            now=it.now,
        )
    return reply(made, status=201)


async def withdraw(request: web.Request) -> web.Response:
    """From then on it does not hold; that it did stays on record."""
    consent_id = id_in_path(request, "item")
    async with asked(request, WithdrawnConsent) as it:
        gone = await withdraw_consent(
            it.conn,
            it.organisation_id,
            it.patient_id,
            consent_id,
            withdrawn_at=it.typed.withdrawn_at or it.now,
            reason=it.typed.reason,
            actor=it.actor,
            now=it.now,
        )
    return reply(gone)
