"""Whether a process of ours answers over HTTP."""

import asyncio
from typing import Final

import aiohttp

EVERY_S: Final = 0.1


async def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with 200 within two seconds."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2)) as session,
            session.get(url) as response,
        ):
            return response.status == 200  # noqa: PLR2004 - HTTP's own number.
    except (aiohttp.ClientError, TimeoutError, OSError):
        return False


async def until_answered(url: str) -> None:
    """As long as it takes."""
    while True:
        if await answers(url):
            return
        await asyncio.sleep(EVERY_S)
