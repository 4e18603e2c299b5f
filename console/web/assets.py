"""Our own style sheets, scripts and pictures: served under a name that changes with the content."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from aiohttp import web

from console.errors import NotFound
from console.routing import Door, Route

ROOT: Final = "/static"
TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".png": "image/png",
}
PACKED: Final = frozenset({".css", ".js", ".svg", ".webmanifest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    name: str
    body: bytes
    packed: bytes | None
    content_type: str


@cache
def _everything() -> dict[str, Asset]:
    return {asset.name: asset for asset in map(_asset, _files(files("console") / "static"))}


@cache
def release() -> str:
    """Of all assets together: modules import each other by relative names, so that one change
    gives every address anew.
    """
    digest = hashlib.sha256()
    for name, asset in sorted(_everything().items()):
        digest.update(name.encode() + b"\0" + asset.body)
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a page finds it; a name that is not there is a mistake of ours."""
    if name not in _everything():
        raise LookupError(f"there is no asset {name!r}")
    return f"{ROOT}/{release()}/{name}"


async def serve(request: web.Request) -> web.Response:
    """Kept by browsers for ever under its release; under another one it is not kept."""
    asset = _everything().get(request.match_info["name"])
    if asset is None:
        raise NotFound
    current = request.match_info["release"] == release()
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
        "Vary": "Accept-Encoding",
    }
    body = asset.body
    if asset.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        body = asset.packed
        headers["Content-Encoding"] = "gzip"
    charset = None if asset.content_type == "image/png" else "utf-8"
    return web.Response(
        body=body, content_type=asset.content_type, charset=charset, headers=headers
    )


ASSETS: Final = Route(
    method="GET",
    path=f"{ROOT}/{{release}}/{{name}}",
    handler=serve,
    about="A style sheet, script or picture.",
    door=Door.PUBLIC,
)


def _files(directory: Traversable) -> list[Traversable]:
    return [each for each in directory.iterdir() if _suffix(each.name) in TYPES]


def _suffix(name: str) -> str:
    return name[name.rfind(".") :] if "." in name else ""


def _asset(file: Traversable) -> Asset:
    body, suffix = file.read_bytes(), _suffix(file.name)
    return Asset(
        name=file.name,
        body=body,
        packed=gzip.compress(body, mtime=0) if suffix in PACKED else None,
        content_type=TYPES[suffix],
    )
