import datetime as dt
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from gateway.outbox import Outbox
from gateway.outbox_file import FILE, INCREMENTAL, connect
from tests.unit.gateway.builders import NOW, opened, outbox_in, reading
from vitals.reading import Reading
from wire.codec import decode_readings, envelope
from wire.messages import Receipts, Refusal


def sequence_numbers(outbox: Outbox) -> list[int]:
    return [one.seq for one in outbox.pending_from(0, most=1000)]


def test_readings_are_numbered_without_gaps(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    outbox.add(*[reading(number) for number in range(3)], now=NOW)
    outbox.add(reading(3), now=NOW)
    assert sequence_numbers(outbox) == [1, 2, 3, 4]
    file.close()


def test_the_same_record_again_takes_no_number(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    assert len(outbox.add(reading(1), reading(1), now=NOW)) == 1
    assert outbox.add(reading(1), now=NOW) == []
    assert outbox.last_seq == 1
    file.close()


def test_a_number_is_never_used_again_even_when_its_reading_is_gone(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    (first,) = outbox.add(reading(1), now=NOW)
    outbox.settle(Receipts(committed=[first.id]), now=NOW)
    file.write(lambda c: c.execute("DELETE FROM readings"))
    outbox.add(reading(2), now=NOW)
    assert sequence_numbers(outbox) == [2]
    file.close()


def test_what_is_sent_is_the_frozen_body(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    (kept,) = outbox.add(reading(1), now=NOW)
    (pending,) = outbox.pending_from(0, most=10)
    assert msgspec.json.decode(pending.body, type=Reading) == kept
    sent = decode_readings(envelope([pending.body], sent_at=NOW))
    assert sent.message.readings == [kept]
    file.close()


def test_receipts_say_what_became_of_a_reading(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    kept = outbox.add(*[reading(number) for number in range(4)], now=NOW)
    settled = outbox.settle(
        Receipts(
            committed=[kept[0].id],
            quarantined=[Refusal(id=kept[1].id, reason="unknown_device")],
            rejected=[Refusal(id=kept[2].id, reason="unreadable")],
        ),
        now=NOW,
    )
    assert settled == [kept[0].id, kept[1].id, kept[2].id]
    assert outbox.states() == {"committed": 1, "quarantined": 1, "rejected": 1, "pending": 1}
    assert outbox.queue_depth == 1
    file.close()


def test_receipts_for_unknown_readings_are_ignored(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    outbox.add(reading(1), now=NOW)
    assert outbox.settle(Receipts(committed=[UUID(int=7)]), now=NOW) == []
    assert outbox.queue_depth == 1
    file.close()


def test_a_second_receipt_changes_nothing(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    (kept,) = outbox.add(reading(1), now=NOW)
    outbox.settle(Receipts(committed=[kept.id]), now=NOW)
    again = Receipts(rejected=[Refusal(id=kept.id, reason="late")])
    assert outbox.settle(again, now=NOW) == []
    assert outbox.states() == {"committed": 1}
    file.close()


@pytest.mark.parametrize(("from_seq", "again"), [(1, 3), (2, 2), (3, 1), (4, 0)])
def test_the_clinic_asks_again_from_a_number_on(tmp_path: Path, from_seq: int, again: int) -> None:
    file, outbox = outbox_in(tmp_path)
    kept = outbox.add(*[reading(number) for number in range(3)], now=NOW)
    outbox.settle(Receipts(committed=[one.id for one in kept]), now=NOW)
    assert outbox.ask_again(from_seq=from_seq) == again
    assert sequence_numbers(outbox) == list(range(from_seq, 4))
    file.close()


def test_the_clinic_asks_again_for_one_reading(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    kept = outbox.add(*[reading(number) for number in range(3)], now=NOW)
    outbox.settle(Receipts(committed=[one.id for one in kept]), now=NOW)
    assert outbox.ask_again(ids=[kept[1].id, UUID(int=7)]) == 1
    assert sequence_numbers(outbox) == [2]
    file.close()


def test_opening_writes_nothing_to_a_file_that_is_there(tmp_path: Path) -> None:
    # On a disk without room for a single page, a hub that was killed must start all the same.
    file, outbox = outbox_in(tmp_path)
    outbox.add(reading(1), now=NOW)
    file.shrink(pages=1)
    log = tmp_path / f"{FILE}-wal"
    assert log.stat().st_size == 0

    again = connect(tmp_path / FILE)

    assert log.stat().st_size == 0
    again.close()
    file.close()


def test_a_new_file_can_give_pages_back_to_the_disk(tmp_path: Path) -> None:
    opened(tmp_path).close()
    connection = connect(tmp_path / FILE)
    assert connection.execute("PRAGMA auto_vacuum").fetchall() == [(INCREMENTAL,)]
    connection.close()


def test_everything_is_there_after_opening_again(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    outbox.add(reading(1), now=NOW)
    file.close()
    file = opened(tmp_path)
    assert sequence_numbers(Outbox(file, tmp_path)) == [1]
    file.close()


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    file = opened(tmp_path / "hub")
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "hub" / FILE).stat().st_mode & 0o777 == 0o600
    file.close()


def test_the_age_of_a_reading_is_kept(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    outbox.add(reading(1), now=NOW)
    (pending,) = outbox.pending_newest(most=1)
    assert dt.datetime.fromtimestamp(pending.made_at, tz=dt.UTC) == NOW
    file.close()
