"""Whether an ID token is what it says: OpenID Connect Core, 3.1.3.7. Pure."""

import datetime as dt
import hmac
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures that only the provider can make: nothing unsigned, and no shared secret."""
LEEWAY_S: Final = 60
LONGEST: Final = 255
SEVERAL_FACTORS: Final = "mfa"
"""Of `amr` (RFC 8176): the provider has asked for more than a password."""


class OidcError(Exception):
    """The sign-in there cannot be used; the message is for our log, without personal data."""


class Expected(Struct, frozen=True, kw_only=True):
    issuer: str
    client_id: str
    nonce: str
    now: dt.datetime


class Proof(Struct, frozen=True, kw_only=True):
    """Who somebody is there."""

    issuer: str
    subject: str
    claims: dict[str, Any]

    def username(self, claim: str) -> str | None:
        """What the claim holds; an email only where the provider has verified that it is theirs."""
        found = self.claims.get(claim)
        if not isinstance(found, str) or not found or len(found) > LONGEST:
            return None
        if claim == "email" and self.claims.get("email_verified") is not True:
            return None
        return found

    @property
    def several_factors(self) -> bool:
        methods = self.claims.get("amr")
        return isinstance(methods, list) and SEVERAL_FACTORS in methods


def verified(token: str, keys: KeySet, expected: Expected) -> Proof:
    """Raises OidcError."""
    try:
        claims: dict[str, Any] = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise OidcError(
            f"the ID token is not signed as it should be: {type(error).__name__}"
        ) from error
    _for_us(claims, expected)
    _of_now(claims, expected)
    nonce, subject = claims.get("nonce"), claims.get("sub")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode(), expected.nonce.encode()
    ):
        raise OidcError("the ID token answers another request")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST:
        raise OidcError("the ID token names nobody")
    return Proof(issuer=expected.issuer, subject=subject, claims=claims)


def _for_us(claims: dict[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise OidcError("the ID token is of another issuer")
    audience = claims.get("aud")
    heard = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in heard:
        raise OidcError("the ID token is for somebody else")
    party = claims.get("azp")
    if (party is not None or len(heard) > 1) and party != expected.client_id:
        raise OidcError("the ID token was given to somebody else")


def _of_now(claims: dict[str, Any], expected: Expected) -> None:
    now = expected.now.timestamp()
    if now >= _time(claims, "exp") + LEEWAY_S:
        raise OidcError("the ID token is over")
    if _time(claims, "iat") > now + LEEWAY_S:
        raise OidcError("the ID token is of the future: look at the clocks")


def _time(claims: dict[str, Any], name: str) -> float:
    found = claims.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise OidcError(f"the ID token has no {name}")
    return found
