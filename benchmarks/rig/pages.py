"""Pages asked for as a browser asks: how long the answer takes, and what all of it weighs."""

import gzip
import re
import time
from dataclasses import dataclass
from typing import Final

import aiohttp

from benchmarks.rig.practice import Nurse

PARTS: Final = re.compile(r'(?:href|src|data-alarm)="(/static/[^"#]+)')
IMPORTED: Final = re.compile(r'(?:from|import)\s*\(?\s*"\./([^"]+)"')
AS_BROWSERS: Final = {"Accept-Encoding": "gzip, deflate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Bytes by what they are, as transferred and as they are then; headers are not counted."""

    sent: dict[str, int]
    raw: dict[str, int]

    @property
    def whole(self) -> int:
        return sum(self.sent.values())


def as_browser(base: str, nurse: Nurse) -> aiohttp.ClientSession:
    """Answers are left packed."""
    return aiohttp.ClientSession(base, headers=nurse.cookie | AS_BROWSERS, auto_decompress=False)


async def timed(client: aiohttp.ClientSession, path: str, *, times: int) -> list[float]:
    """Milliseconds from the request to the answer's last byte, after three that are not counted."""
    took = []
    for _ in range(times + 3):
        began = time.perf_counter()
        await _body(client, path)
        took.append((time.perf_counter() - began) * 1e3)
    return took[3:]


async def weight(client: aiohttp.ClientSession, path: str) -> Weight:
    """The page, and all that it asks for of itself, its scripts' imports too."""
    html, packed = await _body(client, path)
    found = Weight(sent={"html": packed}, raw={"html": len(html)})
    waiting, seen = PARTS.findall(html.decode()), set[str]()
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        body, packed = await _body(client, part)
        kind = part.rpartition(".")[2]
        found.sent[kind] = found.sent.get(kind, 0) + packed
        found.raw[kind] = found.raw.get(kind, 0) + len(body)
        if kind == "js":
            folder = part.rpartition("/")[0]
            waiting += [f"{folder}/{name}" for name in IMPORTED.findall(body.decode())]
    return found


async def _body(client: aiohttp.ClientSession, path: str) -> tuple[bytes, int]:
    """And how many bytes travelled."""
    async with client.get(path, allow_redirects=False) as answer:
        body = await answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return gzip.decompress(body) if packed else body, len(body)
