"""Many who ask at once: one making, few at a time, and nothing from before they asked."""

import asyncio
from collections.abc import Iterator
from uuid import UUID

import pytest

from console.errors import Unavailable
from console.tenancy import scope, within
from console.together import Together

HERE = UUID(int=1)


@pytest.fixture(autouse=True)
def door() -> Iterator[None]:
    with within(HERE):
        yield


class Kitchen:
    """Makes numbered things, as soon as it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.at_once = self.most = 0
        self.go = asyncio.Event()

    async def make(self) -> int:
        self.begun += 1
        number = self.begun
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await self.go.wait()
        finally:
            self.at_once -= 1
        return number


async def settled() -> None:
    """Everything that can happen now has happened."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_who_waits_for_the_same_shares_it_and_who_comes_later_gets_a_newer_one() -> None:
    kitchen, together = Kitchen(), Together(at_once=1)
    first = [asyncio.create_task(together.get("all", kitchen.make)) for _ in range(3)]
    await settled()
    assert kitchen.begun == 1
    # What is being made was begun before these asked.
    later = [asyncio.create_task(together.get("all", kitchen.make)) for _ in range(3)]
    await settled()
    assert kitchen.begun == 1
    kitchen.go.set()
    assert await asyncio.gather(*first) == [1, 1, 1]
    assert await asyncio.gather(*later) == [2, 2, 2]


async def test_what_is_not_the_same_is_made_for_each_few_at_a_time_in_their_order() -> None:
    kitchen, together = Kitchen(), Together(at_once=2)
    tasks = [asyncio.create_task(together.get(key, kitchen.make)) for key in range(5)]
    await settled()
    assert kitchen.begun == 2
    kitchen.go.set()
    assert await asyncio.gather(*tasks) == [1, 2, 3, 4, 5]
    assert kitchen.most == 2


async def test_who_goes_away_takes_it_from_nobody() -> None:
    kitchen, together = Kitchen(), Together(at_once=1)
    gone, stays = (asyncio.create_task(together.get("all", kitchen.make)) for _ in range(2))
    await settled()
    gone.cancel()
    kitchen.go.set()
    assert await stays == 1
    assert gone.cancelled()


async def test_what_fails_is_told_to_all_who_waited_and_made_anew_for_the_next() -> None:
    together, tries = Together(at_once=1), []

    async def make() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise Unavailable("the database is away")
        return "made"

    both = [together.get("all", make) for _ in range(2)]
    found = await asyncio.gather(*both, return_exceptions=True)
    assert [str(each) for each in found] == ["the database is away"] * 2
    assert await together.get("all", make) == "made"


async def test_who_has_waited_too_long_is_told_that_it_is_busy() -> None:
    kitchen, together = Kitchen(), Together(at_once=1, wait_most_s=0.01)
    with pytest.raises(Unavailable, match="too many ask at once") as refusal:
        await together.get("all", kitchen.make)
    assert refusal.value.retry_after_s
    kitchen.go.set()
    await settled()
    assert kitchen.at_once == 0


async def test_it_is_made_within_what_the_door_has_said() -> None:
    async def make() -> object:
        return scope()

    assert await Together().get("all", make) == HERE
