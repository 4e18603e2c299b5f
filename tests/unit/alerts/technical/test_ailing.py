"""What a hub that is heard says of itself."""

import datetime as dt
from typing import Any

import pytest

from alerts.life.alert import Outcome, State
from alerts.technical.facts import LastReading, Scene
from care.rules import Lane, Severity
from tests.unit.alerts.technical.scenes import (
    ANN,
    BOB,
    DAY,
    HOUR,
    HUB,
    MINUTE,
    NOW,
    SCALE,
    Queue,
    gateway,
    patient,
    plan,
    scale,
    scene,
    sighting,
    wanted,
)
from vitals.kinds import Kind

TROUBLE = [("gateway-trouble", HUB)]
FRAMES = [("frames-undecodable", HUB)]
SECOND = dt.timedelta(seconds=1)
DEAF = "no Bluetooth adapter"


def _says(trouble: str | None = DEAF, **changes: Any) -> Scene:
    fields: dict[str, Any] = {"told": True, "trouble": trouble, "trouble_at": NOW - HOUR}
    return scene(gateways=[gateway(**(fields | changes))])


def _resolved(queue: Queue, rule: str) -> None:
    queue.change(rule, state=State.RESOLVED, ended_at=NOW, outcome=Outcome.DEVICE_FIXED)


@pytest.mark.parametrize(
    ("ago", "found"),
    [
        (dt.timedelta(0), []),
        (5 * MINUTE - SECOND, []),
        (5 * MINUTE, TROUBLE),
        (5 * MINUTE + SECOND, TROUBLE),
    ],
)
def test_trouble_counts_when_it_lasts(ago: dt.timedelta, found: list[Any]) -> None:
    assert wanted(_says(trouble_at=NOW - ago)) == found


def test_trouble_is_medium_and_of_the_hub() -> None:
    queue = Queue()
    assert queue.sweep(_says()) == ["opened"]
    item = queue.one("gateway-trouble")
    assert (item.lane, item.severity, item.subject_kind, item.subject, item.patient_id) == (
        Lane.TECHNICAL, Severity.MEDIUM, "gateway", HUB, ANN,
    )  # fmt: skip
    assert item.onset_at == NOW - HOUR


@pytest.mark.parametrize(("count", "found"), [(0, []), (1, FRAMES), (2, FRAMES)])
def test_a_frame_that_cannot_be_decoded_is_an_item(count: int, found: list[Any]) -> None:
    assert wanted(_says(None, undecodable=count)) == found


def test_frames_are_low_and_beside_trouble() -> None:
    queue = Queue()
    queue.sweep(_says(undecodable=3))
    assert queue.one("frames-undecodable").severity is Severity.LOW
    assert queue.one("gateway-trouble").severity is Severity.MEDIUM


def test_a_status_that_says_nothing_of_it_ends_it() -> None:
    queue = Queue()
    queue.sweep(_says(undecodable=1))
    assert queue.sweep(_says(None)) == ["cleared", "cleared"]
    why = queue.one("gateway-trouble").cleared_why
    assert why == "the hub says nothing of it any more, or is not in use any more"
    assert queue.sweep(_says(None)) == []


def test_trouble_that_comes_again_at_once_goes_on_only_while_it_stands() -> None:
    queue = Queue()
    queue.sweep(_says())
    assert queue.sweep(_says(trouble_at=NOW)) == []
    queue.sweep(_says(None))
    assert queue.sweep(_says(trouble_at=NOW)) == []
    assert queue.sweep(_says(trouble_at=NOW - 5 * MINUTE)) == ["recurred"]


def test_other_words_are_the_same_item_while_it_stands() -> None:
    queue = Queue()
    queue.sweep(_says())
    assert queue.sweep(_says("the disk is full")) == []
    assert queue.one("gateway-trouble").reason["facts"]["trouble"] == "the disk is full"


@pytest.mark.parametrize(("words", "events"), [(DEAF, []), ("the disk is full", ["opened"])])
def test_other_trouble_than_the_resolved_one_is_new(words: str, events: list[str]) -> None:
    queue = Queue()
    queue.sweep(_says())
    _resolved(queue, "gateway-trouble")
    assert queue.sweep(_says(words), now=NOW + MINUTE) == events
    assert queue.sweep(_says(words), now=NOW + MINUTE) == []


