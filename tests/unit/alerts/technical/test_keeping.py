"""What stands against what is in the queue: nothing twice, nothing for ever, nothing silently."""

import datetime as dt
from uuid import UUID

import pytest

from alerts.life.alert import Outcome, State
from alerts.life.lifecycle import Policy
from alerts.technical.facts import Scene
from alerts.technical.items import QUARANTINED
from alerts.technical.judging import judge
from alerts.technical.keeping import keep
from care.rules import Lane
from tests.unit.alerts.technical.scenes import (
    ANN,
    BOB,
    DAY,
    HOUR,
    MINUTE,
    NOW,
    Queue,
    gateway,
    heard,
    held,
    patient,
    plan,
    scale,
    scene,
    sighting,
)

ZERO = dt.timedelta(0)
SILENT = scene(gateways=[gateway(heard_at=NOW - 2 * HOUR)])
LOW = scene(devices=[scale(sighting=sighting(battery=5))])


def _resolved(queue: Queue, rule: str, *, by_hand: bool = True, at: dt.datetime = NOW) -> None:
    outcome = Outcome.DEVICE_FIXED if by_hand else Outcome.AUTO_CLEARED
    queue.change(rule, state=State.RESOLVED, ended_at=at, outcome=outcome)


def test_an_item_names_its_lane_its_cause_and_whom_it_is_about() -> None:
    queue = Queue()
    queue.sweep(LOW)
    item = queue.one("battery-low")
    assert (item.lane, item.patient_id, item.plan_version_id, item.latch) == (
        Lane.TECHNICAL, ANN, None, False,
    )  # fmt: skip
    assert item.reason["facts"] | {"device": ""} == {
        "device": "", "label": "and-uc-352ble", "gateway": "home-1", "patients": 1, "also": [],
        "battery": 5, "limit": 20,
    }  # fmt: skip


def test_an_item_about_several_patients_is_nobody_s_own() -> None:
    shared = scale(ANN, BOB, sighting=sighting(battery=5))
    queue = Queue()
    queue.sweep(scene(devices=[shared], patients=[patient(ANN), patient(BOB, plan(BOB))]))
    assert queue.one("battery-low").patient_id is None


def test_the_same_facts_make_the_same_item_whoever_finds_them() -> None:
    one, other = Queue(), Queue()
    one.sweep(SILENT)
    other.sweep(SILENT, now=NOW + MINUTE)
    assert one.one("gateway-offline").id == other.one("gateway-offline").id


def test_facts_that_move_are_no_news() -> None:
    queue = Queue()
    queue.sweep(LOW)
    assert queue.sweep(scene(devices=[scale(sighting=sighting(battery=4))])) == []
    item = queue.one("battery-low")
    assert (item.reason["facts"]["battery"], item.version) == (4, 1)


@pytest.mark.parametrize("now", [NOW, NOW + DAY])
@pytest.mark.parametrize("of", [SILENT, LOW, scene(held=(held(),))])
def test_sweeping_twice_changes_nothing(of: Scene, now: dt.datetime) -> None:
    queue = Queue()
    queue.sweep(of)
    queue.sweep(of, now=now)
    before = dict(queue.kept)
    assert queue.sweep(of, now=now) == []
    assert queue.kept == before


@pytest.mark.parametrize(
    ("more", "events"), [(-MINUTE, []), (ZERO, ["opened"]), (MINUTE, ["opened"])]
)
@pytest.mark.parametrize(("of", "rule"), [(SILENT, "gateway-offline"), (LOW, "battery-low")])
def test_what_was_resolved_by_hand_rests_for_a_week(
    of: Scene, rule: str, more: dt.timedelta, events: list[str]
) -> None:
    queue = Queue()
    queue.sweep(of)
    _resolved(queue, rule)
    seen_since = of
    if rule == "battery-low":  # It is heard of every day, and as low as ever.
        last_seen = NOW + 6 * DAY
        seen_since = scene(devices=[scale(sighting=sighting(battery=5, last_seen=last_seen))])
        seen_since = heard(seen_since, NOW + 7 * DAY + more)
    assert queue.sweep(seen_since, now=NOW + 7 * DAY + more).count("opened") == len(events)


