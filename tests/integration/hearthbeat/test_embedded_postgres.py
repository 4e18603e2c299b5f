"""The embedded database as `up` runs it. As root these use an unprivileged account."""

import asyncio
import os
import signal
from pathlib import Path

import asyncpg
import pytest

from hearthbeat.embedded import orphans, postgres
from hearthbeat.embedded.cluster import SOCKET_PATH_BYTES_MAX, reachable_socket
from hearthbeat.errors import DataDirectoryError
from hearthbeat.supervisor import Supervisor
from store.durability import QUERIES, problems
from store.errors import StoreError
from store.pool import UNREACHABLE, connect

pytestmark = pytest.mark.enable_socket


async def kept(url: str, number: int) -> list[int]:
    """Store a number, once however often it is tried; all numbers that are there."""
    conn = await connect(url, application_name="test")
    try:
        await conn.execute("create table if not exists kept (n int primary key)")
        await conn.execute("insert into kept values ($1) on conflict do nothing", number)
        return [row["n"] for row in await conn.fetch("select n from kept order by n")]
    finally:
        # Politely it may wait for ever: of a killed server, asyncpg waits for the rest.
        conn.terminate()


async def again(url: str, number: int) -> list[int]:
    """Try until the server is back."""
    async with asyncio.timeout(120):
        while True:
            try:
                return await kept(url, number)
            except (StoreError, asyncpg.PostgresError, *UNREACHABLE):
                await asyncio.sleep(0.05)


async def test_what_is_stored_is_there_at_the_next_start(tmp_path: Path) -> None:
    async with postgres.running(tmp_path / "postgres") as database:
        assert await kept(database.url, 1) == [1]
    async with postgres.running(tmp_path / "postgres") as database:
        assert await kept(database.url, 2) == [1, 2]


async def test_it_is_private_and_its_parents_keep_their_modes(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    async with postgres.running(shut / "postgres") as database:
        await kept(database.url, 1)
        assert database.cluster.home.stat().st_mode & 0o077 == 0
        assert database.cluster.data.stat().st_mode & 0o077 == 0
        assert (database.cluster.home / "secret").stat().st_mode & 0o077 == 0
        if os.geteuid() == 0:
            assert database.cluster.home.stat().st_uid != 0
    assert shut.stat().st_mode & 0o777 == 0o700


async def test_a_refused_row_does_not_stand_in_the_log(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async with postgres.running(tmp_path / "postgres") as database:
        conn = await connect(database.url, application_name="test")
        try:
            await conn.execute("create table held (mmhg int check (mmhg < 100))")
            with pytest.raises(asyncpg.CheckViolationError):
                await conn.execute("insert into held values (187187187)")
            assert await conn.fetchval("show log_error_verbosity") == "terse"
            assert await conn.fetchval("show log_min_error_statement") == "panic"
        finally:
            await conn.close()
    assert "187187187" not in "".join(capfd.readouterr())


async def test_only_the_secret_opens_it_and_only_through_the_socket(tmp_path: Path) -> None:
    async with postgres.running(tmp_path / "postgres") as database:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(database.url.replace(database.cluster.secret, "wrong"))
        conn = await connect(database.url, application_name="test")
        try:
            assert await conn.fetchval("show listen_addresses") == ""
            assert await conn.fetchval("show data_checksums") == "on"
            settings = dict(await conn.fetchrow(QUERIES["settings"]) or {})
            assert problems(settings=settings, unlogged=[]) == []
        finally:
            await conn.close()


async def test_a_path_longer_than_a_socket_address_works(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * SOCKET_PATH_BYTES_MAX)
    deep.mkdir()
    async with postgres.running(deep / "postgres") as database:
        assert await kept(database.url, 1) == [1]
        way = reachable_socket(database.cluster)
        assert way.is_symlink()
    assert not way.parent.exists()


async def test_it_comes_back_after_kill_9(tmp_path: Path) -> None:
    database = await asyncio.to_thread(postgres.prepare, tmp_path / "postgres")
    async with Supervisor(lines=lambda _, __: None, notice=lambda _: None) as supervisor:
        await supervisor.start(database.program)
        assert await kept(database.url, 0) == [0]
        for time in (1, 2):
            killed = supervisor.pid("database")
            assert killed is not None
            os.kill(killed, signal.SIGKILL)
            await asyncio.sleep(0.05)
            assert await again(database.url, time) == list(range(time + 1))
            assert supervisor.pid("database") != killed
    assert orphans.living(database.cluster.name) == []


async def test_an_orphaned_server_gives_way_to_a_new_one(tmp_path: Path) -> None:
    async with postgres.running(tmp_path / "postgres") as database:
        assert await kept(database.url, 1) == [1]
    program = database.program
    account = program.account
    # As after a kill -9 of a supervisor on a system whose kernel does not tell the children.
    left_over = await asyncio.create_subprocess_exec(
        *program.argv,
        cwd=program.cwd,
        env=dict(program.environment),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert await again(database.url, 2) == [1, 2]
    async with postgres.running(tmp_path / "postgres") as found:
        assert await left_over.wait() == 0
        assert await kept(found.url, 3) == [1, 2, 3]


async def test_a_pid_file_of_the_dead_is_no_hindrance(tmp_path: Path) -> None:
    async with postgres.running(tmp_path / "postgres") as database:
        await kept(database.url, 1)
    # A number that is taken: our own.
    stale = f"{os.getpid()}\n/proc/self/cwd\n1\n5432\n.\n\n"
    (database.cluster.data / "postmaster.pid").write_text(stale)
    async with postgres.running(tmp_path / "postgres") as database:
        assert await kept(database.url, 2) == [1, 2]


async def test_a_half_made_cluster_is_made_again(tmp_path: Path) -> None:
    async with postgres.running(tmp_path / "postgres") as database:
        await kept(database.url, 1)
    (database.cluster.home / "made").unlink()
    async with postgres.running(tmp_path / "postgres") as database:
        assert await kept(database.url, 1) == [1]


def test_somebody_elses_data_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    (tmp_path / "postgres" / "data" / "PG_VERSION").write_text("18\n")
    with pytest.raises(DataDirectoryError, match="not made by hearthbeat: it is left alone"):
        postgres.prepare(tmp_path / "postgres")
    assert (tmp_path / "postgres" / "data" / "PG_VERSION").exists()
