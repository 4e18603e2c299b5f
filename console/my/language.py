"""In which language the pages speak: kept with the account, and with no cookie."""

from typing import Final

from aiohttp import web

from console.my.visit import QUERIES
from console.my.words import LANGUAGES
from console.parts import CALLER, PARTS
from console.web.forms import form_of
from console.web.page import see_other

HERE: Final = frozenset(
    {
        "/my", "/my/readings", "/my/how", "/my/help", "/my/people",
        "/account", "/account/password", "/account/second-factor", "/account/sessions",
    }
)  # fmt: skip


async def switch(request: web.Request) -> web.Response:
    """One that we have, and back to where they were; anything else changes nothing."""
    form, caller = await form_of(request), request[CALLER]
    wanted, back = form.text("language"), form.text("back")
    if wanted in LANGUAGES:
        async with request.app[PARTS].transaction() as conn:
            await conn.execute(
                QUERIES["set_language"], caller.organisation_id, caller.user_id, wanted
            )
    return see_other(back if back in HERE else "/my")
