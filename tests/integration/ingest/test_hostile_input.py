"""Everything bad in the middle of good ones: the good stored, the bad kept, nothing stuck."""

import resource

from store.pool import Pool
from store.schema import UNCLAIMED
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import Home, message, reading, until
from tests.integration.ingest.hostile import HOSTILE, NONSENSE

GROWTH_MIB_MAX = 150


async def test_every_hostile_message_is_kept_and_the_good_ones_around_it_are_stored(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bad = {name: made() for name, made in HOSTILE.items()}
    good = [reading(seq=n) for n in range(1, len(bad) + 2)]
    async with ingest():
        for each, payload in zip(good, bad.values(), strict=False):
            await home.send(each)
            await home.say(payload)
        await home.send(good[-1])
        await home.answered(good)
    assert set(home.committed) == {each.id for each in good}
    assert await clinic.fetchval("SELECT count(*) FROM readings") == len(good)
    rows = await clinic.fetch("SELECT payload, error, gateway_id FROM dead_letters")
    kept = b"\n".join(row["payload"] for row in rows)
    for name, payload in bad.items():
        assert payload[:100_000] in kept or _reading_in(payload) in kept, name
    assert all(row["error"] and row["gateway_id"] == "gw-1" for row in rows)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    assert grown < GROWTH_MIB_MAX


def _reading_in(payload: bytes) -> bytes:
    """A message of one bad reading is kept as that reading."""
    return payload[payload.find(b"[") + 1 : payload.rfind(b"]")] or payload


async def test_what_no_living_body_shows_is_a_row_with_its_reason(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    sent = [reading(values=values) for values, _ in NONSENSE.values()]
    async with ingest():
        await home.send(*sent)
        await home.answered(sent)
    reasons = [reason for _, reason in NONSENSE.values()]
    assert home.quarantined == dict(zip((each.id for each in sent), reasons, strict=True))
    assert await clinic.fetchval("SELECT count(patient_id) FROM readings") == 0


async def test_the_same_unreadable_message_again_is_counted_not_copied(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    async with ingest():
        for _ in range(3):
            await home.say(b"nonsense")
        good = reading()
        await home.send(good)
        await home.answered([good])
    assert await clinic.fetchval("SELECT sum(times) FROM dead_letters") == 3
    assert await clinic.fetchval("SELECT count(*) FROM dead_letters") == 1


async def test_a_topic_that_is_none_of_ours_stops_nobody(ingest: Ingest, home: Home) -> None:
    async with ingest():
        await home.say(b"x", topic="hearthbeat/v1/../readings")
        await home.say(b"x", topic="hearthbeat/v1/" + "g" * 3000 + "/readings")
        good = reading()
        await home.send(good)
        await home.answered([good])


async def test_one_row_that_the_database_refuses_does_not_hold_up_the_others(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    good = [reading(seq=n) for n in range(1, 100)]
    # Readable, plausible, and further from UTC than the tables believe.
    far = "2026-11-20T08:15:05+23:59"
    bad = reading(seq=100, measured_at=type(good[0].measured_at).fromisoformat(far))
    async with ingest():
        await home.send(*good[:50], bad, *good[50:])
        await home.answered([*good, bad])
    assert set(home.committed) == {each.id for each in good}
    assert home.rejected == {bad.id: "unstorable"}
    letter = await clinic.fetchrow("SELECT error, payload FROM dead_letters")
    assert letter is not None
    assert "constraint_name=readings_utc_offset_s" in letter["error"]
    assert str(bad.id).encode() in letter["payload"]
    received = await clinic.fetchval("SELECT received::text FROM gateway_progress")
    assert received == "{[1,101)}"


async def test_an_unenrolled_gateways_readings_are_kept_for_whoever_claims_it(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    topic = "hearthbeat/v1/stranger/readings"
    async with ingest():
        await home.say(message(reading()), topic=topic)
        await until(clinic, "SELECT count(*) = 1 FROM readings")
    row = await clinic.fetchrow("SELECT organisation_id, reason FROM readings")
    assert row is not None
    assert (row["organisation_id"], row["reason"]) == (UNCLAIMED, "unknown_gateway")
