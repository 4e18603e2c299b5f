import os
import random
import sqlite3
from pathlib import Path

import pytest

from gateway import seq_floor
from gateway.errors import OutboxError
from gateway.journal import Journal, waiting
from gateway.outbox import Outbox
from gateway.outbox_file import FILE
from tests.unit.gateway.builders import (
    CUFF,
    NOW,
    break_the_middle,
    moment,
    opened,
    outbox_in,
    reading,
)


def filled(directory: Path, count: int) -> None:
    file, outbox = outbox_in(directory)
    outbox.add(*[reading(number) for number in range(count)], now=NOW)
    file.close()


def damaged_copies(directory: Path) -> list[Path]:
    return sorted(directory.glob(FILE + ".damaged-*"))


def test_a_file_that_is_no_database_is_set_aside_and_kept(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, " * 1000)
    file, outbox = outbox_in(tmp_path)
    outbox.add(reading(1), now=NOW)
    (aside,) = damaged_copies(tmp_path)
    assert aside.read_bytes().startswith(b"this is no database")
    file.close()


def test_numbers_go_on_after_the_database_is_lost(tmp_path: Path) -> None:
    filled(tmp_path, 10)
    (tmp_path / FILE).write_bytes(b"lost" * 5000)
    file, outbox = outbox_in(tmp_path)
    (kept,) = outbox.add(reading(99), now=NOW)
    assert kept.seq is not None
    assert kept.seq > 10
    file.close()


def test_what_is_readable_of_a_damaged_file_is_carried_over(tmp_path: Path) -> None:
    filled(tmp_path, 400)
    path = tmp_path / FILE
    size = path.stat().st_size
    with path.open("r+b") as handle:
        handle.seek(size // 2 // 4096 * 4096)
        handle.write(os.urandom(4096))

    file, outbox = outbox_in(tmp_path)

    assert damaged_copies(tmp_path)
    saved = outbox.pending_from(0, most=1000)
    assert len(saved) > 300
    (fresh,) = outbox.add(reading(5000), now=NOW)
    assert fresh.seq == 401, "the counter was readable: no number is skipped"
    file.close()


def test_frames_of_a_damaged_file_are_carried_over_without_their_visit(tmp_path: Path) -> None:
    file = opened(tmp_path)
    journal = Journal(file, device=CUFF, profile="generic", kept=lambda: None)
    journal.keep("2a35", b"\x00", at=moment(), trusted=True)
    file.write(lambda c: c.execute("DELETE FROM sessions"))
    (frame,) = waiting(file, most=10)
    assert frame.device == CUFF
    assert frame.ended
    file.close()


def test_a_later_programs_file_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(OutboxError):
        opened(tmp_path)
    assert not damaged_copies(tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_a_log_cut_anywhere_gives_back_whole_transactions(tmp_path: Path, seed: int) -> None:
    """A power cut: the database as it was, and the log up to some byte."""
    dice = random.Random(seed)
    live = tmp_path / "live"
    file, outbox = outbox_in(live)
    for start in range(0, 60, 3):
        outbox.add(*[reading(start + offset) for offset in range(3)], now=NOW)
    after = tmp_path / "after"
    after.mkdir()
    (after / FILE).write_bytes((live / FILE).read_bytes())
    log = (live / (FILE + "-wal")).read_bytes()
    (after / (FILE + "-wal")).write_bytes(log[: dice.randrange(len(log) + 1)])
    (after / seq_floor.NAME).write_bytes((live / seq_floor.NAME).read_bytes())
    file.close()

    again, restored = outbox_in(after)

    seqs = [one.seq for one in restored.pending_from(0, most=1000)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert len(seqs) % 3 == 0
    assert restored.last_seq == len(seqs)
    assert not damaged_copies(after)
    again.close()


@pytest.mark.parametrize("moment", ["draft", "salvaged", "set aside"])
def test_a_kill_while_a_damaged_file_is_replaced_loses_nothing(tmp_path: Path, moment: str) -> None:
    filled(tmp_path, 400)
    path = tmp_path / FILE
    break_the_middle(path)
    file, outbox = outbox_in(tmp_path)
    readable = [one.id for one in outbox.pending_from(0, most=1000)]
    file.close()
    (aside,) = damaged_copies(tmp_path)
    if moment == "draft":  # The new file was begun; the damaged one is in its place.
        path.rename(path.with_name(FILE + ".draft"))
        aside.rename(path)
    elif moment == "salvaged":  # It was complete.
        path.rename(path.with_name(FILE + ".salvaged"))
        aside.rename(path)
    else:
        path.rename(path.with_name(FILE + ".salvaged"))

    file, outbox = outbox_in(tmp_path)

    assert [one.id for one in outbox.pending_from(0, most=1000)] == readable
    assert len(damaged_copies(tmp_path)) == 1
    assert not list(tmp_path.glob("*.draft*")) + list(tmp_path.glob("*.salvaged*"))
    file.close()


def test_the_floor_is_ahead_of_every_number_given(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    for number in range(200):
        outbox.add(reading(number), now=NOW)
        assert seq_floor.read(tmp_path) > outbox.last_seq
    assert Outbox(file, tmp_path).last_seq == 200
    file.close()


def test_a_floor_that_could_not_be_moved_catches_up(tmp_path: Path) -> None:
    file, outbox = outbox_in(tmp_path)
    obstacle = tmp_path / f"{Path(seq_floor.NAME).stem}.draft"
    obstacle.mkdir()  # As good as a full disk: the new floor cannot be written.
    outbox.add(reading(1), now=NOW)
    assert seq_floor.read(tmp_path) == 0
    obstacle.rmdir()
    outbox.add(reading(2), now=NOW)
    assert seq_floor.read(tmp_path) > outbox.last_seq
    file.close()


@pytest.mark.parametrize("text", ["", "junk", "-5", "١٢"])
def test_a_floor_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / seq_floor.NAME).write_text(text, encoding="utf-8")
    assert seq_floor.read(tmp_path) == 0
