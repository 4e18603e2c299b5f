"""Where the broker is, and how to be let in."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import SplitResult, unquote, urlsplit

from wire.errors import BadAddress

Protocol = Literal["auto", "5", "3.1.1"]
"""`auto` asks for MQTT 5 and takes 3.1.1 from a broker that can't do better."""

PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """PEM files. Read again at each connection, so that a renewed certificate needs no restart."""

    ca: Path | None = None
    """Who may vouch for the broker; None for the authorities that the system trusts."""
    certificate: Path | None = None
    """Our own certificate chain, where the broker asks for one; its common name is who we are."""
    key: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerAddress:
    """One broker. The password never shows in `repr`."""

    host: str
    port: int
    tls: TlsFiles | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    protocol: Protocol = "auto"

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        tls: TlsFiles | None = None,
        password: str | None = None,
        protocol: Protocol = "auto",
    ) -> Self:
        """`mqtt://user:secret@host:1883`, or `mqtts://` for TLS; user, secret, port may be absent.

        A `password` given apart (from a secret's file) goes before the one in the URL.
        """
        parts = _split(url)
        secure = parts.scheme == "mqtts"
        if tls is not None and not secure:
            raise BadAddress("TLS files are given, but the URL says mqtt:// and not mqtts://")
        inline = None if parts.password is None else unquote(parts.password)
        return cls(
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            tls=(tls or TlsFiles()) if secure else None,
            username=None if parts.username is None else unquote(parts.username),
            password=inline if password is None else password,
            protocol=protocol,
        )

    @property
    def shown(self) -> str:
        """For logs and people: no user, no secret."""
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"


def _split(url: str) -> SplitResult:
    """The parts of the URL. Errors don't repeat it: there may be a password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("the broker URL can't be read: look at its host and port") from error
    if parts.scheme not in PORTS:
        raise BadAddress("a broker URL begins with mqtt:// or mqtts://")
    if not parts.hostname or port == 0:
        raise BadAddress("the broker URL names no host, or port 0")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise BadAddress("a broker URL ends after host and port")
    return parts
