"""A home asks its clinic to be let in: one HTTPS request, and every refusal in plain words.

Standard library and msgspec only: this runs on a Raspberry Pi.
"""

import datetime as dt
import http.client
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
from hearthbeat.join_refusals import ANSWER_BYTES_MAX, TIMEOUT_S, refused, unreached
from wire.address import BrokerAddress
from wire.enrolment_code import is_for_source
from wire.errors import BadAddress
from wire.topics import GATEWAY_ID

PATH: Final = "/api/v1/enrolments"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
MAYBE_BURNT: Final = (
    "the code may have been used up: if it is refused, ask the clinic for a new one"
)
FOR_A_SOURCE: Final = (
    "this code is for a source that posts its readings over HTTP, not for a home gateway; "
    "docs/gateway.md says how a source uses it"
)


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


def refuse_a_sources(code: str) -> None:
    """Raises EnrolmentError for a code that a hub would burn in vain."""
    if is_for_source(code):
        raise EnrolmentError(f"{FOR_A_SOURCE}. The code has not been used")


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
            raise EnrolmentError(refused(error)) from None
    except urllib.error.URLError as error:
        raise EnrolmentError(unreached(url, error.reason, now=now)) from error
    except (OSError, http.client.HTTPException) as error:
        raise EnrolmentError(f"{unreached(url, error, now=now)}; {MAYBE_BURNT}") from error
    return _read(payload)


def _trust(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if ca is None else str(ca))
    except (OSError, ssl.SSLError) as error:
        raise EnrolmentError(f"--ca {ca}: no certificate can be read from it: {error}") from error


def _read(payload: bytes) -> Enrolment:
    try:
        found = msgspec.json.decode(payload, type=_Answer)
    except msgspec.DecodeError as error:
        raise EnrolmentError(
            f"the clinic's answer cannot be understood ({error}): is it a Hearthbeat clinic?"
        ) from None
    if found.mqtt is None:
        # A clinic of an older version makes codes that do not say whose they are.
        raise EnrolmentError(f"{FOR_A_SOURCE}. It is used up now: ask the clinic for a new one")
    if GATEWAY_ID.match(found.gateway) is None:
        raise EnrolmentError("the clinic's answer names a gateway that cannot be one")
    try:
        BrokerAddress.from_url(found.mqtt.url)
    except BadAddress as error:
        raise EnrolmentError(f"the clinic's answer names no broker: {error}") from None
    return Enrolment(gateway=found.gateway, mqtt=found.mqtt, time_zone=found.time_zone)
