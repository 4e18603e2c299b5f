"""A real OpenID provider, small: HTTP, real signatures, and whatever mischief a test asks for."""

import base64
import datetime as dt
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from observe.health import serving

CLIENT_ID = "hearthbeat"
CLIENT_SECRET = "of the client: secret"


@cache
def made_key() -> RSAKey:
    """One for all tests: it takes a while."""
    return RSAKey.generate_key(2048, {"kid": "first"})


@dataclass
class OpenIdProvider:
    """Signs everybody in at once as `claims` say."""

    clock: Callable[[], dt.datetime]
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """Over those of a good token; None leaves one out."""
    algorithm: str = "RS256"
    key: RSAKey = field(default_factory=made_key)
    published: RSAKey | None = None
    """None: the one that signs."""
    issuer_told: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    async def discovery(self, _: web.Request) -> web.Response:
        self._count("discovery")
        return web.json_response(
            {
                "issuer": self.issuer_told or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, _: web.Request) -> web.Response:
        self._count("keys")
        key = self.published or self.key
        return web.json_response(KeySet([key]).as_dict(private=False))

    async def authorize(self, request: web.Request) -> web.Response:
        query = dict(request.query)
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = secrets.token_urlsafe()
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"], "iss": self.issuer})
        return web.Response(status=302, headers={"Location": f"{query['redirect_uri']}?{back}"})

    async def token(self, request: web.Request) -> web.Response:
        self._count("token")
        form = await request.post()
        expected = base64.b64encode(f"{CLIENT_ID}:of%20the%20client%3A%20secret".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {expected}":
            return web.json_response({"error": "invalid_client"}, status=401)
        asked = self.codes.pop(str(form["code"]), None)
        verifier = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (
            asked is None
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response(
            {"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}
        )

    def id_token(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "1",
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email_verified": True,
            **self.claims,
        }
        good = {name: value for name, value in claims.items() if value is not None}
        if self.algorithm == "none":
            head, body = ({"alg": "none", "kid": self.key.kid}, good)
            return ".".join([*(_packed(each) for each in (head, body)), ""])
        if self.algorithm == "HS256":  # With the public key as the secret: an old trick.
            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256"}, good, public, algorithms=["HS256"])
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, good, self.key, algorithms=[self.algorithm])

    def _count(self, what: str) -> None:
        self.asked[what] = self.asked.get(what, 0) + 1


def _packed(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(part)).rstrip(b"=").decode()


@asynccontextmanager
async def provided(clock: Callable[[], dt.datetime]) -> AsyncIterator[OpenIdProvider]:
    provider = OpenIdProvider(clock=clock)
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", provider.discovery)
    app.router.add_get("/keys", provider.keys)
    app.router.add_get("/authorize", provider.authorize)
    app.router.add_post("/token", provider.token)
    async with serving(app, host="127.0.0.1", port=0) as port:
        provider.issuer = f"http://127.0.0.1:{port}"
        yield provider
