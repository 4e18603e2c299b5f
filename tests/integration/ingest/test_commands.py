"""The commands that look at what is kept and does not count."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from care.directory import Directory
from hearthbeat.cli import program
from ingest.committer import Committer
from ingest.letter_quota import QUOTA, LetterQuota
from ingest.unpacking import Unpacking
from store.pool import Pool
from tests.integration.ingest.home import message, reading
from tests.unit.ingest.clinic import NOW
from wire.delivery import Delivery

READINGS = "hearthbeat/v1/gw-1/readings"
Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def hearthbeat(database: str) -> Run:
    """Each command in a thread: it has an event loop of its own."""

    async def run(*arguments: str) -> Result:
        runner = CliRunner(env={"HB_DATABASE_URL": database})
        return await asyncio.to_thread(runner.invoke, program, list(arguments))

    return run


async def taken(pool: Pool, database: str, *payloads: bytes) -> None:
    directory = Directory(pool, dsn=database)
    await directory.refresh()
    unpacking = Unpacking(lambda: directory.snapshot)
    batch = unpacking.begin(NOW)
    for payload in payloads:
        unpacking.add(batch, Delivery(READINGS, payload))
    await Committer(pool, allow_unsafe=True).commit(batch)


def told(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


async def test_the_quarantine_is_listed_with_reasons_and_looked_at_again(
    hearthbeat: Run, clinic: Pool, database: str
) -> None:
    stranger = reading(device="FF:FF:FF:FF:FF:01")
    await taken(clinic, database, message(stranger))
    (held,) = told(await hearthbeat("quarantine", "list", "--json"))
    assert (held["id"], held["reason"]) == (str(stranger.id), "unknown_device")
    await hearthbeat("device", "add", stranger.device)
    looked = await hearthbeat("quarantine", "recheck")
    assert "unassigned" in looked.output
    (held,) = told(await hearthbeat("quarantine", "list", "--json"))
    assert held["reason"] == "unassigned"


async def test_dead_letters_are_listed_shown_and_replayed(
    hearthbeat: Run, clinic: Pool, database: str
) -> None:
    await taken(clinic, database, b"nonsense")
    (letter,) = told(await hearthbeat("dead-letters", "list", "--json"))
    assert letter["gateway_id"] == "gw-1"
    shown = await hearthbeat("dead-letters", "show", str(letter["id"]))
    assert "nonsense" in shown.output
    replayed = await hearthbeat("dead-letters", "replay", "--all")
    assert replayed.exit_code == 1
    assert "unreadable" in replayed.output
    missing = await hearthbeat("dead-letters", "show", "999")
    assert missing.exit_code != 0


async def test_too_many_dead_letters_are_told_and_dismissed(
    hearthbeat: Run, clinic: Pool, database: str
) -> None:
    token = QUOTA.set(LetterQuota(most_letters=2, most_bytes=10, beginning_bytes=4))
    await taken(clinic, database, b"nonsense", b"rubbish", b"humbug")
    QUOTA.reset(token)
    listed = await hearthbeat("dead-letters", "list", "--json")
    assert sorted(one["truncated"] for one in json.loads(listed.stdout)) == [False, True]
    assert "gw-1: 2 wait, of 1 only the beginning is kept" in listed.stderr
    assert "1 more came and were only counted" in listed.stderr
    assert (await hearthbeat("dead-letters", "dismiss")).exit_code == 2
    assert (
        "2 dismissed" in (await hearthbeat("dead-letters", "dismiss", "--gateway", "gw-1")).output
    )
    listed = await hearthbeat("dead-letters", "list", "--json")
    assert (told(listed), listed.stderr) == ([], "")
    handled = told(await hearthbeat("dead-letters", "list", "--replayed", "--json"))
    assert {one["outcome"] for one in handled} == {"dismissed"}


async def test_missing_readings_are_named(hearthbeat: Run, clinic: Pool, database: str) -> None:
    assert "No readings are missing" in (await hearthbeat("gateway", "gaps", "--all")).output
    await taken(clinic, database, message(reading(seq=1), reading(seq=4)))
    (gap,) = told(await hearthbeat("gateway", "gaps", "--all", "--json"))
    assert (gap["gateway"], gap["missing"], gap["count"]) == ("gw-1", "2-3", 2)
