"""What a worker says on its readiness page."""

import asyncio
from typing import Any

import aiohttp


async def troubles(port: int) -> dict[str, str] | None:
    """Check by check what is wrong; empty when ready, None when nobody answers."""
    try:
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"http://127.0.0.1:{port}/readyz") as answer,
        ):
            body: dict[str, Any] = await answer.json()
    except aiohttp.ClientError:
        return None
    return {name: said for name, said in body["checks"].items() if said != "ok"}


async def until_ready(port: int, *, timeout_s: float = 60) -> None:
    said: dict[str, str] | None = None
    try:
        async with asyncio.timeout(timeout_s):
            while (said := await troubles(port)) != {}:  # noqa: ASYNC110 (another process)
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not ready: {said}") from None
