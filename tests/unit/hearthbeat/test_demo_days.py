"""How far the simulated people have got, from one start of the demonstration to the next."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from hearthbeat.demo.homes import MOVED_IN, Days
from simulator.household import household
from simulator.memory import Record
from simulator.schedule import Act, acts

NOW = dt.datetime(2026, 11, 22, 10, 30, tzinfo=ZoneInfo("America/New_York"))
HERE = NOW.replace(tzinfo=None)
NOTHING = Record(number=1, frames=())


def act_of(day: dt.date) -> Act:
    return acts(household(2026, 1), day)[0]


def test_at_the_first_start_the_day_begins_now(tmp_path: Path) -> None:
    days = Days(tmp_path / "home")
    assert days.first_time
    assert days.start(NOW) == HERE


def test_a_later_start_goes_on_after_what_was_measured_last(tmp_path: Path) -> None:
    ahead = act_of(NOW.date() + dt.timedelta(days=3))
    Days(tmp_path).told(ahead, NOTHING)
    days = Days(tmp_path)
    assert not days.first_time
    assert ahead.at < days.start(NOW) < ahead.at + dt.timedelta(minutes=1)


def test_a_start_after_a_long_pause_begins_now(tmp_path: Path) -> None:
    Days(tmp_path).told(act_of(NOW.date() - dt.timedelta(days=3)), NOTHING)
    assert Days(tmp_path).start(NOW) == HERE


def test_what_an_earlier_version_left_is_no_first_start(tmp_path: Path) -> None:
    (tmp_path / MOVED_IN).touch()
    days = Days(tmp_path)
    assert (days.first_time, days.start(NOW)) == (False, HERE)
