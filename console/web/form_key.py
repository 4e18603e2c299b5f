"""A form that is sent several times is one: each page that is made has a number of its own."""

import secrets
from typing import Final

from aiohttp import web

from console.parts import SESSION_TOKEN
from console.web.forms import Form

FIELD: Final = "form_key"
LONGEST: Final = 64


def make_key() -> str:
    """For a hidden field of the page."""
    return secrets.token_urlsafe(16)


def proof_of(request: web.Request, form: Form) -> str | None:
    """What only this form of this session can say; None for a form without a number."""
    key, token = form.text(FIELD), request.get(SESSION_TOKEN)
    if not key or len(key) > LONGEST or token is None:
        return None
    return f"{token}\0{key}"
