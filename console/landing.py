"""What a person sees at `/` until the pages are here: where the API is."""

from typing import Final

from aiohttp import web

from console.index import DESCRIPTION
from console.replies import reply
from console.routing import API

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Hearthbeat</title></head>
<body>
<h1>Hearthbeat</h1>
<p>This is a running clinic. It has a JSON API and no pages yet.</p>
<ul>
<li><a href="/api/v1">The API</a>, and <a href="/api/v1/openapi.json">its description</a></li>
<li><a href="/readyz">Is it ready?</a></li>
<li><a href="/metrics">Metrics</a></li>
</ul>
<p>Readings arrive: <code>hearthbeat watch</code> shows them in a terminal.</p>
</body>
</html>
"""


async def landing(request: web.Request) -> web.Response:
    """A page for people; for programs, which ask for JSON, where the API is."""
    wanted = request.headers.get("Accept", "")
    if "application/json" in wanted and "text/html" not in wanted:
        return reply(
            {"name": "Hearthbeat", "api": API, "description": DESCRIPTION, "ready": "/readyz"}
        )
    return web.Response(text=_PAGE, content_type="text/html")
