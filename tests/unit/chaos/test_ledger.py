from pathlib import Path

from device_profiles.decoding import decode
from tests.chaos import ledger
from tests.chaos.made_frames import frame, number_of


def test_a_hand_over_that_was_cut_off_is_uncertain(tmp_path: Path) -> None:
    book = ledger.Ledger(tmp_path / "ledger")
    for letter, number in (("I", 1), ("D", 1), ("I", 2), ("R", 2), ("I", 3)):
        book.note(letter, number)
    story = ledger.read(tmp_path / "ledger")
    assert story.kept == {1}
    assert story.refused == {2}
    assert story.uncertain == {3}


def test_a_frame_can_be_told_from_every_other_by_its_time() -> None:
    for number in (1, 2, 86_400, 1_000_000):
        device_time = decode("2a35", frame(number)).device_time
        assert device_time is not None
        assert number_of(device_time) == number
