"""Readings one by one, and the door for hubs that speak HTTP."""

from aiohttp import web

from console.api.patients import READINGS
from console.api.reading_answer import shown
from console.api.taken import taken
from console.bodies import raw
from console.errors import BadRequest, NotFound, Unavailable
from console.parts import CALLER, PARTS, RETRY_AFTER_S, SOURCE
from console.replies import id_in_path, reply
from ingest.errors import DatabaseAway, UnsafeDatabase
from ingest.quarantine import organisations_seen_by
from ingest.unpacking import Unpacking, unpack_readings
from wire.messages import MOST_BYTES


async def take(request: web.Request) -> web.Response:
    """The MQTT message as a body; the receipts as the answer, after the commit.

    Whose it is follows from the key. Sent again, it is answered again: the ids make it idempotent.
    """
    payload = await raw(request, bytes_max=MOST_BYTES)
    parts, gateway = request.app[PARTS], request[SOURCE]
    batch = Unpacking(lambda: parts.directory.snapshot).begin(parts.clock())
    unpack_readings(batch, gateway, payload)
    try:
        landed = await parts.committer.commit(batch)
    except (DatabaseAway, UnsafeDatabase) as error:
        raise Unavailable("nothing can be stored now", retry_after_s=RETRY_AFTER_S) from error
    if batch.letters and not (batch.rows or batch.refused or batch.also_received):
        # Kept all the same: whoever sent it may not look at the answer.
        raise BadRequest(batch.letters[0].error, pointer=batch.letters[0].pointer)
    return reply(taken(payload, batch, landed))


async def get_reading(request: web.Request) -> web.Response:
    """With its provenance: the frame, the clocks, who had the device, why it does not count."""
    caller, reading_id = request[CALLER], id_in_path(request)
    async with request.app[PARTS].connection() as conn:
        seen = await organisations_seen_by(conn, caller.organisation_id)
        row = await conn.fetchrow(READINGS["one"], seen, reading_id)
    if row is None:
        raise NotFound
    caller.may_see(row["patient_id"])
    return reply(shown(dict(row)))
