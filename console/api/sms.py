"""What the provider of short messages tells us: those that come in, and what became of ours.

Everything is proved by the provider's signature over our address and the form; without it nothing
is looked at. What a patient writes is not kept.
"""

import asyncio
from typing import Final
from urllib.parse import parse_qsl
from uuid import UUID

from aiohttp import web
from structlog import get_logger

from alerts.telling.contact_checks import NUMBER
from alerts.telling.deliveries import report_delivery
from alerts.telling.inbound import take_inbound
from alerts.telling.notify.twilio import SIGNATURE, STATES, Form, error_of, is_signed, twiml
from console.errors import BadRequest, Forbidden, NotFound, TooLarge, TooSlow
from console.parts import PARTS
from console.settings import SmsDoor

log = get_logger()

FORM: Final = "application/x-www-form-urlencoded"
BYTES_MAX: Final = 16 * 1024
FIELDS_MAX: Final = 100
WITHIN_S: Final[float] = 15.0


async def inbound(request: web.Request) -> web.Response:
    """A stop word is done and confirmed; anything else is told that nobody reads it."""
    parts = request.app[PARTS]
    door, form = await _proved(request)
    said = dict(form)
    if NUMBER.fullmatch(said.get("From", "")) is None:
        return _answered(None)
    async with parts.connection() as conn:
        answer = await take_inbound(
            conn,
            sender=said["From"],
            text=said.get("Body", ""),
            phone=door.clinic_phone,
            emergency=door.emergency_number,
            now=parts.clock(),
        )
    return _answered(answer)


async def status(request: web.Request) -> web.Response:
    """Delivered, or not; what is only on the way is no news."""
    parts = request.app[PARTS]
    _, form = await _proved(request)
    state = STATES.get(dict(form).get("MessageStatus", ""))
    try:
        message = UUID(request.query.get("message", ""))
    except ValueError:
        raise NotFound from None
    if state is not None:
        error = error_of(form) if state == "failed" else None
        async with parts.connection() as conn:
            news = await report_delivery(conn, message, state=state, error=error, now=parts.clock())
        log.info("sms delivery", message=str(message), state=state, news=news)
    return web.Response(status=204)


async def _proved(request: web.Request) -> tuple[SmsDoor, Form]:
    """The form, if it comes from the provider. The URL is the one that the provider was given:
    a proxy in between may have changed what we see of it.
    """
    door = request.app[PARTS].settings.sms
    if door is None:
        raise NotFound
    form = await _form(request)
    url = f"{door.url.rstrip('/')}{request.path_qs}"
    if not is_signed(request.headers.get(SIGNATURE), url, form, token=door.token):
        log.warning("sms request without a good signature")
        raise Forbidden("the signature is not good")
    return door, form


async def _form(request: web.Request) -> Form:
    if request.content_type != FORM:
        raise BadRequest(f"the body is to be {FORM}")
    if (request.content_length or 0) > BYTES_MAX:
        raise TooLarge(f"at most {BYTES_MAX} bytes")
    body = b""
    try:
        async with asyncio.timeout(WITHIN_S):
            async for part in request.content.iter_any():
                body += part
                if len(body) > BYTES_MAX:
                    raise TooLarge(f"at most {BYTES_MAX} bytes")
    except TimeoutError:
        raise TooSlow(f"the body did not come within {WITHIN_S:g} s") from None
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS_MAX, errors="strict")
    except ValueError:
        raise BadRequest("the form cannot be read") from None


def _answered(message: str | None) -> web.Response:
    return web.Response(text=twiml(message), content_type="text/xml", charset="utf-8")
