import pytest

from store.durability import problems

SOUND = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def test_a_sound_server_has_no_problems() -> None:
    assert problems(settings=SOUND, unlogged=[]) == []


@pytest.mark.parametrize("setting", list(SOUND))
def test_each_setting_that_breaks_the_promise_is_named(setting: str) -> None:
    (problem,) = problems(settings=SOUND | {setting: "off"}, unlogged=[])
    assert problem.startswith(f"{setting} is off")


def test_waiting_for_a_standby_as_well_is_sound() -> None:
    assert problems(settings=SOUND | {"synchronous_commit": "remote_apply"}, unlogged=[]) == []


def test_a_table_that_a_crash_empties_is_named() -> None:
    (problem,) = problems(settings=SOUND, unlogged=["readings_y2026m11"])
    assert "readings_y2026m11 is UNLOGGED" in problem
