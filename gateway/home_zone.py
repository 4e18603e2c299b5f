"""The home's time zone: from the settings, else the system's."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from gateway.errors import SettingsRefused

LOCALTIME: Final = Path("/etc/localtime")
ZONES: Final = "zoneinfo/"
log = structlog.get_logger()


def home_zone(name: str) -> ZoneInfo:
    """Raises SettingsRefused for a name that is no zone."""
    if name:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SettingsRefused(f"{name!r} is no time zone: {error}") from error
    found = _system_zone()
    if found is None:
        log.warning("the system names no time zone, taking UTC")
        return ZoneInfo("UTC")
    return found


def _system_zone() -> ZoneInfo | None:
    try:
        _, found, name = str(LOCALTIME.resolve(strict=True)).partition(ZONES)
        return ZoneInfo(name) if found else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
