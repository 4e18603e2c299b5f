"""A page as an answer: its template, who sees it, and the headers that protect it."""

import datetime as dt
import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from aiohttp import web

from console.access import Caller
from console.parts import CALLER, PARTS, SESSION_TOKEN
from console.web import csrf
from console.web.navigation import Place, places
from console.web.templates import environment

REPORTS: Final = "/csp-reports"
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types hearthbeat",
        f"report-uri {REPORTS}",
    )
)
PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
LANGUAGES: Final = ("en", "es")
PACKED_FROM: Final = 1400
"""Bytes: what fits one packet gains nothing."""
PACKED_LEVEL: Final = 4
"""200 rows of the queue in 5 ms, to within a tenth of the best."""
TOLD: Final = "told"
TOLD_S: Final = 20
TOLD_MOST: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every template may say of the page itself."""

    caller: Caller | None
    csrf: str
    path: str
    now: dt.datetime
    zone: ZoneInfo
    """The clinic's."""
    clinic: str
    clinic_phone: str | None
    emergency_number: str | None
    language: str
    places: tuple[Place, ...]
    """Where this person may go: the navigation."""
    release: str
    told: str | None
    """What came of the form that was sent last; said once."""
    demo: bool
    """A demonstration: said on every page, so that nobody takes it for a real clinic."""

    @property
    def preferences(self) -> Mapping[str, Any]:
        return self.caller.preferences if self.caller else {}


def page_of(request: web.Request, *, language: str | None = None) -> Page:
    parts = request.app[PARTS]
    caller = request.get(CALLER)
    token = request.get(SESSION_TOKEN)
    settings = parts.settings
    clinic = caller.clinic if caller else None
    return Page(
        caller=caller,
        csrf=csrf.masked(csrf.csrf_token(token)) if token else "",
        path=request.path,
        now=parts.clock(),
        zone=clinic.zone if clinic else ZoneInfo(settings.time_zone),
        clinic=clinic.name if clinic else settings.clinic_name,
        clinic_phone=(clinic.phone if clinic else None) or settings.clinic_phone,
        emergency_number=(clinic.emergency_number if clinic else None) or settings.emergency_number,
        language=language or "en",
        places=places(caller, request.path) if caller else (),
        release=settings.version,
        told=_told(request),
        demo=settings.demo,
    )


def render(
    request: web.Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    language: str | None = None,
) -> web.Response:
    """`template` with `context` and `page`."""
    page = page_of(request, language=language)
    text = environment().get_template(template).render(page=page, **(context or {}))
    body, encoding = _packed(text.encode(), request)
    response = web.Response(
        body=body,
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={
            "Content-Security-Policy": POLICY,
            "Permissions-Policy": PERMISSIONS,
            "Content-Language": page.language,
            "Vary": "Accept-Encoding, Cookie",
            **encoding,
        },
    )
    if page.told is not None:
        response.del_cookie(TOLD, path="/")
    return response


def _packed(body: bytes, request: web.Request) -> tuple[bytes, dict[str, str]]:
    """Compressed where that saves a packet and the browser takes it.

    What must stay secret on a page, the proof against forgery, is another text each time: see
    `csrf.masked`.
    """
    if len(body) < PACKED_FROM or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return body, {}
    return gzip.compress(body, PACKED_LEVEL, mtime=0), {"Content-Encoding": "gzip"}


def see_other(where: str, *, told: str | None = None) -> web.Response:
    """After a form: the browser asks for the page anew. `told` is shown there once; it names no
    patient, for it travels as a cookie.
    """
    response = web.Response(status=303, headers={"Location": where})
    if told:
        response.set_cookie(
            TOLD, quote(told), max_age=TOLD_S, path="/", httponly=True, samesite="Lax"
        )
    return response


def _told(request: web.Request) -> str | None:
    kept = request.cookies.get(TOLD)
    return None if kept is None else unquote(kept)[:TOLD_MOST]
