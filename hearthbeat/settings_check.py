"""What the types of the settings cannot say: values that do not fit together, and doubts."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from hearthbeat.errors import SettingsError
from hearthbeat.settings import Settings
from wire.topics import GATEWAY_ID

SECRET_KEY_MIN: Final = 32
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def doubts(settings: Settings) -> Iterator[str]:
    """What can be used but is worth a second look; raises SettingsError for what cannot."""
    if settings.database.pool_min > settings.database.pool_max:
        raise SettingsError("database.pool_min is above database.pool_max")
    zone_named("clinic.time_zone", settings.clinic.time_zone)
    if settings.gateway.time_zone:
        zone_named("gateway.time_zone", settings.gateway.time_zone)
    if settings.gateway.id is not None and not GATEWAY_ID.match(settings.gateway.id):
        raise SettingsError("gateway.id is 1 to 64 letters, digits, - and _")
    networks_named("console.trusted_proxies", settings.console.trusted_proxies)
    _sign_in(settings)
    _files(settings)
    yield from _addresses(settings)


def _sign_in(settings: Settings) -> None:
    key, oidc = settings.console.secret_key, settings.oidc
    if key is not None and any(len(each.strip()) < SECRET_KEY_MIN for each in key.split(",")):
        raise SettingsError(f"console.secret_key needs at least {SECRET_KEY_MIN} characters")
    if oidc.issuer is None:
        return
    for name, url in (("oidc.issuer", oidc.issuer), ("console.public_url", public_url(settings))):
        if url is None:
            raise SettingsError(f"oidc.issuer needs {name}, where people are sent back to")
        parts = _parts(name, url)
        if parts.scheme != "https" and (parts.scheme, parts.hostname in _LOOPBACK) != (
            "http",
            True,
        ):
            raise SettingsError(f"{name} does not begin with https://")
    if oidc.client_id is None:
        raise SettingsError("oidc.issuer needs oidc.client_id")


def public_url(settings: Settings) -> str | None:
    """Where people reach the console, without a slash at its end; None where nobody has said."""
    url = settings.console.public_url or settings.alerts.base_url
    return url and url.rstrip("/")


def _addresses(settings: Settings) -> Iterator[str]:
    if settings.database.url is None:
        yield "no database is named: `hearthbeat up` brings its own, other commands use that one"
    elif _parts("database.url", settings.database.url).scheme not in {"postgresql", "postgres"}:
        raise SettingsError("database.url does not begin with postgresql://")
    if settings.mqtt.url is None:
        yield "no broker is named: `hearthbeat up` brings its own, other commands use that one"
    else:
        broker = _parts("mqtt.url", settings.mqtt.url)
        if broker.scheme not in {"mqtt", "mqtts"}:
            raise SettingsError("mqtt.url begins with neither mqtt:// nor mqtts://")
        if broker.scheme == "mqtt" and broker.hostname not in _LOOPBACK:
            yield "mqtt.url has no TLS: readings would cross the network in the clear"
    if settings.console.host not in _LOOPBACK:
        yield f"the console listens at {settings.console.host}: put TLS in front of it"


def _parts(key: str, url: str) -> SplitResult:
    """The parts of an address, which errors do not repeat: there may be a password in it."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # Only asking for it reads it.
    except ValueError:
        raise SettingsError(f"{key} cannot be read: look at its host and port") from None
    return parts


def _files(settings: Settings) -> None:
    for name in ("ca", "certificate", "key"):
        file: Path | None = getattr(settings.mqtt, name)
        if file is not None and not file.is_file():
            raise SettingsError(f"mqtt.{name}: {file} is not a file")
    if (settings.mqtt.certificate is None) != (settings.mqtt.key is None):
        raise SettingsError("mqtt.certificate and mqtt.key belong together; only one is given")


def zone_named(key: str, name: str) -> ZoneInfo:
    """Raises SettingsError naming `key`."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingsError(
            f"{key}: {name!r} is not an IANA time zone, as Europe/Berlin"
        ) from error


def networks_named(key: str, text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks with commas between. Raises SettingsError naming `key`."""
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise SettingsError(
            f"{key}: {error}; write addresses or networks, as 127.0.0.1, 10.1.0.0/16"
        ) from error
