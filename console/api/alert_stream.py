"""Changes of alerts as server-sent events: `GET /alerts/stream`, open for as long as the page is.

Each event has the history's number as its id: a browser that comes back sends the last one it saw,
and is told what it missed; a page that was just made sends the one it was made after, as `?last=`.
`looking` tells who looks at which row, all of them each time, under no number. A beat goes out when
nothing happens, so that silence means a fault.

It ends soon after the session does, or what its reader may see is not that any more: the browser
that comes back is told why.
"""

import time
from contextlib import suppress
from typing import Final

import msgspec
from aiohttp import web

from console.doors import still_signed_in
from console.errors import Unauthenticated, Unavailable
from console.live import LIVE, LiveEvent, Moved, Reader
from console.parts import CALLER, PARTS

BEAT_S: Final = 10.0
OLDEST: Final = 900
"""A browser that missed more than this loads the list anew: cheaper than being told each."""


async def stream(request: web.Request) -> web.StreamResponse:
    caller = request[CALLER]
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream",
            "Cache-Control": "no-store",
            # A proxy that collects answers before passing them on would pass on nothing.
            "X-Accel-Buffering": "no",
        }
    )
    live = request.app[LIVE]
    with live.reading(caller.organisation_id, caller.user_id) as reader:
        await response.prepare(request)
        # A page that is closed is how every stream ends, and no fault of anybody's.
        with suppress(ConnectionError):
            await _follow(request, response, reader)
    return response


async def _follow(request: web.Request, response: web.StreamResponse, reader: Reader) -> None:
    """Until the page is gone, or may not be told any more."""
    parts = request.app[PARTS]
    seen = await _missed(request, response, reader)
    await _beat(response, parts.clock().isoformat())
    asked = time.monotonic()
    while not _gone(request) and not reader.over:
        event = await reader.next(within_s=BEAT_S)
        if time.monotonic() - asked >= BEAT_S:
            if not await _may_still(request):
                return
            asked = time.monotonic()
        if reader.missed:
            reader.missed = False
            await response.write(b"event: reload\ndata: {}\n\n")
        if event is None:
            await _beat(response, parts.clock().isoformat())
        elif isinstance(event, Moved):
            await response.write(b"event: moved\ndata: %s\n\n" % msgspec.json.encode(event))
        elif isinstance(event, tuple):
            await response.write(b"event: looking\ndata: %s\n\n" % msgspec.json.encode(event))
        elif event.id not in seen:
            await response.write(_told(event))


async def _may_still(request: web.Request) -> bool:
    """Whether the session, the account and the role are as they were when it began."""
    try:
        return await still_signed_in(request) == request[CALLER]
    except Unauthenticated:
        return False
    except Unavailable:  # Nor is there anything to be told.
        return True


async def _missed(
    request: web.Request, response: web.StreamResponse, reader: Reader
) -> frozenset[int]:
    """What happened between two connections; their ids, for the reader hears some of them too."""
    last = request.headers.get("Last-Event-ID") or request.query.get("last", "")
    if not last.isascii() or not last.isdecimal() or len(last) > 18:  # noqa: PLR2004 - a bigint
        return frozenset()
    parts, live = request.app[PARTS], request.app[LIVE]
    async with parts.connection() as conn:
        events = await live.since(conn, reader.organisation_id, int(last))
    if events is None or len(events) > OLDEST:
        await response.write(b"event: reload\ndata: {}\n\n")
        return frozenset()
    for event in events:
        await response.write(_told(event))
    return frozenset(event.id for event in events)


def _told(event: LiveEvent) -> bytes:
    """The clinic's own id is left out: whoever reads it knows where they work."""
    data = msgspec.to_builtins(event)
    del data["organisation_id"]
    return b"id: %d\nevent: alert\ndata: %s\n\n" % (event.id, msgspec.json.encode(data))


async def _beat(response: web.StreamResponse, now: str) -> None:
    await response.write(b'event: beat\ndata: {"at":"%s"}\n\n' % now.encode())


def _gone(request: web.Request) -> bool:
    transport = request.transport
    return transport is None or transport.is_closing()
