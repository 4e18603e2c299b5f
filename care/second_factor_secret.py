"""The secret of a second factor as the database keeps it: sealed, where the installation has a key.

Whoever has only the database, or a backup of it, cannot make codes of a sealed one.
"""

import base64
import hashlib
from dataclasses import dataclass
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

PLAIN: Final = "plain:"
SEALED: Final = "fernet:"


class SealedElsewhereError(Exception):
    """No key of this installation opens it: the setting console.secret_key was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """With the keys of an installation, comma between: the first one seals, each of them opens."""

    keys: str | None

    def close(self, secret: str) -> str:
        fernet = self._fernet()
        if fernet is None:
            return PLAIN + secret
        return SEALED + fernet.encrypt(secret.encode()).decode()

    def open(self, kept: str) -> str:
        """Raises SealedElsewhereError."""
        if kept.startswith(PLAIN):
            return kept.removeprefix(PLAIN)
        fernet = self._fernet()
        if fernet is None:
            raise SealedElsewhereError("console.secret_key is not set any more")
        try:
            return fernet.decrypt(kept.removeprefix(SEALED)).decode()
        except InvalidToken as error:
            raise SealedElsewhereError("console.secret_key holds none that opens it") from error

    def _fernet(self) -> MultiFernet | None:
        if self.keys is None:
            return None
        return MultiFernet([Fernet(_key(each.strip())) for each in self.keys.split(",")])


def _key(words: str) -> bytes:
    """32 bytes of what is random enough already: the settings ask for 32 characters."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factor\0" + words.encode()).digest())
