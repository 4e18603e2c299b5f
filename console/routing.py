"""What a route of the API is: one description that is served, checked and published."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from aiohttp import web
from msgspec import Struct

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

API: Final = "/api/v1"


class Door(StrEnum):
    """How a caller is let in."""

    OPEN = "open"  # Anybody: sign-in, health, the description itself.
    SESSION = "session"  # A person's bearer token, and a role of the route's.
    SOURCE = "source"  # A hub's own key.
    PUBLIC = "public"  # A page or an asset for anybody: told of in HTML, not part of the API.
    PAGE = "page"  # A page for a person who signed in, and a role of the page's.


PERSONAL: Final = frozenset({Door.SESSION, Door.PAGE})
"""Where somebody is signed in."""
IN_HTML: Final = frozenset({Door.PUBLIC, Door.PAGE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One query parameter."""

    name: str
    about: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    handler: Handler
    about: str
    door: Door = Door.SESSION
    roles: frozenset[str] = frozenset()
    parameters: tuple[Parameter, ...] = ()
    body: type[Struct] | None = None
    body_bytes_max: int = 16 * 1024
    answer: type[Struct] | None = None
    """None: described only as JSON."""
    status: int = 200
    later: type[Struct] | None = None
    """With 202, instead of the answer: what takes longer is under way, ask again."""
    remembers: bool = False
    """A write that is sent again under its `Idempotency-Key` is answered again and done once. Not
    for handlers that look after that themselves, or whose answers are secrets."""
    by_itself: bool = False
    """A write without a transaction around it: it changes nothing, or makes its own."""
    house: bool = False
    """About accounts and not about patients: it works on what no organisation's role may see. Its
    handler makes its own transactions, for a failed proof has to be kept."""
    endless: bool = False
    """Its answer goes on and on: it is written to the audit log when it begins."""
    polled: bool = False
    """Scripts of an open page send it over and over: the audit log tells of it every 5 minutes."""

    def __post_init__(self) -> None:
        if (self.door in PERSONAL) != bool(self.roles):
            raise ValueError(f"{self.method} {self.path}: roles belong to sessions, and only there")
        if self.remembers and (self.door is not Door.SESSION or self.method == "GET"):
            raise ValueError(f"{self.method} {self.path}: only a person's write is remembered")


LIMIT: Final = Parameter(
    name="limit",
    about="rows per page",
    schema={"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
)
CURSOR: Final = Parameter(name="cursor", about="`next` of the page before")
