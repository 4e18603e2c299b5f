"""Channels that are an HTTP request: signed webhook, ntfy, SMS."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from typing import Any, Final

import aiohttp
import msgspec
from msgspec import Struct
from yarl import URL

from alerts.telling.notify.message import Failed, Message, Sent

TOO_MANY: Final = 429
TIMED_OUT: Final = 408
OUR_FAULT: Final = range(400, 500)
FINE: Final = range(200, 300)
ANSWER_MOST: Final = 64 * 1024
SIGNATURE: Final = "X-Hearthbeat-Signature"

Clock = Callable[[], dt.datetime]


class Request(Struct, frozen=True, kw_only=True):
    url: str
    headers: dict[str, str] = {}
    data: bytes | dict[str, str] = b""
    user: tuple[str, str] | None = None


class HttpClient:
    """One session for all channels; follows no redirects, which could lead anywhere."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def post(self, request: Request) -> tuple[Sent | Failed, Any]:
        """What came of it, and the answer's JSON where it had one."""
        headers = dict(request.headers)
        if request.user is not None:
            headers["Authorization"] = aiohttp.encode_basic_auth(*request.user)
        try:
            async with self._session.post(
                URL(request.url),
                data=request.data,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=20),
            ) as response:
                body = await response.content.read(ANSWER_MOST)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            again = not isinstance(error, aiohttp.InvalidURL | ValueError)
            return Failed(why=f"request failed: {type(error).__name__}", again=again), None
        if response.status in FINE:
            return Sent(), _json(body)
        ours = response.status in OUR_FAULT and response.status not in {TOO_MANY, TIMED_OUT}
        return Failed(why=f"answered {response.status}", again=not ours), None


class WebhookSender:
    """JSON to a URL, signed: `t` is the time of signing, `v1` HMAC-SHA256 over `t.body`."""

    def __init__(self, client: HttpClient, *, secret: str | None, clock: Clock) -> None:
        self._client = client
        self._secret = secret
        self._clock = clock

    async def send(self, message: Message) -> Sent | Failed:
        secret = message.secret or self._secret
        if secret is None:
            return Failed(why="no secret to sign with", again=False)
        if URL(message.address).scheme not in {"http", "https"}:
            return Failed(why="not an http address", again=False)
        body = msgspec.json.encode(
            {
                "id": message.id,
                "subject": message.subject,
                "body": message.body,
                "created_at": message.created_at,
            }
        )
        request = Request(
            url=message.address,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": str(message.id),
                SIGNATURE: signature(body, secret=secret, at=self._clock()),
            },
        )
        outcome, _ = await self._client.post(request)
        return outcome


def signature(body: bytes, *, secret: str, at: dt.datetime) -> str:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"t={stamp},v1={digest.hexdigest()}"


class NtfySender:
    """An ntfy topic: the address is its URL, or a topic of the configured server."""

    def __init__(self, client: HttpClient, *, server: str, token: str | None = None) -> None:
        self._client = client
        self._server = server.rstrip("/")
        self._token = token

    async def send(self, message: Message) -> Sent | Failed:
        elsewhere = message.address.startswith(("http://", "https://"))
        headers = {"Title": message.subject, "Tags": "bell"}
        if self._token is not None and not elsewhere:
            headers["Authorization"] = f"Bearer {self._token}"
        url = message.address if elsewhere else f"{self._server}/{message.address}"
        outcome, answer = await self._client.post(
            Request(url=url, headers=headers, data=message.body.encode())
        )
        return _with_id(outcome, answer, "id")


class SmsSettings(Struct, frozen=True, kw_only=True):
    """An account at Twilio, or at anybody who speaks its API."""

    url: str
    """The API's root: `…/2010-04-01` is put behind it."""
    account: str
    token: str
    sender: str
    report_url: str | None = None
    """Where the provider reports what became of a message; None: it is not asked to."""


class SmsSender:
    def __init__(self, client: HttpClient, settings: SmsSettings) -> None:
        self._client = client
        self._settings = settings

    async def send(self, message: Message) -> Sent | Failed:
        settings = self._settings
        root = settings.url.rstrip("/")
        outcome, answer = await self._client.post(
            Request(
                url=f"{root}/2010-04-01/Accounts/{settings.account}/Messages.json",
                data={
                    "To": message.address,
                    "From": settings.sender,
                    "Body": message.body,
                    **_report(settings.report_url, message),
                },
                user=(settings.account, settings.token),
            )
        )
        return _with_id(outcome, answer, "sid")


def _report(url: str | None, message: Message) -> dict[str, str]:
    return {} if url is None else {"StatusCallback": f"{url}?message={message.id}"}


class ConsoleSender:
    """For who has the console open: the row itself is the message."""

    async def send(self, message: Message) -> Sent | Failed:
        return Sent(provider_id=str(message.id))


def _with_id(outcome: Sent | Failed, answer: Any, field: str) -> Sent | Failed:
    if isinstance(outcome, Sent) and isinstance(answer, dict):
        found = answer.get(field)
        # No column holds NUL or half a character: what was sent would be sent again and again.
        name = "".join(filter(str.isprintable, str(found)[:200]))
        return Sent(provider_id=None if found is None else name)
    return outcome


def _json(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
