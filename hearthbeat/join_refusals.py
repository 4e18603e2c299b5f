"""Why a home could not join, in words for the person who stands beside it."""

import datetime as dt
import http
import http.client
import socket
import ssl
import urllib.error
from typing import Final
from urllib.parse import urlsplit

import msgspec

TIMEOUT_S: Final = 20.0
ANSWER_BYTES_MAX: Final = 64 * 1024

NOT_YET_VALID, EXPIRED, WRONG_NAME, WRONG_ADDRESS = 9, 10, 62, 64
"""X509_V_ERR_*, as OpenSSL numbers why a certificate is refused."""


class _Problem(msgspec.Struct, frozen=True):
    detail: str = ""


def refused(error: urllib.error.HTTPError) -> str:
    """The clinic was reached, and said no."""
    said = _detail(error)
    match error.code:
        case http.HTTPStatus.UNPROCESSABLE_ENTITY:
            return (
                f"the clinic refused: {said or 'the code is not good'}. "
                "Look for a typing error, or ask the clinic for a new code"
            )
        case http.HTTPStatus.TOO_MANY_REQUESTS:
            wait = error.headers.get("Retry-After", "some")
            return f"too many failed attempts: wait {wait} seconds and try again"
        case http.HTTPStatus.NOT_FOUND:
            return f"{error.url}: no Hearthbeat clinic answers there: look at --server"
        case code if http.HTTPStatus.MULTIPLE_CHOICES <= code < http.HTTPStatus.BAD_REQUEST:
            where = error.headers.get("Location", "another address")
            return f"the clinic is elsewhere: it names {where}; give that as --server"
        case code if code >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
            return f"the clinic cannot answer now ({said or error.code}): try again in a minute"
        case code:
            return f"the clinic refused ({said or code})"


def _detail(error: urllib.error.HTTPError) -> str:
    try:
        said = msgspec.json.decode(error.read(ANSWER_BYTES_MAX), type=_Problem).detail
    except (OSError, http.client.HTTPException, msgspec.DecodeError):
        return ""
    return "".join(character for character in said[:300] if character.isprintable())


def unreached(url: str, reason: object, *, now: dt.datetime) -> str:
    """No answer came."""
    match reason:
        case ssl.SSLCertVerificationError():
            said = _distrusted(reason, now=now)
        case ssl.SSLError():
            said = f"it does not speak TLS as it should ({reason.reason}): look at the port"
        case socket.gaierror():
            said = "no such name is known: is it typed right, and is this home online?"
        case TimeoutError():
            said = f"no answer within {TIMEOUT_S:g} s: is this home online?"
        case ConnectionRefusedError():
            said = "nothing answers there: look at the address and its port"
        case OSError():
            said = f"cannot be reached ({reason.strerror or reason}): is this home online?"
        case _:
            said = f"did not answer as it should ({reason})"
    return f"{urlsplit(url).netloc}: {said}"


def _distrusted(error: ssl.SSLCertVerificationError, *, now: dt.datetime) -> str:
    clock = f"this machine believes that it is {now:%Y-%m-%d %H:%M} UTC"
    match error.verify_code:
        case code if code == NOT_YET_VALID:
            return f"its certificate is not valid yet, but {clock}: set the clock first"
        case code if code == EXPIRED:
            return f"its certificate has expired, or the clock is wrong: {clock}"
        case code if code in {WRONG_NAME, WRONG_ADDRESS}:
            return "its certificate is for another name: look for a typing error in --server"
        case _:
            return (
                f"its certificate is not trusted here ({error.verify_message}). Where the clinic "
                "has an authority of its own, give that authority's file with --ca"
            )
