"""One item for a device in trouble, by the deepest cause."""

from typing import Any

import pytest

from alerts.technical.items import LABELS
from tests.unit.alerts.technical.scenes import (
    ANN,
    DAY,
    HOUR,
    NOW,
    SCALE,
    Queue,
    gateway,
    held,
    patient,
    plan,
    scale,
    scene,
    sighting,
    wanted,
)


def _seen(**changes: Any) -> list[Any]:
    return wanted(scene(devices=[scale(sighting=sighting(**changes))]))


@pytest.mark.parametrize(("battery", "low"), [(19, True), (20, True), (21, False), (None, False)])
def test_a_battery_is_low_from_its_limit_on(*, battery: int | None, low: bool) -> None:
    assert _seen(battery=battery) == ([("battery-low", SCALE)] if low else [])


@pytest.mark.parametrize(("battery", "events"), [(21, []), (24, []), (25, ["cleared"])])
def test_a_battery_is_well_again_five_percent_above(battery: int, events: list[str]) -> None:
    queue = Queue()
    queue.sweep(scene(devices=[scale(sighting=sighting(battery=20))]))
    assert queue.sweep(scene(devices=[scale(sighting=sighting(battery=battery))])) == events


def test_a_battery_of_which_nothing_is_known_any_more_stays_low() -> None:
    queue = Queue()
    queue.sweep(scene(devices=[scale(sighting=sighting(battery=20))]))
    assert queue.sweep(scene(devices=[scale(sighting=sighting(battery=None))])) == []
    assert queue.sweep(scene(devices=[scale(sighting=None)])) == []
    assert queue.sweep(scene(devices=[])) == ["cleared"]


@pytest.mark.parametrize(
    ("drift", "wrong"), [(299, False), (300, True), (301, True), (-299, False), (-300, True)]
)
def test_a_clock_is_wrong_from_its_limit_on(*, drift: float, wrong: bool) -> None:
    assert _seen(clock_drift_s=drift) == ([("clock-fault", SCALE)] if wrong else [])


@pytest.mark.parametrize(("drift", "events"), [(151, []), (150, ["cleared"]), (149, ["cleared"])])
def test_a_clock_is_right_again_at_half_the_limit(drift: float, events: list[str]) -> None:
    queue = Queue()
    queue.sweep(scene(devices=[scale(sighting=sighting(clock_drift_s=300))]))
    assert queue.sweep(scene(devices=[scale(sighting=sighting(clock_drift_s=drift))])) == events


def test_a_lost_pairing_is_its_own_item() -> None:
    assert _seen(trouble="bond_lost") == [("bond-lost", SCALE)]


@pytest.mark.parametrize(
    ("ago", "unseen"), [(3 * DAY - HOUR, False), (3 * DAY, True), (3 * DAY + HOUR, True)]
)
def test_a_device_that_spoke_by_itself_is_unseen_after_its_days(*, ago: Any, unseen: bool) -> None:
    silent = scale(sighting=sighting(last_seen=NOW - ago), read_at=NOW - 20 * DAY)
    found = wanted(scene(devices=[silent]))
    assert found == ([("device-unseen", SCALE)] if unseen else [])


@pytest.mark.parametrize(("days", "unseen"), [(2, False), (3, True), (4, True)])
def test_a_device_that_was_handed_out_and_never_seen_is_unseen(*, days: int, unseen: bool) -> None:
    new = scale(sighting=None, read_at=None)
    wearer = new.wearers[0]
    new = scale(
        sighting=None,
        wearers=(type(wearer)(patient_id=ANN, since=NOW - days * DAY),),
    )
    people = [patient(ANN, plan(effective_from=NOW - days * DAY))]
    found = wanted(scene(devices=[new], patients=people, last={}))
    assert (("device-unseen", SCALE) in found) is unseen


def test_a_device_of_which_no_plan_wants_anything_may_be_silent() -> None:
    silent = scale(sighting=sighting(last_seen=NOW - 9 * DAY), read_at=NOW - 20 * DAY)
    assert wanted(scene(devices=[silent], patients=[patient(ANN, plan(measures=()))])) == []


@pytest.mark.parametrize(
    ("trouble", "item"),
    [
        ({"trouble": "bond_lost", "battery": 5, "clock_drift_s": 9000}, "bond-lost"),
        ({"battery": 5, "clock_drift_s": 9000}, "battery-low"),
        ({"clock_drift_s": 9000, "last_seen": NOW - 9 * DAY}, "device-unseen"),
        ({"battery": 5, "last_seen": NOW - 9 * DAY}, "battery-low"),
    ],
)
def test_of_several_causes_the_deepest_is_the_item(trouble: dict[str, Any], item: str) -> None:
    device = scale(sighting=sighting(**trouble), read_at=NOW - 20 * DAY)
    queue = Queue()
    queue.sweep(scene(devices=[device]))
    assert [key.rule for key in queue.kept] == [item]
    assert queue.one(item).label == LABELS[item]


def test_when_the_deeper_cause_is_mended_what_is_left_is_said() -> None:
    queue = Queue()
    queue.sweep(scene(devices=[scale(sighting=sighting(battery=5, clock_drift_s=9000))]))
    mended = scene(devices=[scale(sighting=sighting(battery=100, clock_drift_s=9000))])
    assert sorted(queue.sweep(mended)) == ["cleared", "opened"]
    assert queue.one("clock-fault").cleared_at is None


def test_behind_a_silent_hub_what_is_known_of_a_battery_stays() -> None:
    low = scale(sighting=sighting(battery=5))
    queue = Queue()
    queue.sweep(scene(devices=[low]))
    silent = gateway(heard_at=NOW - DAY)
    assert queue.sweep(scene(gateways=[silent], devices=[low])) == ["opened"]
    assert queue.one("battery-low").cleared_at is None


def test_what_a_deeper_cause_explains_does_not_last_by_itself() -> None:
    """A clock half right was wrong only because it had been; sweeping again says the same."""
    queue = Queue()
    queue.sweep(scene(devices=[scale(sighting=sighting(clock_drift_s=900))]))
    half = scale(sighting=sighting(clock_drift_s=200, trouble="bond_lost"))
    back = scene(devices=[half], held=(held("from_the_future"),))
    assert sorted(queue.sweep(back)) == ["cleared", "opened", "opened"]
    assert queue.sweep(back) == []
    assert queue.one("bond-lost").reason["facts"]["also"] == []
