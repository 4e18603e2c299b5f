"""A hub's one-time code for people's eyes and for a camera: letters in groups, and a QR code."""

import io
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import segno
from aiohttp import web
from markupsafe import Markup

from console.parts import PARTS

OF_HUB: Final = "QR code with the command that joins the hub"
OF_LINK: Final = "QR code with the link of the invitation"
BORDER: Final = 4
"""Modules of quiet around it, as ISO/IEC 18004 asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCode:
    code: str
    command: str
    """What is typed at the hub; the QR code says the same."""
    picture: Markup
    groups: tuple[str, ...]


def claim_code(code: str, *, server: str) -> ClaimCode:
    """Both forms of a code, for a console that homes reach as `server`."""
    command = f"hearthbeat gateway join --server {server} --code {code}"
    return ClaimCode(
        code=code, command=command, picture=picture(command), groups=tuple(code.split("-"))
    )


def picture(text: str, *, title: str = OF_HUB) -> Markup:
    """SVG without style attributes, black on white in every colour scheme: cameras want that."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=BORDER,
        xmldecl=False,
        svgns=False,
        omitsize=True,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        title=title,
    )
    # Ours alone: segno has drawn it, and the text is in it as squares only.
    return Markup(drawn.getvalue().decode().replace("<svg ", '<svg role="img" ', 1))  # noqa: S704


def server_of(request: web.Request) -> str:
    """Where homes reach this console: as the settings say, else as this page was asked for."""
    public = request.app[PARTS].settings.public_url
    if public is not None:
        parts = urlsplit(public)
        return f"{parts.scheme}://{parts.netloc}"
    return f"{request.scheme}://{request.host}"
