"""Messages that are to leave the house, and a server that takes them and answers as told."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web

from alerts.telling.notify.message import Channel
from store.pool import Pool

NOW = dt.datetime(2026, 11, 23, 15, 0, tzinfo=dt.UTC)
ORGANISATION = UUID("10000000-0000-0000-0000-000000000001")


@dataclass
class Clock:
    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@dataclass
class Taken:
    """A request that a server took."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """Answers as told, the last answer for ever."""

    url: str = ""
    answers: list[tuple[int, Any]] = field(default_factory=lambda: [(200, {})])
    taken: list[Taken] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.taken.append(Taken(request.path, dict(request.headers), await request.read()))
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.json_response(body, status=status)


async def queued(pool: Pool, channel: Channel, address: str, *, key: str = "k") -> UUID:
    async with pool.acquire() as conn:
        made: UUID = await conn.fetchval(
            "INSERT INTO notifications (organisation_id, channel, address, subject, body, key,"
            " next_at, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7)"
            " RETURNING id",
            ORGANISATION, channel, address, "Hearthbeat: high alert", "A high alert waits.", key,
            NOW, NOW + dt.timedelta(hours=2),
        )  # fmt: skip
    return made


async def state(pool: Pool, message: UUID) -> Any:
    async with pool.acquire() as conn:
        return await conn.fetchrow("SELECT * FROM notifications WHERE id = $1", message)
