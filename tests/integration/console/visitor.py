"""A browser without scripts that keeps its cookies and follows nothing by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from console.web.cookies import PLAIN
from console.web.csrf import csrf_token
from tests.integration.console.conftest import PASSWORD, Api, Practice


class Visitor:
    def __init__(self, client: aiohttp.ClientSession, base: str) -> None:
        self.client = client
        self.base = base

    async def get(self, path: str, **options: Any) -> tuple[int, str]:
        return await self.ask("GET", path, **options)

    async def send(self, path: str, form: dict[str, str], **options: Any) -> tuple[int, str]:
        return await self.ask("POST", path, data=form, **options)

    async def own(self, path: str, **form: str) -> tuple[int, str]:
        """A form of somebody who is signed in."""
        return await self.send(path, {"csrf": csrf_token(self.cookie()), **form})

    async def halfway(self, path: str, **form: str) -> tuple[int, str]:
        """A form of somebody who has shown one proof of two."""
        return await self.send(path, {"csrf": csrf_token(self.cookie("hearthbeat-half")), **form})

    async def sign_in(self, practice: Practice, role: str, **more: str) -> tuple[int, str]:
        return await self.send("/sign-in", typed(practice, role, **more))

    async def ask(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        where = path if path.startswith("http") else self.base + path
        async with self.client.request(method, where, allow_redirects=False, **options) as answer:
            self.headers = answer.headers
            self.where = answer.headers.get("Location", "")
            self.set_cookies = answer.headers.getall("Set-Cookie", [])
            return answer.status, await answer.text()

    def cookie(self, name: str = PLAIN) -> str:
        return next((each.value for each in self.client.cookie_jar if each.key == name), "")


def typed(practice: Practice, role: str = "nurse", **more: str) -> dict[str, str]:
    return {"username": practice.username(role), "password": PASSWORD, **more}


@asynccontextmanager
async def visiting(api: Api) -> AsyncIterator[Visitor]:
    jar = aiohttp.CookieJar(unsafe=True, quote_cookie=False)
    async with aiohttp.ClientSession(cookie_jar=jar) as client:
        yield Visitor(client, str(api._client._base_url).rstrip("/"))
