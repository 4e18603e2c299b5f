"""What goes wrong on a page, told as a page: what happened, what was not saved, where to go on."""

from collections.abc import Mapping
from typing import Any, Final, cast
from urllib.parse import urlencode

import msgspec
from aiohttp import hdrs, web

from console.access import NOT_OF_ROLE, Caller
from console.parts import CALLER
from console.routing import API
from console.web import speaking
from console.web.csrf import SAFE
from console.web.home import render_alone, signed_in
from console.web.local import local_path
from console.web.page import render
from console.web.words import Words, catalogue

TEMPLATE: Final = "web/error_at_home.html"
STAFFS: Final[dict[int, tuple[str, str]]] = {
    400: ("That could not be read", "Nothing was saved. Go back and try again."),
    401: ("Please sign in", "Your session has ended. Nothing you saved is lost."),
    403: ("This is not open to you", "Your account does not include it. Nothing was changed."),
    404: ("There is nothing here", "It may have been moved, or it is not yours to see."),
    405: ("There is nothing here", "This page is opened in another way."),
    409: ("Somebody was faster", "It has changed since you loaded it. Nothing was overwritten."),
    412: ("Somebody was faster", "It has changed since you loaded it. Nothing was overwritten."),
    413: ("That is too large", "Nothing was saved."),
    422: ("Something needs correcting", "Nothing was saved yet."),
    429: ("Too many attempts", "Wait a little, then try again."),
    503: ("We cannot reach the records now", "Nothing was saved. Try again in a minute."),
}
NOT_DONE: Final = "Nothing was changed."
"""Where something is refused for another reason than the role, which then stands by itself."""
STAFFS_FAULT: Final = (
    "That did not work",
    "The fault is ours, and it is in our log. Nothing was saved.",
)
READING: Final[dict[int, str]] = {503: "Try again in a minute."}
READING_FAULT: Final = "The fault is ours, and it is in our log."
"""Where a page was only asked for, perhaps after a form that was saved: nothing is said of it."""
AT_HOME: Final = frozenset({400, 401, 403, 404, 409, 413, 422, 429, 503})
"""What there are words for."""
READING_AT_HOME: Final = frozenset({"403", "503", "fault"})
LIKE: Final = {405: 404, 412: 409}
OTHERS: Final = (API, "/fhir", "/healthz", "/readyz", "/metrics", "/static", "/csp-reports")


def wanted(request: web.Request) -> bool:
    """Whether a person looks at the answer."""
    return not request.path.startswith(OTHERS)


def shown(request: web.Request, problem: web.StreamResponse) -> web.StreamResponse:
    """The page for a problem; whoever is not signed in is asked to, and brought back after."""
    fragment = request.headers.get("X-Fragment") is not None
    if problem.status == web.HTTPUnauthorized.status_code and not fragment:
        return web.Response(status=303, headers={"Location": _to_sign_in(request)})
    caller = request.get(CALLER)
    if caller is None or caller.at_home:
        answer = _at_home(request, caller, problem.status)
    else:
        answer = _staffs(request, problem)
    for name in (hdrs.RETRY_AFTER, hdrs.ALLOW):
        if value := problem.headers.get(name):
            answer.headers[name] = value
    return answer


def _to_sign_in(request: web.Request) -> str:
    """With the way back. What was sent in a form is lost: they come back to the page it was on,
    and are told.
    """
    if request.method == hdrs.METH_GET:
        here = local_path(request.path_qs)
        return "/sign-in" if here in {None, "/"} else f"/sign-in?{urlencode({'next': here})}"
    page = _page_of_form(request)
    return f"/sign-in?{urlencode({'why': 'not-saved', 'next': page})}" if page else "/sign-in"


def _page_of_form(request: web.Request) -> str | None:
    """The page nearest above what a form was sent to; browsers do not tell us which it was."""
    parts = request.path.strip("/").split("/")
    above = ("/" + "/".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((path for path in above if local_path(path) and _is_page(request, path)), None)


def _is_page(request: web.Request, path: str) -> bool:
    return any(
        route.method == hdrs.METH_GET
        for resource in request.app.router.resources()
        if _matches(resource.get_info(), path)
        for route in resource
    )


def _matches(info: Mapping[str, Any], path: str) -> bool:
    pattern = info.get("pattern")
    return info.get("path") == path if pattern is None else pattern.fullmatch(path) is not None


def _at_home(request: web.Request, caller: Caller | None, status: int) -> web.Response:
    """For patients, for who cares for them, and for whom we do not know: in their words only."""
    words = catalogue(_language(request, caller))
    context = _said(words, LIKE.get(status, status), reading=request.method in SAFE)
    if caller is None:
        kept = {name: value for name, value in request.query.items() if name != speaking.ASKED}
        safe = kept if request.method == hdrs.METH_GET else {}
        return render_alone(request, TEMPLATE, words, context, status=status, kept=safe)
    words = speaking.as_read_by(caller, words)
    return render(
        request,
        TEMPLATE,
        {**signed_in(caller, words), **context},
        status=status,
        language=words.language,
    )


def _language(request: web.Request, caller: Caller | None) -> str:
    return speaking.of_stranger(request) if caller is None else speaking.of_caller(caller)


def _said(words: Words, status: int, *, reading: bool) -> dict[str, str]:
    kind = str(status) if status in AT_HOME else "fault"
    advice = f"reading_{kind}" if reading and kind in READING_AT_HOME else f"words_{kind}"
    return {"title": words(f"error.title_{kind}"), "advice": words(f"error.{advice}")}


def _staffs(request: web.Request, problem: web.StreamResponse) -> web.Response:
    title, advice = STAFFS.get(problem.status, STAFFS_FAULT)
    if request.method in SAFE:
        advice = READING.get(problem.status, READING_FAULT if advice == STAFFS_FAULT[1] else advice)
    detail = _detail(problem)
    if problem.status == web.HTTPForbidden.status_code:
        # That the role does not include it is what the page says anyway.
        advice, detail = (advice, "") if detail == NOT_OF_ROLE else (NOT_DONE, detail)
    context = {"title": title, "advice": advice, "detail": detail}
    return render(request, "web/error.html", context, status=problem.status)


def _detail(problem: web.StreamResponse) -> str:
    body = cast("bytes", cast("web.Response", problem).body or b"{}")
    found = msgspec.json.decode(body)
    return str(found.get("detail", ""))
