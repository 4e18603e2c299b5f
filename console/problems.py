"""Errors as `application/problem+json` (RFC 9457), each with a pointer to the field at fault.

Problem
├── BadRequest        400  the body or a parameter can't be read
├── Unauthenticated   401  nobody is signed in
├── Forbidden         403  signed in, and this is not for that role
├── NotFound          404  no such thing in this organisation: never says whether it is in another
├── Conflict          409  it contradicts what is there
├── TooLarge          413  the body is over the cap
├── Unprocessable     422  readable, and breaks a rule
├── TooManyRequests   429  wait as long as Retry-After says
└── Unavailable       503  the database is away: the same request will do later
"""

import http
from typing import Any, ClassVar

from aiohttp import web

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):  # noqa: N818 (the tree above is the naming)
    """Something that the caller is told about. `detail` is plain words without personal data."""

    status: ClassVar[int] = 500

    def __init__(
        self, detail: str = "", *, pointer: str | None = None, retry_after_s: int | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer
        self.retry_after_s = retry_after_s


class BadRequest(Problem):
    status = 400


class Unauthenticated(Problem):
    status = 401


class Forbidden(Problem):
    status = 403


class NotFound(Problem):
    status = 404


class Conflict(Problem):
    status = 409


class TooLarge(Problem):
    status = 413


class Unprocessable(Problem):
    status = 422


class TooManyRequests(Problem):
    status = 429


class Unavailable(Problem):
    status = 503


def answer(
    status: int, detail: str = "", *, pointer: str | None = None, retry_after_s: int | None = None
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
