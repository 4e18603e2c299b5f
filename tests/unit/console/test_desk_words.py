import datetime as dt
from typing import Any

import pytest

from alerts.telling.oncall_gaps import Gap
from console.desk import system, words
from console.web.formats import Units, ago, born, counted, span
from console.web.measured import measured
from ingest.reasons import Reason

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def hub(**said: Any) -> dict[str, Any]:
    known = {
        "revoked_at": None,
        "enrolled_at": NOW - dt.timedelta(days=9),
        "enrolment_expires_at": None,
        "transport": "mqtt",
        "received_at": NOW,
        "state": "online",
        "trouble": None,
    }
    return known | said


def standing(*, missing: int = 0, **said: Any) -> str:
    return words.hub_standing(hub(**said), missing=missing, now=NOW).word


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_to_hold_a_reading_back_is_said_in_words(reason: str) -> None:
    title, advice = words.held("implausible:weight" if reason == "implausible" else reason)
    assert title != words.OTHER[0]
    assert "_" not in title + advice


@pytest.mark.parametrize(
    ("silent", "word"),
    [
        (words.BEAT_MISSED - MINUTE, "Online"),
        (words.BEAT_MISSED, "Online"),
        (words.BEAT_MISSED + MINUTE, "Silent"),
    ],
)
def test_a_hub_is_silent_when_its_beat_is_missed(silent: dt.timedelta, word: str) -> None:
    assert standing(received_at=NOW - silent) == word


def test_what_is_worst_of_a_hub_is_said_first() -> None:
    trouble: dict[str, Any] = {"trouble": "no Bluetooth adapter", "state": "offline"}
    assert standing(missing=3, **trouble, revoked_at=NOW) == "Shut out"
    assert standing(missing=3, **trouble) == "Offline"
    assert standing(missing=3, trouble="no Bluetooth adapter") == "In trouble"
    assert standing(missing=3) == "Readings missing"
    assert standing() == "Online"


def test_a_hub_that_nobody_plugged_in_waits_as_long_as_its_code_is_good() -> None:
    waiting: dict[str, Any] = {"enrolled_at": None, "received_at": None}
    assert standing(**waiting, enrolment_expires_at=NOW + MINUTE) == "Waiting"
    assert standing(**waiting, enrolment_expires_at=NOW) == "On the shelf"
    assert standing(**waiting) == "On the shelf"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.4, "0 s fast"),
        (-59.0, "59 s slow"),
        (60.0, "1 min fast"),
        (-3900.0, "1 h 05 min slow"),
        (86_400.0 * 3, "3 days fast"),
        (-86_400.0 * 365 * 5, "5 years slow"),
    ],
)
def test_how_far_a_clock_is_off_is_said_in_its_largest_unit(seconds: float, said: str) -> None:
    assert words.drift(seconds) == said


@pytest.mark.parametrize(("battery", "low"), [(19, True), (20, True), (21, False), (None, False)])
def test_a_battery_is_low_up_to_a_fifth(battery: int | None, *, low: bool) -> None:
    assert words.OfDevice(battery=battery).battery_low is low


def facts(**told: Any) -> dict[str, Any]:
    quiet = dict.fromkeys(("to_evaluate", "to_send", "not_sent", "letters", "readings"), 0)
    return {
        **quiet, "since": None, "last_reading": None, "carried_s": None, "alerted_s": None, **told
    }  # fmt: skip


@pytest.mark.parametrize(
    ("waits", "word"),
    [
        (system.EVALUATED_WITHIN - MINUTE / 60, "Well"),
        (system.EVALUATED_WITHIN, "Well"),
        (system.EVALUATED_WITHIN + MINUTE / 60, "Behind"),
    ],
)
def test_alerts_are_behind_when_a_reading_waits_too_long(waits: dt.timedelta, word: str) -> None:
    told = facts(to_evaluate=1, since=NOW - waits)
    assert system.evaluation(told, now=NOW).word == word


def test_a_clinic_that_hears_nothing_is_quiet_and_not_well() -> None:
    assert system.readings(facts(), now=NOW).word == "Quiet"
    lately = facts(readings=1, last_reading=NOW - MINUTE, carried_s=0.4)
    found = system.readings(lately, now=NOW)
    assert (found.word, found.about) == (
        "Well",
        "1 reading in 24 hours, the last 1 min ago. 95 in 100 were here within 0.4 s.",
    )
    assert system.readings(lately | {"carried_s": 61.0}, now=NOW).word == "Slow"


def test_when_nobody_is_on_call_is_said_ahead() -> None:
    ahead = Gap(starts_at=NOW + dt.timedelta(hours=2), ends_at=NOW + dt.timedelta(hours=3))
    assert system.on_call([], now=NOW).word == "Well"
    assert system.on_call([ahead], now=NOW).about == "Nobody is on call in 2 h."
    assert system.on_call([ahead], now=ahead.starts_at).word == "Nobody"


def test_a_measurement_is_one_line_in_the_patients_units() -> None:
    pressure = {"systolic": 128.0, "diastolic": 81.0, "mean": 97.0, "pulse": 71.0}
    assert measured("blood_pressure", pressure, {}, Units()) == "128/81 mmHg, pulse 71 bpm"
    assert measured("weight", {"weight": 81.4}, {}, Units(weight="lb")) == "179.5 lb"
    assert measured("glucose", {"glucose": 99.1}, {}, Units(glucose="mmol/L")) == "5.5 mmol/L"
    assert "above" in measured("glucose", {}, {"glucose": "hi"}, Units())
    assert measured("glucose", {}, {"glucose": "nan"}, Units()) == "no value"


@pytest.mark.parametrize(("metric", "value"), [("weight", 81.4), ("glucose", 99.0), ("pulse", 71)])
def test_what_people_type_becomes_what_is_stored(metric: str, value: float) -> None:
    for units in (Units(), Units(weight="lb", glucose="mmol/L")):
        assert units.canonical(metric, units.convert(metric, value)) == pytest.approx(value)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (dt.timedelta(seconds=59), "0 min"),
        (dt.timedelta(minutes=59), "59 min"),
        (dt.timedelta(minutes=60), "1 h"),
        (dt.timedelta(minutes=65), "1 h 05 min"),
        (dt.timedelta(hours=24), "1 d"),
        (dt.timedelta(days=6, hours=23), "6 d 23 h"),
        (dt.timedelta(days=7, hours=23), "7 d"),
    ],
)
def test_spans_are_told_as_people_tell_them(length: dt.timedelta, said: str) -> None:
    assert span(length) == said


def test_an_age_counts_birthdays() -> None:
    day = dt.date(1948, 11, 22)
    assert born(day, today=dt.date(2026, 11, 21)) == "22 Nov 1948 (77 y)"
    assert born(day, today=dt.date(2026, 11, 22)) == "22 Nov 1948 (78 y)"
    assert born(None, today=day) == "Not known"


def test_what_was_just_now_is_now() -> None:
    assert ago(NOW - MINUTE + dt.timedelta(seconds=1), now=NOW) == "now"
    assert ago(NOW - MINUTE, now=NOW) == "1 min"


def test_things_are_counted_in_words() -> None:
    assert [counted(n, "reading") for n in (0, 1, 2)] == ["0 readings", "1 reading", "2 readings"]
    assert counted(2, "person", "people") == "2 people"
