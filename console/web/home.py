"""Pages for people at home, and for whoever is not signed in: large, one column, their words."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from care.sessions import idle_max
from console.access import Caller
from console.web import speaking
from console.web.page import render
from console.web.words import LANGUAGES, NAMES, Words

SHELL: Final = "web/home.html"
"""With the places of a patient's pages."""
STAFF_SHELL: Final = "web/base.html"
ALONE: Final = "web/large.html"
"""Nobody is signed in: there is nowhere to go but here."""


def signed_in(caller: Caller, words: Words) -> dict[str, Any]:
    """What both shells need to show a page to whoever is signed in."""
    return {
        "w": words,
        "shell": SHELL if caller.at_home else STAFF_SHELL,
        "languages": [(code, NAMES[code]) for code in LANGUAGES],
        "at_home": caller.at_home,
        "minutes_left": int(idle_max(caller.role).total_seconds() // 60),
    }


def render_alone(
    request: web.Request,
    template: str,
    words: Words,
    context: Mapping[str, Any],
    *,
    status: int = 200,
    kept: Mapping[str, str | None] | None = None,
    path: str | None = None,
) -> web.Response:
    """A page for everybody, with a switch to the other languages. `kept`: what the address of the
    page has besides, so that the switch leads back to it; `path`: where that is another one.
    """
    shown = {
        "w": words,
        "shell": ALONE,
        "switches": speaking.switches(path or request.path, words, kept or {}),
        **context,
    }
    answer = render(request, template, shown, status=status, language=words.language)
    answer.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    return answer
