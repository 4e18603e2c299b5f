"""Filters under a name: kept, shared, removed."""

from urllib.parse import parse_qsl

from aiohttp import web

from care.errors import InvalidError
from care.saved_views import keep_view, remove_view
from console.api.queue_filters import filter_of
from console.parts import CALLER, PARTS
from console.replies import id_in_path
from console.web.forms import form_of
from console.web.page import see_other


async def keep(request: web.Request) -> web.Response:
    """Only what a filter can say is kept of the address, so that nothing typed gets into it."""
    form, caller, parts = await form_of(request), request[CALLER], request.app[PARTS]
    query = filter_of(dict(parse_qsl(form.text("query")))).query
    back = f"/queue?{query}" if query else "/queue"
    async with parts.transaction() as conn:
        try:
            await keep_view(
                conn,
                caller.organisation_id,
                caller.user_id,
                name=form.text("name"),
                query=query,
                shared=form.ticked("shared"),
                now=parts.clock(),
            )
        except InvalidError as error:
            return see_other(back, told=f"Not kept: the {error.field} {error.message}.")
    return see_other(back, told="The filter is kept.")


async def remove(request: web.Request) -> web.Response:
    caller, parts = request[CALLER], request.app[PARTS]
    async with parts.transaction() as conn:
        await remove_view(conn, caller.organisation_id, caller.user_id, id_in_path(request))
    return see_other("/queue", told="The filter is removed.")
