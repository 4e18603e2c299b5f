"""Which system a command means: the one in the settings, or one that `up` runs here.

Where several run and none is named, those who only look take the latest and say so; everybody
else refuses: what is written, or believed, must not be another clinic's.
"""

from pathlib import Path

import click

from hearthbeat.errors import NotRunning, SeveralRunning
from hearthbeat.running import Ready, all_running, find
from hearthbeat.settings import Settings, state_directory


def running_here(settings: Settings, data: Path | None = None) -> Ready | None:
    """What runs on the named directory (`data`, else up.data), or this user's latest."""
    return find(data=data or settings.up.data, state=state_directory())


def running_meant(settings: Settings, data: Path | None = None) -> Ready | None:
    """As `running_here`; raises SeveralRunning where that would be a guess."""
    named = data or settings.up.data
    if named is not None:
        return find(data=named, state=state_directory())
    found = all_running(state_directory())
    if len(found) > 1:
        raise SeveralRunning(several(found))
    return found[0] if found else None


def database_url(settings: Settings, *, data: Path | None = None) -> str:
    """For those who only look. Raises NotRunning where no database is named and none runs."""
    if settings.database.url is not None and data is None:
        return settings.database.url
    if data is None and settings.up.data is None and len(all_running(state_directory())) > 1:
        ready = running_here(settings)
        if ready is not None:
            click.echo(f"Of several, the latest is shown: --data {ready.data}", err=True)
    return _of(running_here(settings, data), data or settings.up.data)


def database_meant(settings: Settings, *, data: Path | None = None) -> str:
    """For those who write, or whose answer is relied upon. Raises NotRunning, SeveralRunning."""
    if settings.database.url is not None and data is None:
        return settings.database.url
    return _of(running_meant(settings, data), data or settings.up.data)


def several(found: list[Ready]) -> str:
    """Which there are, each as it would be named."""
    lines = [
        f"  --data {ready.data}   "
        f"({'the demonstration' if ready.is_demonstration else 'a clinic'} at {ready.console})"
        for ready in found
    ]
    said = "several `hearthbeat up` run here: say which is meant, with --data or HB_UP_DATA"
    return "\n".join([said, *lines])


def _of(ready: Ready | None, data: Path | None) -> str:
    if ready is None:
        where = f" on {data}" if data is not None else ""
        raise NotRunning(
            f"no database is named (HB_DATABASE_URL) and no `hearthbeat up` runs here{where}, "
            "or it is still starting"
        )
    return ready.database
