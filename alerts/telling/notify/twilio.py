"""What Twilio, or who speaks like it, tells us: proved by its signature, put in our words. Pure.

https://www.twilio.com/docs/usage/webhooks/webhooks-security
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

SIGNATURE: Final = "X-Twilio-Signature"
STATES: Final = {"delivered": "delivered", "read": "delivered", "undelivered": "failed",
                 "failed": "failed"}  # fmt: skip
"""`MessageStatus` -> ours; others are only on the way."""

Form = Sequence[tuple[str, str]]


def signature(url: str, form: Form, *, token: str) -> str:
    """HMAC-SHA1, which is what they use, over the whole URL and each field with its value."""
    text = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(given: str | None, url: str, form: Form, *, token: str) -> bool:
    expected = signature(url, form, token=token)
    # A header that is no text comes with halves of characters, which cannot be encoded.
    return given is not None and given.isascii() and hmac.compare_digest(expected, given)


def twiml(message: str | None) -> str:
    """The answer to an inbound message: one back, or none."""
    inner = "" if message is None else f"<Message>{escape(message)}</Message>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{inner}</Response>'


def error_of(form: Form) -> str | None:
    """The provider's error code, where there is one that can be a code."""
    code = dict(form).get("ErrorCode", "")
    return f"the provider reports error {code}" if code.isascii() and code.isdecimal() else None