def test_what_clears_while_it_is_snoozed_stays_snoozed_until_the_same_instant() -> None:
    queue = Queue()
    queue.sweep(LOW)
    queue.change("battery-low", state=State.SNOOZED, snoozed_until=NOW + DAY)
    assert queue.sweep(scene()) == ["cleared"]
    item = queue.one("battery-low")
    assert (item.state, item.snoozed_until) == (State.SNOOZED, NOW + DAY)


def test_once_its_cause_has_ended_it_rests_no_longer() -> None:
    queue = Queue()
    queue.sweep(LOW)
    _resolved(queue, "battery-low")
    before = queue.one("battery-low")
    assert queue.sweep(heard(scene(), NOW + MINUTE), now=NOW + MINUTE) == []
    after = queue.one("battery-low")
    assert (after.state, after.cleared_at) == (State.RESOLVED, NOW + MINUTE)
    assert queue.sweep(heard(LOW, NOW + HOUR), now=NOW + HOUR) == ["opened"]
    assert queue.one("battery-low").id != before.id


def test_that_a_deeper_cause_explains_it_is_no_end_of_a_resolved_one() -> None:
    queue = Queue()
    queue.sweep(LOW)
    _resolved(queue, "battery-low")
    lost = scene(devices=[scale(sighting=sighting(battery=5, trouble="bond_lost"))])
    assert queue.sweep(lost, now=NOW + MINUTE) == ["opened"]
    assert queue.sweep(heard(LOW, NOW + HOUR), now=NOW + HOUR) == ["cleared"]


def test_what_hearthbeat_closed_itself_begins_anew_at_once() -> None:
    queue = Queue()
    queue.sweep(LOW)
    queue.sweep(heard(scene(), NOW + HOUR), now=NOW + HOUR)
    _resolved(queue, "battery-low", by_hand=False, at=NOW + 73 * HOUR)
    later = NOW + 74 * HOUR
    assert queue.sweep(heard(LOW, later), now=later) == ["opened"]
    assert queue.one("battery-low").onset_at == NOW + 73 * HOUR


def test_readings_held_back_are_counted_by_reason_and_more_of_them_are_no_news() -> None:
    queue = Queue()
    queue.sweep(scene(held=(held(count=2), held("no_value"))))
    item = queue.one(QUARANTINED)
    assert item.readings == 3
    assert item.reason["facts"]["reasons"] == {"implausible:weight": 2, "no_value": 1}
    assert queue.sweep(scene(held=(held(count=5),))) == []
    assert queue.one(QUARANTINED).readings == 5
    assert queue.sweep(scene()) == ["cleared"]


def test_readings_held_back_after_a_resolution_are_a_new_item_at_once() -> None:
    queue = Queue()
    queue.sweep(scene(held=(held(),)))
    _resolved(queue, QUARANTINED)
    queue.sweep(scene(), now=NOW + MINUTE)
    newer = held(first_received=NOW + HOUR, last_received=NOW + HOUR)
    assert queue.sweep(heard(scene(held=(newer,)), NOW + HOUR), now=NOW + HOUR) == ["opened"]


def test_ambiguous_readings_and_those_of_unknown_devices_are_items_of_their_own() -> None:
    queue = Queue()
    unknown = held("unknown_device", subject_kind="gateway", subject="home-1")
    queue.sweep(scene(held=(held("ambiguous_user", ambiguous=True), held(), unknown)))
    assert sorted((key.rule, key.subject_kind) for key in queue.kept) == [
        ("ambiguous-readings", "device"),
        ("quarantined-readings", "device"),
        ("quarantined-readings", "gateway"),
    ]


def test_items_of_one_clinic_have_other_ids_than_those_of_another() -> None:
    ids = set()
    for organisation in (UUID(int=1), UUID(int=2)):
        found = keep(
            judge(LOW, {}, now=NOW),
            {},
            organisation_id=organisation,
            now=NOW,
            policy_of=lambda _: Policy(),
        )
        ids |= {change.alert.id for change in found.changes}
    assert len(ids) == 2
