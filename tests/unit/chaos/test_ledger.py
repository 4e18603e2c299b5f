from pathlib import Path

from device_profiles.decoding import decode
from tests.chaos import ledger
from tests.chaos.made_frames import frame, number_of
from tests.chaos.quiet import all_silent
from tests.chaos.workplace import Place


def test_a_hand_over_that_was_cut_off_is_uncertain(tmp_path: Path) -> None:
    book = ledger.Ledger(tmp_path / "ledger")
    for letter, number in (("I", 1), ("D", 1), ("I", 2), ("R", 2), ("I", 3)):
        book.note(letter, number)
    story = ledger.read(tmp_path / "ledger")
    assert story.kept == {1}
    assert story.refused == {2}
    assert story.uncertain == {3}


def test_a_device_is_silent_when_it_has_said_so(tmp_path: Path) -> None:
    places = [
        Place(gateway=name, data=tmp_path / name, notes=tmp_path) for name in ("gw-1", "gw-2")
    ]
    books = [ledger.Ledger(place.ledger) for place in places]
    assert not all_silent(places)
    places[0].hush.touch()
    books[0].note("D", 1)
    books[1].note(ledger.HUSHED, 0)
    assert not all_silent(places), "to be asked to be silent is not to be it"
    books[0].note(ledger.HUSHED, 0)
    assert all_silent(places)


def test_a_frame_can_be_told_from_every_other_by_its_time() -> None:
    for number in (1, 2, 86_400, 1_000_000):
        device_time = decode("2a35", frame(number)).device_time
        assert device_time is not None
        assert number_of(device_time) == number
