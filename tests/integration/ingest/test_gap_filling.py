"""What never came is noticed, asked for, and comes."""

import datetime as dt

import msgspec
import pytest

from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import Home, eventually, reading
from wire.messages import Commands, Presence, Status


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.gaps.PATIENCE", dt.timedelta(seconds=0.3))
    monkeypatch.setattr("ingest.upkeep.WATCH_EVERY_S", 0.2)


def asked(home: Home) -> Commands | None:
    return home.commands[-1] if home.commands and home.commands[-1].resend_from else None


async def test_a_hole_is_asked_for_and_the_question_withdrawn_when_it_is_filled(
    ingest: Ingest, home: Home
) -> None:
    first, second, third = (reading(seq=n) for n in (1, 2, 3))
    async with ingest():
        await home.send(first, third)
        await eventually(lambda: asked(home))
        question = home.commands[-1]
        assert question.resend_from == 2
        assert question.at is not None
        await home.send(second, third)
        await eventually(lambda: not asked(home))


async def test_a_restored_database_asks_for_the_tail_that_the_gateway_names(
    ingest: Ingest, home: Home
) -> None:
    status = Status(state=Presence.ONLINE, queue_depth=0, last_seq=5, at=dt.datetime.now(dt.UTC))
    async with ingest():
        await home.send(reading(seq=1), reading(seq=2))
        await home.status(msgspec.json.encode(status))
        await eventually(lambda: asked(home))
        assert home.commands[-1].resend_from == 3
        await home.send(*(reading(seq=n) for n in (3, 4, 5)))
        await eventually(lambda: not asked(home))


async def test_what_still_waits_in_the_gateways_outbox_is_not_asked_for(
    ingest: Ingest, home: Home
) -> None:
    status = Status(state=Presence.ONLINE, queue_depth=3, last_seq=5, at=dt.datetime.now(dt.UTC))
    async with ingest():
        await home.send(reading(seq=1), reading(seq=2))
        await home.status(msgspec.json.encode(status))
        with pytest.raises(TimeoutError):
            await eventually(lambda: asked(home), timeout_s=1.5)


async def test_a_gateway_that_has_left_is_asked_when_it_is_back(ingest: Ingest, home: Home) -> None:
    async with ingest():
        await home.status(msgspec.json.encode(Status(state=Presence.OFFLINE)))
        await home.send(reading(seq=1), reading(seq=3))
        with pytest.raises(TimeoutError):
            await eventually(lambda: asked(home), timeout_s=1.5)
        await home.status(msgspec.json.encode(Status(state=Presence.ONLINE, last_seq=3)))
        await eventually(lambda: asked(home))
