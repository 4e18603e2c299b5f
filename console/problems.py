"""Errors as `application/problem+json` (RFC 9457), each with a pointer to the field at fault."""

import http
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from care.errors import (
    CareError,
    FaultsError,
    InvalidError,
    NotFoundError,
    RefusedError,
    TakenError,
)
from console.errors import Problem

CONTENT_TYPE: Final = "application/problem+json"
STATUS_OF: Final[dict[type[CareError], int]] = {
    InvalidError: 422,
    NotFoundError: 404,
    TakenError: 409,
    RefusedError: 403,
}


def status_of(error: Problem | CareError) -> int:
    """How it is answered."""
    if isinstance(error, Problem):
        return error.status
    return 422 if isinstance(error, FaultsError) else STATUS_OF.get(type(error), 400)


def answer(
    status: int,
    detail: str = "",
    *,
    pointer: str | None = None,
    retry_after_s: int | None = None,
    errors: Sequence[Mapping[str, str]] = (),
) -> web.Response:
    """The response that tells of a problem."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
    }
    if detail:
        body["detail"] = detail
    if pointer is not None:
        body["pointer"] = pointer
    if errors:
        body["errors"] = list(errors)
    headers = {}
    if retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s)
    if status == http.HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="hearthbeat"'
    return web.json_response(body, status=status, content_type=CONTENT_TYPE, headers=headers)


def told(problem: Problem) -> web.Response:
    """The response for a raised problem."""
    return answer(
        problem.status,
        problem.detail,
        pointer=problem.pointer,
        retry_after_s=problem.retry_after_s,
    )
