"""A QR code as elements of the page: no data address, no style attribute, black on white always."""

import io

import segno
from markupsafe import Markup

QUIET: int = 4
"""Modules of white around it, without which telephones do not find it."""


def qr(text: str) -> Markup:
    kept = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        kept,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=QUIET,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        nl=False,
    )
    # Made by a library of numbers and colours; the text itself is not in it.
    return Markup(kept.getvalue().decode())  # noqa: S704
