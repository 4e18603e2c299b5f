"""What somebody needs to put an account into their app: the picture, or the key to type."""

from dataclasses import dataclass

from aiohttp import web
from markupsafe import Markup

from care.one_time_codes import address
from care.users import User
from console.account.picture import qr
from console.web.page import page_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretShown:
    picture: Markup
    key: str
    """In groups of four."""
    address: str
    """On a telephone, a link that opens the app."""


def secret_shown(request: web.Request, user: User, secret: str) -> SecretShown:
    clinic = page_of(request).clinic
    issuer = clinic if "hearthbeat" in clinic.lower() else f"Hearthbeat {clinic}"
    where = address(secret, username=user.username, issuer=issuer)
    groups = (secret[at : at + 4] for at in range(0, len(secret), 4))
    return SecretShown(picture=qr(where), key=" ".join(groups), address=where)
