"""Which system a command means: the one in the settings, or the one that `up` runs here."""

from pathlib import Path

from hearthbeat.errors import NotRunning
from hearthbeat.running import Ready, find
from hearthbeat.settings import Settings, state_directory


def running_here(data: Path | None = None) -> Ready | None:
    """What `hearthbeat up` runs on `data`, or this user's latest."""
    return find(data=data, state=state_directory())


def database_url(settings: Settings, *, data: Path | None = None) -> str:
    """Raises NotRunning where no database is named and none runs."""
    if settings.database.url is not None and data is None:
        return settings.database.url
    ready = running_here(data)
    if ready is None:
        where = f" on {data}" if data is not None else ""
        raise NotRunning(
            f"no database is named (HB_DATABASE_URL) and no `hearthbeat up` runs here{where}"
        )
    return ready.database
