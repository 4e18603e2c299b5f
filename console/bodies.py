"""Request bodies, read as strictly as the wire: sized, no key twice, no unknown field."""

import asyncio
from typing import Final, TypeVar

import msgspec
from aiohttp import web

from console.allowed import allowed
from console.errors import BadRequest, TooLarge, TooSlow
from wire import exact
from wire.complaint import UNKNOWN_VALUE, fault_of
from wire.errors import Unreadable
from wire.soundness import Fault

JSON: Final = "application/json"
WITHIN_S: Final[float] = 30.0
"""256 KiB over the worst mobile network; a connection that drips is not held for longer."""
BODY: Final = web.RequestKey("body", bytes)
"""The body, where it has been read already."""
PROSE: Final = frozenset({"/note", "/text", "/reason"})
"""What people write in sentences, and lines: the fields are called so everywhere."""
SCANNED: Final = frozenset({"/udi"})
"""What may come from a scanner as it is."""
T = TypeVar("T", bound=msgspec.Struct)


async def raw(request: web.Request, *, bytes_max: int) -> bytes:
    """The body, refused as soon as it is known to be over the cap."""
    known: bytes | None = request.get(BODY)
    if known is not None:
        return known
    if request.content_type != JSON:
        raise BadRequest("the body is to be application/json")
    return await raw_of(request, bytes_max=bytes_max)


async def raw_of(request: web.Request, *, bytes_max: int) -> bytes:
    """As `raw`, of whatever type."""
    if (request.content_length or 0) > bytes_max:
        raise TooLarge(f"at most {bytes_max} bytes")
    try:
        async with asyncio.timeout(WITHIN_S):
            return await _all(request, bytes_max)
    except TimeoutError:
        raise TooSlow(f"the body did not come within {WITHIN_S:g} s") from None


async def _all(request: web.Request, bytes_max: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.content.iter_chunked(64 * 1024):
        size += len(part)
        if size > bytes_max:
            raise TooLarge(f"at most {bytes_max} bytes")
        parts.append(part)
    return b"".join(parts)


async def read(request: web.Request, kind: type[T], *, bytes_max: int = 16 * 1024) -> T:
    """The body as `kind`; raises BadRequest with a pointer to the field, never with its value."""
    payload = await raw(request, bytes_max=bytes_max)
    try:
        value = exact.parse(exact.text_of(payload))
    except Unreadable as error:
        raise BadRequest(error.error, pointer=error.pointer) from None
    if found := exact.faults(value, prose=PROSE, scanned=SCANNED):
        raise BadRequest(in_words(found), pointer=found.pointer)
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.ValidationError as complaint:
        fault = fault_of(complaint, value)
        if fault.error == UNKNOWN_VALUE and (known := allowed(kind, fault.pointer)):
            fault = Fault(fault.pointer, f"is one of: {', '.join(known)}")
        raise BadRequest(in_words(fault), pointer=fault.pointer) from None


def in_words(fault: Fault) -> str:
    """A sentence for a person: which field, and what is the matter with it."""
    field = fault.pointer.removeprefix("/").replace("/", ".")
    if not field:
        return f"the body: {fault.error}"
    match fault.error:
        case "missing":
            return f"the field {field!r} is missing"
        case "an unknown field":
            return f"there is no field {field!r} here"
        case _:
            return f"the field {field!r}: {fault.error}"
