"""What the console needs to know."""

from pathlib import Path

from msgspec import Struct

from console.client_address import Network
from ingest.letter_quota import LetterQuota


class SmsDoor(Struct, frozen=True, kw_only=True):
    """Where a provider of short messages comes in."""

    token: str
    """Signs what the provider sends."""
    url: str
    """Of the console, as the provider reaches it: the signature is over it."""
    clinic_phone: str | None = None
    emergency_number: str | None = None
    """What patients are told who write to a number that nobody reads."""


class OidcSettings(Struct, frozen=True, kw_only=True):
    """The OpenID provider that people may sign in at."""

    issuer: str
    client_id: str
    client_secret: str | None = None
    claim: str = "email"
    """What a user name here is there."""
    name: str = "your organisation"
    """On the button."""


class ConsoleSettings(Struct, frozen=True, kw_only=True):
    """One console process."""

    version: str = "0"
    """Told by the API's description."""
    clinic_name: str = "Hearthbeat"
    clinic_phone: str | None = None
    emergency_number: str | None = None
    time_zone: str = "UTC"
    """Of pages for nobody in particular; organisations have their own."""
    public_url: str | None = None
    """The console as people reach it: for links, and whether cookies travel over TLS only."""
    demo: bool = False
    """A demonstration; every page says so."""
    secret_key: str | None = None
    """Seals second factors in the database; None: they stand there as they are."""
    oidc: OidcSettings | None = None
    """None: everybody signs in with a password."""
    gateway_broker: str | None = None
    """What homes are told at enrolment: mqtts://host:port, without a name."""
    sms: SmsDoor | None = None
    """None: nobody sends us any."""
    trusted_proxies: tuple[Network, ...] = ()
    """Whose word in X-Forwarded-For is taken for where a request comes from."""
    letter_quota: LetterQuota = LetterQuota()
    """As ingest's: unreadable messages come in over HTTP too."""
    audit_checkpoints: Path | None = None
    """Where checkpoints of the audit log are added, each hour."""
    allow_unsafe_database: bool = False
    """Tests only: receipt what a crash of the database would lose."""

    @property
    def secure(self) -> bool:
        """Whether people reach the console over TLS."""
        return (self.public_url or "").startswith("https://")
