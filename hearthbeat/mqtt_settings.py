"""What the section [mqtt] means: the broker's address for our own processes, and for homes.

No package of the clinic is needed for it: a home gateway reads it too.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from hearthbeat.errors import SettingsError
from hearthbeat.settings import Mqtt
from wire.address import BrokerAddress, TlsFiles
from wire.errors import BadAddress


def broker_address(mqtt: Mqtt, *, missing: str) -> BrokerAddress:
    """Where the broker is; raises SettingsError, with `missing` where none is named."""
    if not mqtt.url:
        raise SettingsError(missing)
    files = TlsFiles(ca=mqtt.ca, certificate=mqtt.certificate, key=mqtt.key)
    try:
        address = BrokerAddress.from_url(
            mqtt.url,
            tls=None if files == TlsFiles() else files,
            password=mqtt.password,
            protocol=mqtt.protocol,
        )
    except BadAddress as error:
        raise SettingsError(f"mqtt.url: {error}") from error
    return address if mqtt.username is None else replace(address, username=mqtt.username)


def told_to_homes(mqtt: Mqtt) -> str | None:
    """The broker's address for a home: without the name and password that we have there."""
    named = mqtt.public_url or mqtt.url
    if named is None:
        return None
    parts = urlsplit(named)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
