"""A PostgreSQL cluster on disk: where its parts lie, how it is made, how it is reached."""

import contextlib
import hashlib
import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from hearthbeat.embedded.account import Account, name_of, private_directory, private_file
from hearthbeat.embedded.binaries import Binaries
from hearthbeat.errors import DatabaseStartError, DataDirectoryError

SUPERUSER: Final = "hearthbeat"
DATABASE: Final = "hearthbeat"
PORT: Final = 5432
SOCKET_PATH_BYTES_MAX: Final = 107
"""Linux has 108 in `sun_path`, a terminating zero included."""
BUILTIN_LOCALE_SINCE: Final = 17
"""The first version with a UTF-8 locale of its own, the same on every machine."""

HERE: Final = "/proc/self/cwd"
"""The data directory as the server calls it: it works where the parents of the directory are shut
to the server's account, so they need no other mode than they have."""

_HBA: Final = "# Sockets only, and only with the generated secret.\nlocal all all scram-sha-256\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One data directory."""

    home: Path
    """Ours: it holds `data` (PostgreSQL's) and the secret."""
    account: Account | None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def name(self) -> str:
        """In the title of every process of this cluster, by which an orphan is known."""
        digest = hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()
        return f"hearthbeat-{digest[:16]}"

    @property
    def secret(self) -> str:
        return (self.home / "secret").read_text(encoding="utf-8").strip()


def url(cluster: Cluster, *, database: str = DATABASE) -> str:
    """For asyncpg, SQLAlchemy and libpq alike."""
    socket = quote(str(reachable_socket(cluster)), safe="/")
    return f"postgresql://{SUPERUSER}:{quote(cluster.secret)}@/{database}?host={socket}&port={PORT}"


def make(cluster: Cluster, binaries: Binaries) -> None:
    """Run initdb, once; a half-made cluster (we were killed meanwhile) is made again."""
    private_directory(cluster.home, cluster.account)
    made, secret = cluster.home / "made", cluster.home / "secret"
    if made.exists():
        _refuse_mixed(cluster)
        return
    refuse_foreign(cluster.home)
    if cluster.data.exists():
        shutil.rmtree(cluster.data)
    private_file(secret, secrets.token_urlsafe(32) + "\n", cluster.account)
    private_directory(cluster.data, cluster.account)
    _initdb(cluster, binaries)
    private_file(cluster.data / "pg_hba.conf", _HBA, cluster.account)
    private_file(made, f"PostgreSQL {binaries.major}\n", cluster.account)


def refuse_foreign(home: Path) -> None:
    """Raises DataDirectoryError for a database that somebody else put there."""
    data = home / "data"
    if data.exists() and not (home / "secret").exists():
        raise DataDirectoryError(f"{data} was not made by hearthbeat: it is left alone")


def _refuse_mixed(cluster: Cluster) -> None:
    """PostgreSQL opens its own files only; a copy may have changed whose they are."""
    owner, wanted = cluster.data.stat().st_uid, cluster.home.stat().st_uid
    if owner != wanted:
        raise DataDirectoryError(
            f"{cluster.data} belongs to {name_of(owner)} and {cluster.home} to {name_of(wanted)}: "
            f"make them one's with `chown -R {name_of(wanted)} {cluster.home}`"
        )


def _initdb(cluster: Cluster, binaries: Binaries) -> None:
    locale = (
        ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        if binaries.major >= BUILTIN_LOCALE_SINCE
        else ["--locale=C.UTF-8"]
    )
    account = cluster.account
    done = subprocess.run(  # noqa: S603 - Binaries found by us.
        [
            binaries.path("initdb"),
            *("-D", HERE, "-U", SUPERUSER, "-E", "UTF8", *locale),
            *("-A", "scram-sha-256", "--pwfile=../secret", "--data-checksums"),
        ],
        cwd=cluster.data,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise DatabaseStartError(f"the database could not be made:\n{done.stderr.strip()}")


def reachable_socket(cluster: Cluster) -> Path:
    """The directory with the socket, by a path that is short enough for a socket address."""
    plain = cluster.data.resolve()
    if len(os.fsencode(plain / f".s.PGSQL.{PORT}")) <= SOCKET_PATH_BYTES_MAX:
        return plain
    short = _short(cluster)
    short.mkdir(mode=0o700, exist_ok=True)
    found = short.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077 or short.is_symlink():
        raise DataDirectoryError(f"{short} was made by somebody else; remove it")
    link = short / "pg"
    if not link.is_symlink() or link.readlink() != plain:
        link.unlink(missing_ok=True)
        link.symlink_to(plain)
    return link


def forget_socket(cluster: Cluster) -> None:
    """Remove the short path, where there is one; `reachable_socket` makes it anew."""
    short = _short(cluster)
    with contextlib.suppress(OSError):  # Somebody else's, or somebody has put something there.
        (short / "pg").unlink(missing_ok=True)
        short.rmdir()


def _short(cluster: Cluster) -> Path:
    return Path(tempfile.gettempdir()) / f"{cluster.name}-{os.geteuid()}"
