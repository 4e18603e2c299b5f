"""A gateway that floods us with what nobody can read: bounded, seen, and nobody else's trouble."""

import asyncio
import datetime as dt
import itertools
from collections.abc import Iterator
from uuid import UUID

import pytest

from care.directory import Directory
from care.registry import add_gateway
from ingest import dead_letters, letter_upkeep
from ingest.batch import Batch
from ingest.committer import Committer
from ingest.dead_letters import STRANGERS, Letter
from ingest.instruments import Instruments
from ingest.letter_quota import QUOTA, LetterQuota
from ingest.replay import TRUNCATED, replay
from ingest.unpacking import Unpacking
from observe.metrics import Metrics
from store.pool import Pool
from store.schema import UNCLAIMED
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import Home, message, reading
from tests.unit.ingest.clinic import NOW
from wire.address import BrokerAddress
from wire.delivery import Delivery

SMALL = LetterQuota(most_letters=5, most_bytes=300, beginning_bytes=32)
LONG = 100
"""Bytes of each letter here: three fit."""


@pytest.fixture(autouse=True)
def small_quota() -> Iterator[None]:
    token = QUOTA.set(SMALL)
    yield
    QUOTA.reset(token)


def flood(number: int, *, gateway: str = "gw-1") -> Delivery:
    return Delivery(f"hearthbeat/v1/{gateway}/readings", (b"%d" % number).ljust(LONG, b"."))


async def taken(pool: Pool, database: str, *deliveries: Delivery) -> Batch:
    directory = Directory(pool, dsn=database)
    await directory.refresh()
    unpacking = Unpacking(lambda: directory.snapshot)
    batch = unpacking.begin(NOW)
    for delivery in deliveries:
        unpacking.add(batch, delivery)
    await Committer(pool, allow_unsafe=True).commit(batch)
    return batch


async def sizes(pool: Pool, gateway: str = "gw-1") -> list[int]:
    rows = await pool.fetch(
        "SELECT octet_length(payload) AS kept FROM dead_letters WHERE gateway_id = $1 ORDER BY id",
        gateway,
    )
    return [row["kept"] for row in rows]


async def used(pool: Pool, sender: str = "gw-1") -> tuple[int, ...]:
    row = await pool.fetchrow(
        "SELECT letters, bytes, truncated, only_counted FROM dead_letter_senders WHERE sender = $1",
        sender,
    )
    assert row is not None
    return tuple(row)


async def whose(pool: Pool) -> list[UUID]:
    rows = await pool.fetch("SELECT DISTINCT organisation_id FROM gateways")
    return [*(row["organisation_id"] for row in rows), UNCLAIMED]


async def test_after_the_quota_the_beginning_is_kept_and_after_that_the_count(
    clinic: Pool, database: str
) -> None:
    for number in range(10, 19):
        await taken(clinic, database, flood(number))
    whole, beginning = LONG, SMALL.beginning_bytes
    assert await sizes(clinic) == [whole] * 3 + [beginning] * 2
    assert await used(clinic) == (5, 3 * whole + 2 * beginning, 2, 4)
    marked = await clinic.fetch("SELECT size_bytes, digest FROM dead_letters ORDER BY id")
    assert [row["size_bytes"] for row in marked] == [whole] * 5
    assert len({row["digest"] for row in marked}) == 5


async def test_one_message_of_many_bad_readings_is_bounded_alike(
    clinic: Pool, database: str
) -> None:
    await taken(clinic, database, *(flood(number) for number in range(10, 30)))
    assert len(await sizes(clinic)) == SMALL.most_letters
    assert (await used(clinic))[3] == 20 - SMALL.most_letters


async def test_a_letter_that_is_there_is_counted_and_takes_nothing_of_the_quota(
    clinic: Pool, database: str
) -> None:
    for _ in range(20):
        await taken(clinic, database, flood(10), flood(10))
    assert (await used(clinic))[0] == 1
    assert await clinic.fetchval("SELECT times FROM dead_letters") == 40


