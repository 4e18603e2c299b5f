"""What a person sees at `/` until the pages are here: where the API is."""

from typing import Final

from aiohttp import web

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Hearthbeat</title></head>
<body>
<h1>Hearthbeat</h1>
<p>This is a running clinic. It has a JSON API and no pages yet.</p>
<ul>
<li><a href="/api/v1/openapi.json">The API and its description</a></li>
<li><a href="/readyz">Is it ready?</a></li>
<li><a href="/metrics">Metrics</a></li>
</ul>
<p>Readings arrive: <code>hearthbeat watch</code> shows them in a terminal.</p>
</body>
</html>
"""


async def landing(_: web.Request) -> web.Response:
    return web.Response(text=_PAGE, content_type="text/html")
