"""`hearthbeat watch` in front of a real database, there or not."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from care.directory import Directory
from hearthbeat import data_directory
from hearthbeat.cli import program
from hearthbeat.feed import Feed
from ingest.committer import Committer
from ingest.unpacking import Unpacking
from store.pool import Pool
from tests.integration.ingest.home import furnish, message, reading
from vitals.reading import Reading
from wire.delivery import Delivery

Watch = Callable[..., Awaitable[Result]]


@pytest.fixture
async def clinic(pool: Pool) -> Pool:
    async with pool.acquire() as conn:
        await furnish(conn)
    return pool


def watching(**environment: str) -> Watch:
    """In a thread: the command has an event loop of its own."""

    async def run(*arguments: str) -> Result:
        called = ["watch", "--plain", *arguments]
        runner = CliRunner(env=environment)
        return await asyncio.to_thread(runner.invoke, program, called)

    return run


async def arrive(pool: Pool, database: str, count: int) -> list[Reading]:
    directory = Directory(pool, dsn=database)
    await directory.refresh()
    now = dt.datetime.now(dt.UTC)
    sent = [reading(measured_at=now - dt.timedelta(minutes=n), seq=n) for n in range(1, count + 1)]
    for each in sent:
        unpacking = Unpacking(lambda: directory.snapshot)
        batch = unpacking.begin(dt.datetime.now(dt.UTC))
        unpacking.add(batch, Delivery("hearthbeat/v1/gw-1/readings", message(each)))
        await Committer(pool, allow_unsafe=True).commit(batch)
    return sent


async def test_it_opens_with_the_last_readings(clinic: Pool, database: str) -> None:
    await arrive(clinic, database, 5)
    watched = await watching(HB_DATABASE_URL=database)("--rows", "3", "--for", "1")
    assert watched.exit_code == 0, watched.output
    assert len(watched.stdout.splitlines()) == 3
    assert watched.stderr == ""


async def test_what_it_opened_with_is_not_told_again(clinic: Pool, database: str) -> None:
    sent = await arrive(clinic, database, 4)
    now = dt.datetime.now(dt.UTC)
    feed = Feed(since=now)
    async with clinic.acquire() as conn:
        opened = await feed.latest(conn, now=now, most=2)
        arrived = await feed.arrived(conn, now=now)
        assert [one.id for one in opened] == [each.id for each in sent[2:]]
        assert not {one.id for one in opened} & {one.id for one in arrived}
        assert await feed.arrived(conn, now=now) == []


async def test_it_waits_calmly_for_a_database_that_is_away() -> None:
    away = "postgresql://nobody@127.0.0.1:1/nowhere"
    watched = await watching(HB_DATABASE_URL=away)("--for", "2.5")
    assert watched.exit_code == 0, watched.output
    assert watched.stderr.splitlines() == ["Waiting for the database …"]


async def test_it_waits_for_a_system_that_is_still_starting(tmp_path: Path) -> None:
    with data_directory.opened(tmp_path / "data"):
        watched = await watching(XDG_STATE_HOME=str(tmp_path))(
            "--data", str(tmp_path / "data"), "--for", "1.5"
        )
    assert watched.exit_code == 0, watched.output
    assert watched.stderr.splitlines() == ["Waiting for the database …"]


async def test_it_says_so_where_nothing_runs(tmp_path: Path) -> None:
    watched = await watching(XDG_STATE_HOME=str(tmp_path))("--for", "5")
    assert watched.exit_code != 0
    assert "no `hearthbeat up` runs here" in watched.output + str(watched.exception)
