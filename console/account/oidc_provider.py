"""An OpenID provider, as far as we ask it: what it says of itself, its keys, a code for a token."""

import asyncio
import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
import msgspec
from aiohttp import web
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from care.oidc_attempts import Attempt
from console.account.oidc_token import OidcError
from console.settings import OidcSettings

KNOWN_FOR: Final = dt.timedelta(hours=1)
ASK_AGAIN_AFTER: Final = dt.timedelta(minutes=1)
"""For keys that are new: a token with a made-up key must not make us ask each time."""
TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
ANSWER_MOST: Final = 256 * 1024
T = TypeVar("T", bound=Struct)
HOME: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SCOPES: Final = "openid email profile"


class Discovered(Struct, frozen=True, kw_only=True):
    """Of OpenID Connect Discovery; what else is said is not used."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = msgspec.field(
        default_factory=lambda: ["client_secret_basic"]
    )


class TokenAnswer(Struct, frozen=True, kw_only=True):
    id_token: str


class KeysAnswer(Struct, frozen=True, kw_only=True):
    keys: list[dict[str, Any]]


class Provider:
    """One provider, asked as little as can be."""

    def __init__(self, settings: OidcSettings) -> None:
        self.settings = settings
        self._discovered: tuple[Discovered, dt.datetime] | None = None
        self._keys: tuple[KeySet, dt.datetime] | None = None
        self._turn = asyncio.Lock()

    async def address(self, attempt: Attempt, *, redirect_uri: str, now: dt.datetime) -> str:
        """Where the browser is sent to sign in."""
        found = await self._discover(now)
        challenge = hashlib.sha256(attempt.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPES,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(found.authorization_endpoint).query else "?"
        return f"{found.authorization_endpoint}{joint}{urlencode(query)}"

    async def id_token(
        self, code: str, attempt: Attempt, *, redirect_uri: str, now: dt.datetime
    ) -> str:
        """What the provider gives for a code; raises OidcError."""
        found = await self._discover(now)
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": attempt.verifier,
            "client_id": self.settings.client_id,
        }
        headers: dict[str, str] = {}
        if (secret := self.settings.client_secret) is not None:
            if "client_secret_basic" in found.token_endpoint_auth_methods_supported:
                headers["Authorization"] = _basic(self.settings.client_id, secret)
            else:
                form["client_secret"] = secret
        payload = await _asked("POST", found.token_endpoint, form=form, headers=headers)
        return _read(payload, TokenAnswer).id_token

    async def keys(self, key_id: str | None, *, now: dt.datetime) -> KeySet:
        """The keys of the provider; asked for anew where this one is not among them."""
        found = await self._discover(now)
        async with self._turn:
            if self._keys is not None:
                keys, since = self._keys
                known = key_id is None or any(key.kid == key_id for key in keys.keys)
                if now - since < (KNOWN_FOR if known else ASK_AGAIN_AFTER):
                    return keys
            answer = _read(await _asked("GET", found.jwks_uri), KeysAnswer)
            signing = [key for key in answer.keys if key.get("use", "sig") == "sig"]
            try:
                keys = KeySet.import_key_set({"keys": signing})
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise OidcError("the provider's keys cannot be read") from error
            self._keys = keys, now
            return keys

    async def _discover(self, now: dt.datetime) -> Discovered:
        async with self._turn:
            if self._discovered is not None and now - self._discovered[1] < KNOWN_FOR:
                return self._discovered[0]
            issuer = self.settings.issuer
            where = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
            found = _read(await _asked("GET", where), Discovered)
            if found.issuer != issuer:
                raise OidcError("the provider gives itself another name than the settings do")
            for each in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                _safe(each)
            self._discovered = found, now
            return found


PROVIDER: Final = web.AppKey("OpenID provider", Provider)


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749, 2.3.1: both are encoded as in a form first."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _safe(address: str) -> None:
    """Codes and secrets travel over TLS, but on one machine."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HOME):
        raise OidcError("the provider names an address without TLS")


async def _asked(
    method: str,
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """No redirect is followed, and an answer has an end."""
    _safe(address)
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as client,
            client.request(
                method,
                address,
                data=form,
                headers={"Accept": "application/json", **(headers or {})},
                allow_redirects=False,
            ) as answer,
        ):
            if answer.status != web.HTTPOk.status_code:
                raise OidcError(f"the provider answers {answer.status}")
            return await _whole(answer)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise OidcError(f"the provider cannot be reached: {type(error).__name__}") from error


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    payload = await answer.content.read(ANSWER_MOST + 1)
    while not answer.content.at_eof() and len(payload) <= ANSWER_MOST:
        payload += await answer.content.read(ANSWER_MOST + 1 - len(payload))
    if len(payload) > ANSWER_MOST:
        raise OidcError("the provider says too much")
    return payload


def _read(payload: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(payload, type=kind)
    except msgspec.DecodeError as error:
        raise OidcError(f"the provider's answer is no {kind.__name__}") from error