async def test_a_letter_that_is_kept_is_still_counted_when_its_gateway_is_over_the_quota(
    clinic: Pool, database: str
) -> None:
    await taken(clinic, database, *(flood(number) for number in range(10, 30)))
    before = await used(clinic)
    await taken(clinic, database, flood(10))
    assert await used(clinic) == before
    assert await clinic.fetchval("SELECT max(times) FROM dead_letters") == 2


async def test_the_most_that_a_letter_can_be_counted_holds_nothing_up(
    clinic: Pool, database: str
) -> None:
    await taken(clinic, database, flood(10))
    await clinic.execute("UPDATE dead_letters SET times = 2147483646")
    for _ in range(3):
        await taken(clinic, database, flood(10))
    assert await clinic.fetchval("SELECT times FROM dead_letters") == 2147483647


async def test_a_flood_leaves_other_gateways_their_own_quota(clinic: Pool, database: str) -> None:
    organisation = await clinic.fetchval("SELECT organisation_id FROM gateways")
    async with clinic.acquire() as conn:
        await add_gateway(conn, organisation, gateway_id="gw-2")
    await taken(clinic, database, *(flood(number) for number in range(10, 30)))
    await taken(clinic, database, flood(10, gateway="gw-2"))
    assert await sizes(clinic, "gw-2") == [LONG]


async def test_made_up_names_share_one_quota(clinic: Pool, database: str) -> None:
    for number in range(10, 20):
        await taken(clinic, database, flood(number, gateway=f"made-up-{number}"))
    assert (await used(clinic, STRANGERS))[0] == SMALL.most_letters
    await taken(clinic, database, flood(10))
    assert await sizes(clinic) == [LONG]


async def test_what_a_bug_of_ours_could_not_handle_falls_under_its_gateways_quota(
    clinic: Pool, database: str
) -> None:
    for number in range(10, 20):
        await taken(clinic, database, flood(number, gateway=f"made-up-{number}"))
    subject = Letter("hearthbeat/v1/gw-1/readings", b"x" * LONG, "it could not be handled")
    async with clinic.acquire() as conn:
        await dead_letters.keep(conn, [subject], now=NOW)
    row = await clinic.fetchrow(
        "SELECT gateway_id, organisation_id, size_bytes = octet_length(payload) AS whole"
        " FROM dead_letters WHERE error LIKE 'it could%'"
    )
    assert row is not None
    assert row["gateway_id"] == "gw-1"
    assert row["organisation_id"] is not None
    assert row["whole"]


async def test_two_workers_at_once_keep_to_the_quota(clinic: Pool, database: str) -> None:
    batches = [[flood(10 + 10 * n + m) for m in range(4)] for n in range(4)]
    await asyncio.gather(*(taken(clinic, database, *batch) for batch in batches))
    assert len(await sizes(clinic)) == SMALL.most_letters
    assert (await used(clinic))[3] == 16 - SMALL.most_letters


async def test_dismissed_letters_make_room_and_are_forgotten_after_a_while(
    clinic: Pool, database: str
) -> None:
    await taken(clinic, database, *(flood(number) for number in range(10, 30)))
    seen = await whose(clinic)
    async with clinic.acquire() as conn:
        done = await letter_upkeep.dismiss(conn, organisations=seen, now=NOW, gateway="gw-1")
        assert done == SMALL.most_letters
        assert await used(clinic) == (0, 0, 0, 0)
        assert await letter_upkeep.over_quota(conn, organisations=seen) == []
        await taken(clinic, database, flood(90))
        assert (await used(clinic))[0] == 1
        assert await letter_upkeep.forget_handled(conn, before=NOW) == 0
        later = NOW + dt.timedelta(seconds=1)
        assert await letter_upkeep.forget_handled(conn, before=later) == SMALL.most_letters
    assert await sizes(clinic) == [LONG]


async def test_nobody_dismisses_another_organisations_letters(clinic: Pool, database: str) -> None:
    await taken(clinic, database, flood(10))
    async with clinic.acquire() as conn:
        done = await letter_upkeep.dismiss(
            conn, organisations=[UNCLAIMED], now=NOW, gateway="gw-1", letters=[1]
        )
    assert done == 0
    assert (await used(clinic))[0] == 1


