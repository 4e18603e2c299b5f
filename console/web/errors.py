"""What goes wrong on a page, told as a page: what happened, what was not saved, where to go on."""

from typing import Final, cast
from urllib.parse import quote

import msgspec
from aiohttp import hdrs, web

from console.parts import CALLER
from console.routing import API
from console.web.page import render

WORDS: Final[dict[int, tuple[str, str]]] = {
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
FAULT: Final = ("That did not work", "The fault is ours, and it is in our log. Nothing was saved.")
OTHERS: Final = (API, "/fhir", "/healthz", "/readyz", "/metrics", "/static", "/csp-reports")


def wanted(request: web.Request) -> bool:
    """Whether a person looks at the answer."""
    return not request.path.startswith(OTHERS)


def shown(request: web.Request, problem: web.StreamResponse) -> web.StreamResponse:
    """The page for a problem; whoever is not signed in is asked to, and brought back after."""
    status = problem.status
    fragment = request.headers.get("X-Fragment") is not None
    if status == web.HTTPUnauthorized.status_code and not fragment:
        here = request.path_qs if request.method == hdrs.METH_GET else "/"
        where = "/sign-in" if here == "/" else f"/sign-in?next={quote(here, safe='')}"
        return web.Response(status=303, headers={"Location": where})
    title, advice = WORDS.get(status, FAULT)
    answer = render(
        request,
        "web/error.html",
        {
            "title": title,
            "advice": advice,
            "detail": _detail(problem),
            "signed_in": CALLER in request,
        },
        status=status,
    )
    for name in (hdrs.RETRY_AFTER, hdrs.ALLOW):
        if value := problem.headers.get(name):
            answer.headers[name] = value
    return answer


def _detail(problem: web.StreamResponse) -> str:
    body = cast("bytes", cast("web.Response", problem).body or b"{}")
    found = msgspec.json.decode(body)
    return str(found.get("detail", ""))
