import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from device_profiles import encoding, gatt
from gateway import journal
from gateway.clock import ClockRules
from gateway.errors import DiskFull
from gateway.journal import Journal
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFile
from gateway.reading_maker import ReadingMaker, Tally
from tests.unit.gateway.builders import CUFF, NOW, moment, opened, outbox_in
from vitals.kinds import Kind
from vitals.reading import Measurement

HOME = ZoneInfo("America/New_York")


def weight(kilograms: float) -> bytes:
    said = Measurement(kind=Kind.WEIGHT, values={"weight": kilograms})
    return encoding.encode(gatt.WEIGHT_MEASUREMENT, said)


class Home:
    """A journal and the maker behind it."""

    def __init__(self, directory: Path) -> None:
        self.file, self.outbox = outbox_in(directory)
        self.maker = ReadingMaker(self.file, self.outbox)
        self.journal = Journal(self.file, device=CUFF, profile="generic", kept=lambda: None)

    def hears(
        self, data: bytes, *, after_s: float = 0, uuid: str = gatt.WEIGHT_MEASUREMENT
    ) -> None:
        at = moment(NOW + dt.timedelta(seconds=after_s), up_s=1000 + after_s)
        self.journal.keep(uuid, data, at=at, trusted=True)

    def makes(self) -> Tally:
        return self.maker.run(moment=moment(up_s=2000), zone=HOME, rules=ClockRules())


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_a_frame_leaves_the_journal_when_its_reading_is_numbered(home: Home) -> None:
    home.hears(weight(70.5))
    assert home.makes() == Tally(made=1)
    assert journal.waiting(home.file, most=10) == []
    assert home.outbox.queue_depth == 1
    home.file.close()


def test_a_frame_that_cannot_be_decoded_stays_with_its_error(home: Home) -> None:
    home.hears(b"\x0e")
    assert home.makes() == Tally(undecodable=1)
    assert journal.counts(home.file) == (0, 1)
    assert home.makes() == Tally()
    home.file.close()


@pytest.mark.parametrize(("later_s", "made"), [(9, 1), (10, 2), (11, 2)])
def test_equal_frames_within_ten_seconds_are_one_weighing(
    home: Home, later_s: float, made: int
) -> None:
    home.hears(weight(70.5))
    home.hears(weight(70.5), after_s=later_s)
    assert home.makes().made == made
    home.file.close()


def test_equal_frames_are_one_weighing_also_when_interpreted_apart(home: Home) -> None:
    home.hears(weight(70.5))
    assert home.makes().made == 1
    home.hears(weight(70.5), after_s=1)
    assert home.makes() == Tally(again=1)
    home.file.close()


def test_a_full_disk_does_not_make_a_frame_look_like_sent_twice(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.hears(weight(70.5))
    with monkeypatch.context() as full:

        def refuse(*_: object, **__: object) -> None:
            raise DiskFull

        full.setattr(OutboxFile, "write", refuse)
        with pytest.raises(DiskFull):
            home.makes()
    assert home.makes().made == 1
    home.file.close()


def test_frames_left_by_a_crash_are_interpreted_by_the_next_process(
    home: Home, tmp_path: Path
) -> None:
    home.hears(weight(70.5))
    home.hears(
        encoding.encode(
            gatt.GLUCOSE_MEASUREMENT,
            Measurement(kind=Kind.GLUCOSE, values={"glucose": 99.0}, sequence=1),
        ),
        uuid=gatt.GLUCOSE_MEASUREMENT,
    )
    home.file.close()

    file = opened(tmp_path)
    outbox = Outbox(file, tmp_path)
    tally = ReadingMaker(file, outbox).run(moment=moment(), zone=HOME, rules=ClockRules())

    assert tally == Tally(made=2), "the visit ended with the process, so the meter's record too"
    file.close()


def test_many_frames_are_numbered_in_the_order_of_their_arrival(home: Home) -> None:
    for number in range(450):
        home.hears(weight(50 + number / 10))
    assert home.makes() == Tally(made=450)
    seqs = [one.seq for one in home.outbox.pending_from(0, most=1000)]
    assert seqs == list(range(1, 451))
    home.file.close()
