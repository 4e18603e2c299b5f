"""Passwords and gateway secrets of a demonstration: made once for a data directory, kept there."""

import secrets
from pathlib import Path
from typing import Final

import msgspec

from hearthbeat.embedded.account import private_file
from hearthbeat.errors import DataDirectoryError

PASSWORD_BYTES: Final = 12


class Keepsakes(msgspec.Struct, kw_only=True):
    """What only this directory knows: the database has hashes."""

    passwords: dict[str, str] = {}
    """By user name."""
    gateways: dict[str, str] = {}
    """By gateway id."""

    def password(self, username: str) -> str:
        """Made at the first call, kept from then on."""
        return self.passwords.setdefault(username, secrets.token_urlsafe(PASSWORD_BYTES))


def load(file: Path) -> Keepsakes:
    """What was kept, or nothing yet; raises DataDirectoryError for what is no such file."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Keepsakes)
    except FileNotFoundError:
        return Keepsakes()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise DataDirectoryError(
            f"{file} is damaged: put it back from a copy, or choose another directory with --data"
        ) from error


def save(kept: Keepsakes, file: Path) -> None:
    """For its owner only."""
    private_file(file, msgspec.json.encode(kept).decode(), None)
