"""The key of an installation that brings its own database: made once, kept beside it.

It seals second factors, so that a backup, or a copy of the database alone, makes no codes. Whoever
copies the whole data directory has both: keep that on an encrypted disk.
"""

import secrets
from pathlib import Path
from typing import Final

from hearthbeat.embedded.account import private_file
from hearthbeat.errors import DataDirectoryError

KEY_BYTES: Final = 32


def keys(named: str | None, file: Path) -> str:
    """The one in `file`, made where there is none; after the one of the settings, which seals
    where it is named: what the file's has sealed can be opened still. Raises DataDirectoryError.
    """
    kept = _read(file)
    if kept is None and named is not None:
        return named
    if kept is None:
        kept = secrets.token_urlsafe(KEY_BYTES)
        private_file(file, f"{kept}\n", None)
    return kept if named is None else f"{named},{kept}"


def _read(file: Path) -> str | None:
    try:
        kept = file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DataDirectoryError(f"{file} cannot be read: {error}") from error
    if len(kept) < KEY_BYTES or "," in kept:
        raise DataDirectoryError(
            f"{file} holds no key: put the one of before back, or move the file away and set up "
            "second factors anew (`hearthbeat user forget-factor`)"
        )
    return kept
