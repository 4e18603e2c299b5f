import datetime as dt

import msgspec

from store.pool import Pool
from tests.integration.ingest.conftest import Ingest
from tests.integration.ingest.home import ADDRESS, Home, eventually, reading
from wire.messages import Presence, Status


async def test_a_reading_becomes_a_row_its_evaluation_is_asked_for_and_it_is_receipted(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    subject = reading(seq=1, frame="1e8000", profile="ua651", flags=("irregular_pulse",))
    async with ingest():
        await home.send(subject)
        await home.answered([subject])
    assert home.committed == [subject.id]
    row = await clinic.fetchrow("SELECT * FROM readings")
    assert row is not None
    assert (row["id"], row["device"], row["attribution"], row["reason"]) == (
        subject.id,
        ADDRESS,
        "assigned",
        None,
    )
    assert (row["systolic"], row["diastolic"], row["frame"]) == (128.0, 81.0, b"\x1e\x80\x00")
    assert row["local_day"] == dt.date(2026, 11, 20)
    assert row["flags"] == ["irregular_pulse", "late"]
    assert await clinic.fetchval("SELECT reading_id FROM evaluation_queue") == subject.id
    assert await clinic.fetchval("SELECT count(*) FROM dead_letters") == 0


async def test_a_repeated_reading_is_one_row_and_receipted_again(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    subject = reading()
    async with ingest():
        for times in (1, 2, 3):
            await home.send(subject)
            await home.answered_times(times)
    assert home.committed == [subject.id] * 3
    assert await clinic.fetchval("SELECT count(*) FROM readings") == 1
    assert await clinic.fetchval("SELECT count(*) FROM evaluation_queue") == 1


async def test_the_same_id_with_other_values_is_rejected_and_kept(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    first = reading()
    other = msgspec.structs.replace(first, values={"systolic": 150.0, "diastolic": 90.0})
    async with ingest():
        await home.send(first)
        await home.answered([first])
        await home.send(other)
        await eventually(lambda: home.rejected)
    assert home.rejected == {first.id: "id_reused"}
    assert await clinic.fetchval("SELECT systolic FROM readings") == 128.0
    letter = await clinic.fetchrow("SELECT * FROM dead_letters")
    assert letter is not None
    assert msgspec.json.decode(letter["payload"])["values"]["systolic"] == 150.0
    assert letter["error"].startswith("id_reused")


async def test_another_value_at_the_same_instant_is_a_conflict_and_quarantined(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    first = reading()
    other = reading(measured_at=first.measured_at, values={"systolic": 150.0, "diastolic": 90.0})
    async with ingest():
        await home.send(first)
        await home.answered([first])
        await home.send(other)
        await home.answered([other])
    assert home.quarantined == {other.id: "conflict"}
    assert await clinic.fetchval("SELECT count(*) FROM readings") == 2
    kept = await clinic.fetchval("SELECT conflict_with FROM readings WHERE id = $1", other.id)
    assert kept == first.id


async def test_a_status_becomes_a_row_of_the_gateways_health(
    ingest: Ingest, home: Home, clinic: Pool
) -> None:
    status = Status(state=Presence.ONLINE, version="1.0", queue_depth=3, last_seq=9)
    async with ingest():
        await eventually(lambda: home.commands)
        await home.status(msgspec.json.encode(status))
        async with clinic.acquire() as conn:
            row = None
            while row is None:
                row = await conn.fetchrow("SELECT * FROM gateway_health")
    assert (row["gateway_id"], row["state"], row["queue_depth"], row["last_seq"]) == (
        "gw-1",
        "online",
        3,
        9,
    )


async def test_a_gateway_is_told_its_devices_and_its_zone(ingest: Ingest, home: Home) -> None:
    async with ingest():
        await eventually(lambda: home.commands)
    (told, *_) = home.commands
    assert told.time_zone == "America/New_York"
    assert [(known.device, known.profile) for known in told.devices or []] == [(ADDRESS, "ua651")]
    assert told.resend_from is None