async def test_what_nobody_has_handled_is_never_forgotten(clinic: Pool, database: str) -> None:
    await taken(clinic, database, flood(10))
    async with clinic.acquire() as conn:
        long_after = NOW + dt.timedelta(days=10_000)
        assert await letter_upkeep.forget_handled(conn, before=long_after) == 0
    assert await sizes(clinic) == [LONG]


async def test_counting_anew_finds_what_counting_along_found(clinic: Pool, database: str) -> None:
    for number in range(10, 19):
        await taken(clinic, database, flood(number), flood(number, gateway=f"made-up-{number}"))
    before = await used(clinic), await used(clinic, STRANGERS)
    await clinic.execute("UPDATE dead_letter_senders SET letters = 77, bytes = 7, truncated = 0")
    async with clinic.acquire() as conn:
        await letter_upkeep.forget_handled(conn, before=NOW)
    assert (await used(clinic), await used(clinic, STRANGERS)) == before


async def test_a_beginning_is_not_replayed_as_if_it_were_the_message(
    clinic: Pool, database: str
) -> None:
    await taken(clinic, database, *(flood(number) for number in range(10, 15)))
    number = await clinic.fetchval(
        "SELECT id FROM dead_letters WHERE size_bytes > octet_length(payload) LIMIT 1"
    )
    directory = Directory(clinic, dsn=database)
    await directory.refresh()
    result = await replay(
        clinic,
        Committer(clinic, allow_unsafe=True),
        number,
        organisations=await whose(clinic),
        snapshot=directory.snapshot,
        now=NOW,
    )
    assert result == (number, TRUNCATED, False)


async def test_good_readings_fall_under_no_quota(clinic: Pool, database: str) -> None:
    await taken(clinic, database, *(flood(number) for number in range(10, 30)))
    good = [reading(seq=n) for n in range(1, 40)]
    mixed = [Delivery(flood(0).topic, message(each)) for each in good]
    await taken(clinic, database, *mixed, flood(99))
    assert await clinic.fetchval("SELECT count(*) FROM readings") == len(good)


async def test_the_metrics_tell_what_waits(clinic: Pool, database: str) -> None:
    await taken(clinic, database, *(flood(number) for number in range(10, 30)))
    metrics = Metrics("ingest")
    async with clinic.acquire() as conn:
        Instruments(metrics).letters_wait(await letter_upkeep.totals(conn))
    text = metrics.exposition()[0].decode()
    assert 'hearthbeat_ingest_dead_letters_kept{how="whole"} 3.0' in text
    assert 'hearthbeat_ingest_dead_letters_kept{how="truncated"} 2.0' in text
    assert 'hearthbeat_ingest_dead_letters_kept{how="only_counted"} 15.0' in text


async def test_during_a_flood_another_homes_readings_are_answered(
    ingest: Ingest, home: Home, clinic: Pool, address: BrokerAddress
) -> None:
    organisation = await clinic.fetchval("SELECT organisation_id FROM gateways")
    async with clinic.acquire() as conn:
        await add_gateway(conn, organisation, gateway_id="gw-2")
    good = [reading(seq=n) for n in range(1, 11)]
    async with ingest(letter_quota=SMALL), Home.at(address, "gw-2") as flooding:

        async def flooded() -> None:
            for number in itertools.count():
                await flooding.say(
                    b"%d" % number + b"x" * 200_000, topic="hearthbeat/v1/gw-2/readings"
                )

        flood_under_way = asyncio.create_task(flooded())
        for each in good:
            await home.send(each)
            async with asyncio.timeout(5):
                await home.answered([each])
        flood_under_way.cancel()
        await asyncio.wait([flood_under_way])
    assert set(home.committed) == {each.id for each in good}
    assert await clinic.fetchval("SELECT sum(only_counted) FROM dead_letter_senders") > 0
