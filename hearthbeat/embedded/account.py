"""Under whose name the embedded parts run: ours, or an unprivileged account where we are root.

PostgreSQL refuses to run as root, and a broker that faces a network should not.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hearthbeat.errors import DataDirectoryError, EmbeddedError

OWN_NAME: Final = "hearthbeat"
FALLBACK_NAMES: Final = ("postgres", "nobody")
"""Where no account can be made (a read-only /etc). `nobody` shares its files with other daemons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of the system, by number."""

    uid: int
    gid: int
    name: str


def account_for(directory: Path) -> Account | None:
    """Who shall own `directory` and run what lives in it; None means: whoever we are.

    A directory that exists keeps its owner, so that what was made once can be opened again.
    """
    if os.geteuid() != 0:
        refuse_anothers(directory)
        return None
    if not directory.exists():
        return _unprivileged()
    owner = directory.stat().st_uid
    return _taken_over(directory) if owner == 0 else _of(owner, directory)


def refuse_anothers(directory: Path) -> None:
    """Raises DataDirectoryError for what belongs to somebody else; root may use it all the same."""
    if os.geteuid() == 0 or not directory.exists():
        return
    owner = directory.stat().st_uid
    if owner != os.geteuid():
        raise DataDirectoryError(
            f"{directory} belongs to {name_of(owner)}: "
            "run this as that user, or choose another directory with --data"
        )


def private_directory(directory: Path, account: Account | None) -> Path:
    """Make `directory` readable by its owner only; its parents are not touched."""
    if not directory.exists():
        directory.mkdir(mode=0o700)
        if account is not None:
            os.chown(directory, account.uid, account.gid)
    directory.chmod(0o700)
    return directory


def private_file(file: Path, content: str, account: Account | None) -> Path:
    """Write `file` in one step, readable by its owner only."""
    new = file.with_name(f".{file.name}.new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        if account is not None:
            os.fchown(descriptor, account.uid, account.gid)
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)
    new.replace(file)
    return file


def _of(uid: int, directory: Path) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise DataDirectoryError(
            f"{directory} belongs to {name_of(uid)}, who has no account on this machine: "
            f"give it to one who has (`chown -R USER {directory}`), "
            "or choose another directory with --data"
        ) from error
    return Account(uid=uid, gid=entry.pw_gid, name=entry.pw_name)


def _taken_over(directory: Path) -> Account:
    """An empty one was made by an earlier root that came no further; raises DataDirectoryError."""
    account = _unprivileged()
    if any(directory.iterdir()):
        raise DataDirectoryError(
            f"{directory} belongs to root, and what lives in it does not run as root: "
            f"give it away with `chown -R {account.name} {directory}`, "
            "or choose another directory with --data"
        )
    os.chown(directory, account.uid, account.gid)
    return account


def _unprivileged() -> Account:
    for name in (OWN_NAME, *FALLBACK_NAMES):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            if name != OWN_NAME or not _made(name):
                continue
            entry = pwd.getpwnam(name)
        return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)
    raise EmbeddedError(
        "PostgreSQL does not run as root, and there is no account to run it as: "
        f"make one with `useradd --system {OWN_NAME}`, or start this as an ordinary user"
    )


def _made(name: str) -> bool:
    """Whether the system let us make the account."""
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return False
    call = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    done = subprocess.run(  # noqa: S603 - The system's own program, by its full path.
        [*call, "--shell", "/usr/sbin/nologin", "--user-group", name],
        check=False,
        capture_output=True,
    )
    return done.returncode == 0


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user number {uid}"
