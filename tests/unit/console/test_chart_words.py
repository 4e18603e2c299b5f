"""What the chart says: the banner, the timeline, readings."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from care.care_notes import NoteText, checked, long_text
from care.errors import InvalidError
from care.rules import Severity
from console.api.timeline_words import (
    alert_event_words,
    alert_reason_words,
    change_words,
    note_words,
    readings_words,
    time_words,
)
from console.chart.about_page import device_row, hub_row, reports
from console.chart.banner import banner_from
from console.chart.looks import looks
from console.chart.reading_words import doubt_in_words, drift_in_words, flags_in_words
from console.web.formats import Units
from tests.unit.console.chart_scenes import record
from vitals.flags import Meal
from vitals.kinds import Kind

NOW = dt.datetime(2026, 11, 22, 18, tzinfo=dt.UTC)


def row(**changes: Any) -> dict[str, Any]:
    return {
        "id": UUID(int=1),
        "mrn": "A1",
        "given_name": "Ada",
        "family_name": "Able",
        "birth_date": dt.date(1948, 3, 5),
        "time_zone": "America/New_York",
        "language": "es",
        "sex": "female",
        "phone": "+1 (555) 010-0",
        "allergies": "Penicillin",
        "weight_unit": "lb",
        "glucose_unit": "mg/dL",
        "temperature_unit": "F",
        "alerts": 2,
        "worst": 4,
        "programmes": ["Hypertension"],
    } | changes


def test_a_banner_says_who_it_is_about() -> None:
    banner = banner_from(row(), now=NOW)
    assert banner.name == "ABLE, Ada"
    assert banner.born == "5 Mar 1948 (78 y)"
    assert (banner.sex, banner.language, banner.local_time) == ("Female", "Spanish", "13:00")
    assert (banner.allergies, banner.allergic) == ("Penicillin", True)
    assert banner.tel == "+15550100"
    assert banner.worst is Severity.CRITICAL
    assert banner.alerts_in_words == "2 open alerts, worst critical"


def test_what_nobody_has_asked_is_not_known() -> None:
    banner = banner_from(
        row(birth_date=None, sex="unknown", phone=None, allergies=None, alerts=0, worst=None,
            programmes=[], language="xx"),
        now=NOW,
    )  # fmt: skip
    assert (banner.born, banner.sex, banner.allergies) == (
        "Not known", "Not known", "Nobody has asked yet",
    )  # fmt: skip
    assert not banner.allergic
    assert (banner.tel, banner.phone, banner.allergic) == ("", None, False)
    assert banner.alerts_in_words == "No open alerts"
    assert banner.language == "xx"


@pytest.mark.parametrize("said", ["none", "None known", " NKDA ", ""])
def test_no_allergies_is_another_thing_than_not_asked(said: str) -> None:
    banner = banner_from(row(allergies=said), now=NOW)
    assert (banner.allergies, banner.allergic) == ("None known", False)


def test_the_age_is_that_of_the_patients_own_day() -> None:
    late = dt.datetime(2026, 3, 5, 2, tzinfo=dt.UTC)
    assert banner_from(row(), now=late).born.endswith("(77 y)")
    assert banner_from(row(), now=late + dt.timedelta(hours=4)).born.endswith("(78 y)")


def test_events_of_alerts_in_words() -> None:
    assert alert_event_words("opened", None, {}) == "Opened"
    assert (
        alert_event_words("resolved", "Ana", {"outcome": "advice_given", "minutes": 6})
        == "Resolved by Ana: advice given, 6 min"
    )
    assert alert_event_words("snooze_ended", None, {}) == "Snooze ended"
    assert alert_event_words("something_new", None, {}) == "Something new"


@pytest.mark.parametrize(
    ("event", "reason", "words", "beside"),
    [
        ("confirmed", "confirmed", "Confirmed by a repeat", ""),
        ("confirmed", "no_repeat", "Not measured again in time: it stands as measured", ""),
        ("confirmed", "n_of_m", "Confirmed", ""),
        ("cleared", "good_again", "Values are good again", ""),
        ("cleared", "plan_changed", "Limits changed: the plan does not have this one any more", ""),
        ("cleared", "the hub is heard again", "Over", "the hub is heard again"),
        ("noted", "confirmed", "Note", "confirmed"),
    ],
)
def test_an_event_of_an_alert_says_what_happened_and_never_a_code(
    event: str, reason: str, words: str, beside: str
) -> None:
    assert alert_event_words(event, None, {}, reason=reason) == words
    assert alert_reason_words(event, reason) == beside


def test_changes_in_words() -> None:
    said = change_words("plan set", {"version": 3, "programme": "copd 1", "effective_to": None})
    assert said == "Plan set: version 3, copd 1"
    assert change_words("a new thing", {}) == "A new thing"


@pytest.mark.parametrize(
    ("kind", "with_whom", "direction", "reached", "words"),
    [
        ("call", "patient", "to_them", True, "Call to the patient"),
        ("call", "caregiver", "from_them", False, "Call from the caregiver, not reached"),
        ("visit", "home_care", None, True, "Visit with home care"),
        ("note", None, None, None, "Note"),
    ],
)
def test_notes_in_words(
    kind: str, with_whom: str | None, direction: str | None, words: str, *, reached: bool | None
) -> None:
    assert note_words(kind, with_whom, direction, reached=reached) == words


def test_a_day_of_readings_in_the_patients_units() -> None:
    day = {"kind": "weight", "readings": 2, "weight_low": 80.0, "weight_high": 81.0}
    assert readings_words(day, Units(weight="kg")) == "Weight: 2 readings, 80.0 to 81.0 kg"
    assert readings_words(day, Units(weight="lb")) == "Weight: 2 readings, 176.4 to 178.6 lb"
    censored = {"kind": "glucose", "readings": 1, "glucose_low": None, "glucose_high": None}
    assert readings_words(censored, Units()) == "Glucose: 1 reading"


def test_time_in_words() -> None:
    spent = {"activity": "video_call", "seconds": 360, "mode": "live_video"}
    assert time_words(spent) == "Time logged: video call, 6 min, live video"
    assert time_words(spent | {"seconds": 65, "mode": "none"}).endswith("1 min 05 s")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "not measured"), (0.4, "none"), (42, "42 s ahead"), (-130, "2 min behind")],
)
def test_drift_in_words(seconds: float | None, words: str) -> None:
    assert drift_in_words(seconds) == words


def test_flags_and_doubts_in_words() -> None:
    assert flags_in_words(["body_movement", "made_up"]) == "moved during the measurement, made up"
    assert doubt_in_words(0) == ""
    assert doubt_in_words(4) == "the patient moved"


def test_each_reading_has_one_look_and_doubt_comes_first() -> None:
    given = record(
        Kind.GLUCOSE,
        [1, 2, 3, 4, 5, 6],
        doubt=(0,),
        typed=(0, 1),
        flags={"battery_low": (0, 2), "late": (3,)},
        meals={Meal.AFTER: (3,), Meal.FASTING: (4,)},
        glucose=[100.0] * 6,
    )
    found = looks(given)
    assert [found.of(n) for n in range(6)] == [
        "doubtful", "typed", "flagged", "after", "before", "unmarked",
    ]  # fmt: skip
    assert sum(which.sum() for which in found.by_look.values()) == 6


def test_a_note_has_only_what_belongs_to_its_kind() -> None:
    bare = checked(NoteText(kind="note", text=" hm ", with_whom="patient", reached=True))
    assert (bare.text, bare.with_whom, bare.reached) == ("hm", None, None)
    visit = checked(
        NoteText(kind="visit", text="x", with_whom="patient", direction="to_them", reached=True)
    )
    assert visit.direction is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "fax"}, "kind"),
        ({"text": "  "}, "text"),
        ({"with_whom": None}, "with_whom"),
        ({"direction": None}, "direction"),
        ({"reached": None}, "reached"),
    ],
)
def test_what_a_call_must_say(changes: dict[str, Any], field: str) -> None:
    call: dict[str, Any] = {
        "kind": "call",
        "text": "x",
        "with_whom": "patient",
        "direction": "to_them",
        "reached": True,
    }
    with pytest.raises(InvalidError) as refused:
        checked(NoteText(**(call | changes)))
    assert refused.value.field == field


@pytest.mark.parametrize(("length", "fine"), [(3999, True), (4000, True), (4001, False)])
def test_how_long_a_note_may_be(length: int, *, fine: bool) -> None:
    if fine:
        assert len(long_text("text", "a" * length)) == length
    else:
        with pytest.raises(InvalidError):
            long_text("text", "a" * length)


def test_a_note_has_lines_and_no_control_characters() -> None:
    assert long_text("text", "one\r\ntwo") == "one\ntwo"
    with pytest.raises(InvalidError):
        long_text("text", "one\x07two")


def test_what_hubs_say_of_devices_and_what_nobody_said() -> None:
    said = reports(['[{"device": "a0:01", "battery": 20, "clock_drift_s": -42}]', None])
    device = {
        "device": UUID(int=1), "label": "", "address": "A0:01", "profile": "", "user_slot": None,
        "starts_at": NOW, "ends_at": None, "gateway_id": "hub", "read_at": None,
    }  # fmt: skip
    found = device_row(device, said, now=NOW)
    assert (found.battery, found.battery_low, found.drift) == ("20 %", True, "42 s behind")
    assert (found.read, found.seen, found.name) == ("No reading yet", "Not known", "A0:01")
    silent = device_row(device | {"address": "A0:02"}, said, now=NOW)
    assert (silent.battery, silent.battery_low, silent.drift) == ("Not known", False, "Not known")


@pytest.mark.parametrize(("minutes", "state"), [(59, "Online"), (60, "Offline"), (61, "Offline")])
def test_a_hub_is_there_while_it_speaks(minutes: int, state: str) -> None:
    hub = {
        "id": "hub", "label": "", "revoked_at": None, "state": "online", "version": None,
        "trouble": None, "received_at": NOW - dt.timedelta(minutes=minutes),
    }  # fmt: skip
    assert hub_row(hub, now=NOW).state == state
    assert hub_row(hub | {"received_at": None}, now=NOW).state == "Not heard of yet"
