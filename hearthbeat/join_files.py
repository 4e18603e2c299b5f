"""What an enrolled home keeps: the broker's password in a file of its own, and the settings."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hearthbeat.embedded.account import private_file
from hearthbeat.errors import EnrolmentError
from hearthbeat.join_settings import as_toml
from hearthbeat.joining import Enrolment

UNIT_FILE: Final = Path("/etc/hearthbeat/gateway.toml")
"""Where deploy/hearthbeat-gateway.service looks."""
CREDENTIAL: Final = "/run/credentials/hearthbeat-gateway.service/mqtt-password"
"""Where systemd shows the password to the service, whose user may not read the file itself."""
PASSWORD: Final = "mqtt-password"  # noqa: S105 - The name of its file.
CA: Final = "ca.pem"
DATA: Final = "data"
READABLE: Final = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one home's enrolment is."""

    settings: Path
    for_unit: bool
    """Whether the systemd unit reads it; else a person starts the hub on this file."""

    @classmethod
    def at(cls, settings: Path) -> "Place":
        absolute = settings.expanduser().absolute()
        return cls(settings=absolute, for_unit=absolute == UNIT_FILE)

    @property
    def password(self) -> Path:
        return self.settings.with_name(PASSWORD)

    @property
    def ca(self) -> Path:
        return self.settings.with_name(CA)


def make_ready(place: Place, *, replace: bool) -> None:
    """Raises EnrolmentError where the files cannot be written: before the code is burnt."""
    taken = [file for file in (place.settings, place.password) if file.exists()]
    if taken and not replace:
        names = " and ".join(map(str, taken))
        raise EnrolmentError(
            f"this home is enrolled already ({names}); --replace overwrites that. "
            "The code has not been used"
        )
    try:
        place.settings.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place.settings.parent):
            pass
    except OSError as error:
        raise EnrolmentError(
            f"{place.settings.parent} cannot be written ({error.strerror}): "
            "run this with sudo, or name a file of your own with --config. "
            "The code has not been used"
        ) from error


def write(place: Place, enrolment: Enrolment, *, ca: Path | None) -> None:
    """The password first: settings without it would start a hub that is refused."""
    try:
        private_file(place.password, enrolment.mqtt.password, None)
        if ca is not None:
            shutil.copyfile(ca, place.ca)
            place.ca.chmod(READABLE)
        text = as_toml(
            enrolment,
            password_file=CREDENTIAL if place.for_unit else PASSWORD,
            data_dir=None if place.for_unit else DATA,
            ca=CA if ca is not None and enrolment.mqtt.url.startswith("mqtts:") else None,
        )
        # No secret is in it, and the service's user has to read it.
        private_file(place.settings, text, None).chmod(READABLE)
        _settle(place.settings.parent)
    except OSError as error:
        raise EnrolmentError(
            f"{error.filename or place.settings}: cannot be written ({error.strerror}). The code "
            "is used up: ask the clinic for a new one when there is room"
        ) from error


def _settle(directory: Path) -> None:
    """The new names themselves survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
