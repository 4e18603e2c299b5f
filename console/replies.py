"""Answers as JSON, and the parameters of a request as what they mean."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

import msgspec
from aiohttp import web

from console.errors import BadRequest, NotFound
from console.paging import decode_cursor, encode_cursor, limit_of

T = TypeVar("T")
JSON: Final = "application/json"

_encode: Final = msgspec.json.Encoder(order="sorted").encode


def reply(body: Any, *, status: int = 200) -> web.Response:
    return web.Response(body=_encode(body), status=status, content_type=JSON, charset="utf-8")


def id_in_path(request: web.Request, name: str = "id") -> UUID:
    """What is no id is nothing that we have."""
    try:
        return UUID(request.match_info[name])
    except ValueError:
        raise NotFound from None


def id_in_query(request: web.Request, name: str, *, detail: str = "an id") -> UUID | None:
    """None where it is not asked for; raises BadRequest for what is no id."""
    text = request.query.get(name)
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise BadRequest(detail, pointer=f"/{name}") from None


def id_or_none(text: str | None) -> UUID | None:
    """For filters of pages: what is no id filters nothing."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def instant_in_query(request: web.Request, name: str) -> dt.datetime | None:
    """An RFC 3339 instant with its offset; raises BadRequest."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        found = msgspec.convert(text, dt.datetime)
        if found.tzinfo is None:
            raise BadRequest("needs its offset from UTC, as in …T08:00:00Z", pointer=f"/{name}")
        return found.astimezone(dt.UTC)
    except (msgspec.ValidationError, OverflowError):
        raise BadRequest("no date and time by RFC 3339", pointer=f"/{name}") from None


def paged(
    request: web.Request, items: Sequence[T], *, key: Callable[[T], str]
) -> tuple[list[T], str | None]:
    """A page of a list that is short enough to be read whole, ascending by `key`."""
    limit = limit_of(request.query.get("limit"))
    cursor = request.query.get("cursor")
    if cursor is not None:
        (after,) = decode_cursor(cursor, tuple[str])
        items = [item for item in items if key(item) > after]
    shown = list(items[:limit])
    return shown, encode_cursor(key(shown[-1])) if len(items) > limit else None
