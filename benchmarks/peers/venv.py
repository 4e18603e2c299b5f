"""The peers' environment: .venv-peers, made on first use from the hash-locked requirements."""

import hashlib
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".venv-peers"
LOCK = ROOT / "requirements" / "peers.lock"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / ".installed"


class PeersUnavailableError(RuntimeError):
    """The peers can't be installed here; the table then says why instead of leaving them out."""


def ensure(say: Callable[[str], None]) -> Path:
    """The peers' Python; installs them (some 2 GB, about a minute) when the lock has changed."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return PYTHON
    say("installing the peers into .venv-peers (a minute or two, once)")
    venv.create(FOLDER, with_pip=True, clear=True)
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    done = subprocess.run(
        [*pip, "--require-hashes", "-r", str(LOCK)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
        raise PeersUnavailableError(last[0])
    STAMP.write_text(wanted)
    return PYTHON


def versions(python: Path, *names: str) -> dict[str, str]:
    """The installed version of each distribution."""
    ask = (
        "import sys, importlib.metadata as m; print('\\n'.join(m.version(n) for n in sys.argv[1:]))"
    )
    said = subprocess.run(
        [str(python), "-c", ask, *names], capture_output=True, text=True, check=True
    )
    return dict(zip(names, said.stdout.split(), strict=True))
