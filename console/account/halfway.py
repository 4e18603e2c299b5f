"""Whoever has shown one proof of two: who they are, and that it is their own browser that asks."""

from dataclasses import dataclass

from aiohttp import web

from care.errors import RefusedError
from care.half_sessions import end_half, whose_half
from care.users import User
from console.account.half_cookie import half_in
from console.account.words import Words
from console.parts import PARTS
from console.web import speaking
from console.web.csrf import FIELD, csrf_token, refuse_forged
from console.web.forms import form_of
from console.web.page import see_other


@dataclass(frozen=True, slots=True, kw_only=True)
class Halfway:
    token: str
    user: User

    @property
    def csrf(self) -> str:
        return csrf_token(self.token)


async def halfway(request: web.Request) -> Halfway | None:
    """None: there is nobody, or it was too long ago. Raises Forbidden for another site's form."""
    token = half_in(request)
    if token is None:
        return None
    parts = request.app[PARTS]
    async with parts.connection() as conn:
        try:
            user = await whose_half(conn, token, now=parts.clock())
        except RefusedError:
            return None
    if request.method == "POST":
        refuse_forged(request, token, (await form_of(request)).get(FIELD))
    return Halfway(token=token, user=user)


async def done(request: web.Request, half: Halfway) -> None:
    """It was good for this once."""
    async with request.app[PARTS].connection() as conn:
        await end_half(conn, half.token)


def begin_again(words: Words) -> web.Response:
    query = speaking.query_of(words.language, why="too-late")
    return see_other(f"/sign-in?{query}")