@pytest.mark.parametrize(("count", "events"), [(4, []), (5, []), (6, ["opened"])])
def test_more_frames_than_when_it_was_resolved_are_new(count: int, events: list[str]) -> None:
    queue = Queue()
    queue.sweep(_says(None, undecodable=5))
    _resolved(queue, "frames-undecodable")
    assert queue.sweep(_says(None, undecodable=count), now=NOW + MINUTE) == events
    assert queue.sweep(_says(None, undecodable=count), now=NOW + MINUTE) == []


def test_a_hub_that_falls_silent_takes_over_and_gives_back() -> None:
    queue = Queue()
    queue.sweep(_says(undecodable=2))
    silent = _says(undecodable=2, heard_at=NOW - HOUR)
    assert sorted(queue.sweep(silent)) == ["cleared", "cleared", "opened"]
    assert queue.one("gateway-trouble").cleared_why == "the hub home-1 is offline: see its item"
    assert wanted(silent) == [("gateway-offline", HUB)]
    assert sorted(queue.sweep(_says(undecodable=2))) == ["cleared", "recurred", "recurred"]


def test_what_was_well_before_the_hub_fell_silent_ended_by_itself() -> None:
    queue = Queue()
    queue.sweep(_says())
    queue.sweep(_says(None, heard_at=NOW - HOUR))
    why = queue.one("gateway-trouble").cleared_why
    assert why == "the hub says nothing of it any more, or is not in use any more"


def test_of_a_hub_whose_words_are_too_old_nothing_is_known() -> None:
    queue = Queue()
    queue.sweep(_says(undecodable=1))
    assert queue.sweep(_says(None, told=False)) == []
    assert queue.sweep(scene(gateways=[])) == ["cleared", "cleared"]


def test_a_hub_in_trouble_explains_what_does_not_come_by_it() -> None:
    long_ago = NOW - 6 * DAY
    missing: dict[str, Any] = {"last": {(ANN, Kind.WEIGHT): LastReading(long_ago, SCALE)}}
    unseen = scale(read_at=long_ago, sighting=sighting(last_seen=long_ago + DAY))
    unused = scale(read_at=long_ago, sighting=sighting(last_seen=long_ago))
    deaf = gateway(told=True, trouble=DEAF, trouble_at=NOW - HOUR)
    for device in (unseen, unused):
        assert wanted(scene(gateways=[deaf], devices=[device], **missing)) == TROUBLE
    queue = Queue()
    queue.sweep(scene(devices=[unused], **missing))
    assert sorted(queue.sweep(scene(gateways=[deaf], devices=[unused], **missing))) == [
        "cleared", "opened",
    ]  # fmt: skip
    why = queue.one("missed-measurements").cleared_why
    assert why == "the hub home-1 is in trouble: see its item"


@pytest.mark.parametrize(("minutes", "missed"), [(29, False), (30, True), (31, True)])
def test_after_trouble_readings_have_half_an_hour_to_come(*, minutes: int, missed: bool) -> None:
    long_ago = NOW - 6 * DAY
    rest: dict[str, Any] = {
        "last": {(ANN, Kind.WEIGHT): LastReading(long_ago, SCALE)},
        "devices": [scale(read_at=long_ago, sighting=sighting(last_seen=long_ago))],
    }
    queue = Queue()
    deaf = gateway(told=True, trouble=DEAF, trouble_at=NOW - HOUR)
    queue.sweep(scene(gateways=[deaf], **rest))
    queue.sweep(scene(gateways=[gateway(told=True)], **rest))
    now = NOW + minutes * MINUTE
    queue.sweep(scene(gateways=[gateway(told=True, heard_at=now)], **rest), now=now)
    found = {key.rule for key in queue.judged.wanted}
    assert found == ({"missed-measurements"} if missed else set())


def test_of_several_patients_it_is_nobody_s_own() -> None:
    people = [patient(ANN), patient(BOB, plan(BOB))]
    deaf = gateway(told=True, trouble=DEAF, trouble_at=NOW - HOUR)
    queue = Queue()
    queue.sweep(scene(gateways=[deaf], devices=[scale(ANN, BOB)], patients=people))
    assert queue.one("gateway-trouble").patient_id is None
