import asyncio

import pytest

from observe import health
from observe.health import Readiness
from observe.metrics import Metrics


async def test_a_check_that_finds_nothing_wrong_says_none() -> None:
    readiness = Readiness({"database": lambda: None})
    assert await readiness.troubles() == {"database": None}


async def test_troubles_are_told_in_words_by_name() -> None:
    async def away() -> str:
        return "no connection since 12 s"

    readiness = Readiness({"database": away})
    readiness.add("broker", lambda: None)
    assert await readiness.troubles() == {"database": "no connection since 12 s", "broker": None}


async def test_a_check_that_is_added_while_others_are_asked_waits_for_the_next_time() -> None:
    readiness = Readiness()

    async def starting() -> None:
        readiness.add("broker", lambda: "not yet")

    readiness.add("database", starting)
    assert await readiness.troubles() == {"database": None}
    assert (await readiness.troubles())["broker"] == "not yet"


async def test_a_check_that_hangs_is_a_check_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_TIMEOUT_S", 0.01)

    async def hangs() -> str | None:
        await asyncio.Event().wait()
        return None

    assert await Readiness({"database": hangs}).troubles() == {
        "database": "no answer within 0.01 s"
    }


def test_metrics_carry_the_house_and_the_room_in_their_names() -> None:
    metrics = Metrics("ingest")
    metrics.counter("readings", "Readings admitted.", ["verdict"]).labels(verdict="stored").inc(3)
    page, content_type = metrics.exposition()
    assert b'hearthbeat_ingest_readings_total{verdict="stored"} 3.0' in page
    assert content_type.startswith("text/plain")


@pytest.mark.parametrize("label", ["patient", "device", "gateway"])
def test_a_label_that_names_a_person_or_a_home_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match=label):
        Metrics("ingest").gauge("outbox", "Depth.", [label])
