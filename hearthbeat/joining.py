"""A home asks its clinic to be let in: one HTTPS request, and every refusal in plain words.

Standard library and msgspec only: this runs on a Raspberry Pi.
"""

import datetime as dt
import http
import http.client
import socket
import ssl
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import msgspec
from typing_extensions import override

from hearthbeat.errors import EnrolmentError
from wire.address import BrokerAddress
from wire.errors import BadAddress
from wire.topics import GATEWAY_ID

PATH: Final = "/api/v1/enrolments"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
TIMEOUT_S: Final = 20.0
MAYBE_BURNT: Final = (
    "the code may have been used up: if it is refused, ask the clinic for a new one"
)
ANSWER_BYTES_MAX: Final = 64 * 1024

NOT_YET_VALID, EXPIRED, WRONG_NAME, WRONG_ADDRESS = 9, 10, 62, 64
"""X509_V_ERR_*, as OpenSSL numbers why a certificate is refused."""


class BrokerSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Where the hub connects, and as whom."""

    url: str
    username: str
    password: str

    @override
    def __repr__(self) -> str:
        return f"BrokerSignIn(username={self.username!r})"


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """What the code bought."""

    gateway: str
    mqtt: BrokerSignIn
    time_zone: str | None


class _Answer(msgspec.Struct, frozen=True, kw_only=True):
    """As the clinic sends it. Later fields pass unread."""

    gateway: str
    mqtt: BrokerSignIn | None = None
    time_zone: str | None = None


class _Problem(msgspec.Struct, frozen=True):
    detail: str = ""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A code goes to the address that was typed and nowhere else."""

    @override
    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        return None


def endpoint(server: str) -> str:
    """Where to ask, from what a person typed; https, except on this machine itself."""
    typed = server if "://" in server else f"https://{server}"
    try:
        parts = urlsplit(typed)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise EnrolmentError(f"--server {server}: is not an address: {error}") from error
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise EnrolmentError(f"--server {server}: is not an address, as https://clinic.example.org")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise EnrolmentError(
            f"--server {server}: needs https: the answer is a password, "
            "and anybody on the way could read it"
        )
    base = parts.path.rstrip("/").removesuffix("/api/v1")
    return f"{parts.scheme}://{parts.netloc}{base}{PATH}"


def enrol(url: str, code: str, *, ca: Path | None, now: dt.datetime) -> Enrolment:
    """Burn the code for credentials. Raises EnrolmentError; `now` is shown for wrong clocks."""
    request = urllib.request.Request(  # noqa: S310 - `endpoint` lets only http(s) through.
        url,
        data=msgspec.json.encode({"code": code}),
        headers={"Content-Type": "application/json", "User-Agent": "hearthbeat-gateway"},
    )
    # No proxy of the environment: the hub will have to reach the broker without one, too.
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=_trust(ca)),
        _NoRedirects(),
    )
    try:
        with opener.open(request, timeout=TIMEOUT_S) as answer:
            payload = answer.read(ANSWER_BYTES_MAX + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise EnrolmentError(_refused(error)) from None
    except urllib.error.URLError as error:
        raise EnrolmentError(_unreached(url, error.reason, now=now)) from error
    except (OSError, http.client.HTTPException) as error:
        raise EnrolmentError(f"{_unreached(url, error, now=now)}; {MAYBE_BURNT}") from error
    return _read(payload)


def _trust(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise EnrolmentError(f"--ca {ca}: no certificate can be read from it: {error}") from error


def _refused(error: urllib.error.HTTPError) -> str:
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


def _unreached(url: str, reason: object, *, now: dt.datetime) -> str:
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


def _read(payload: bytes) -> Enrolment:
    try:
        found = msgspec.json.decode(payload, type=_Answer)
    except msgspec.DecodeError as error:
        raise EnrolmentError(
            f"the clinic's answer cannot be understood ({error}): is it a Hearthbeat clinic?"
        ) from None
    if found.mqtt is None:
        raise EnrolmentError(
            "this code is for a source that posts its readings over HTTP, not for a home gateway"
        )
    if GATEWAY_ID.match(found.gateway) is None:
        raise EnrolmentError("the clinic's answer names a gateway that cannot be one")
    try:
        BrokerAddress.from_url(found.mqtt.url)
    except BadAddress as error:
        raise EnrolmentError(f"the clinic's answer names no broker: {error}") from None
    return Enrolment(gateway=found.gateway, mqtt=found.mqtt, time_zone=found.time_zone)
