"""Pages of this room: an own account in the shell of its person, signing in without any."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from console.account.tabs import tabs_of
from console.account.words import Words, words_of
from console.parts import CALLER
from console.web import speaking
from console.web.forms import Form
from console.web.home import render_alone, signed_in
from console.web.page import render


def own_words(request: web.Request) -> Words:
    """For whoever is signed in."""
    caller = request[CALLER]
    return speaking.as_read_by(caller, words_of(speaking.of_caller(caller)))


def asked_words(request: web.Request, form: Form | None = None) -> Words:
    """For whoever is not: as the form or the address asks, else as the browser does."""
    typed = None if form is None else form.get(speaking.ASKED)
    return words_of(speaking.of_stranger(request, typed))


def show_own(
    request: web.Request, template: str, context: Mapping[str, Any], *, status: int = 200
) -> web.Response:
    caller, words = request[CALLER], own_words(request)
    zone = caller.zone or caller.clinic.zone
    shown = {**signed_in(caller, words), "tabs": tabs_of(caller), "zone": zone, **context}
    return render(request, f"account/{template}", shown, status=status, language=words.language)


def show_alone(
    request: web.Request,
    template: str,
    context: Mapping[str, Any],
    *,
    words: Words,
    status: int = 200,
    kept: Mapping[str, str | None] | None = None,
    path: str | None = None,
) -> web.Response:
    return render_alone(
        request, f"account/{template}", words, context, status=status, kept=kept, path=path
    )
