"""Lists in pages: a cursor names the last row seen, so nothing is skipped or shown twice."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from console.errors import BadRequest

MOST_PER_PAGE: Final = 500
USUAL_PER_PAGE: Final = 100
LONGEST_CURSOR: Final = 512


def encode_cursor(*place: Any) -> str:
    """An opaque, URL-safe name of a place in a list."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).rstrip(b"=").decode()


def decode_cursor(text: str, kind: Any) -> Any:
    """The place, as the tuple type `kind`; raises BadRequest. It is no secret and no permission."""
    if len(text) > LONGEST_CURSOR:
        raise BadRequest("not a cursor of this list", pointer="/cursor")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(raw, type=kind)
    except (binascii.Error, msgspec.MsgspecError, ValueError, UnicodeError):
        raise BadRequest("not a cursor of this list", pointer="/cursor") from None


def limit_of(text: str | None) -> int:
    """How many rows the caller asks for; raises BadRequest."""
    if text is None:
        return USUAL_PER_PAGE
    # Not more digits than the largest has: behind leading zeros a number could be any, and endless.
    short = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_PER_PAGE))
    if not short or not 1 <= int(text) <= MOST_PER_PAGE:
        raise BadRequest(f"a whole number from 1 to {MOST_PER_PAGE}", pointer="/limit")
    return int(text)


def page(items: Sequence[Any], *, limit: int, cursor: str | None) -> dict[str, Any]:
    """The body of a list: `next` is null on the last page."""
    return {"items": list(items[:limit]), "next": cursor}
