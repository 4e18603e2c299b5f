"""A cause inhibits its consequences: whatever is wrong at once, each is named once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from alerts.life.alert import Outcome, State
from alerts.technical.facts import Device, Gateway, LastReading, Scene
from alerts.technical.items import MISSED, Key
from alerts.technical.serving import Serving
from care.programme import Measure
from tests.unit.alerts.technical.scenes import (
    ANN,
    BOB,
    CUFF,
    DAY,
    HOUR,
    HUB,
    MINUTE,
    MORNING,
    NOW,
    SCALE,
    WEIGHT,
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
from vitals.kinds import Kind

PRESSURE = Measure(kind=Kind.BLOOD_PRESSURE, slots=(MORNING,))
LONG_AGO = NOW - 6 * DAY
NOTHING_LATELY = {(ANN, Kind.WEIGHT): LastReading(LONG_AGO, SCALE)}
MISSED_BY_ANN = ("missed-measurements", str(ANN))


def _used_long_ago(**changes: Any) -> Device:
    options: dict[str, Any] = {"sighting": sighting(last_seen=LONG_AGO)}
    return scale(read_at=LONG_AGO, **(options | changes))


@pytest.mark.parametrize(
    ("hub", "device", "items"),
    [
        (gateway(), _used_long_ago(), [MISSED_BY_ANN]),
        (gateway(heard_at=LONG_AGO), _used_long_ago(), [("gateway-offline", HUB)]),
        (gateway(heard_at=None), _used_long_ago(), [("gateway-never-online", HUB)]),
        (
            gateway(),
            _used_long_ago(sighting=sighting(last_seen=LONG_AGO + DAY)),
            [("device-unseen", SCALE)],
        ),
        (
            gateway(heard_at=LONG_AGO),
            _used_long_ago(sighting=sighting(last_seen=LONG_AGO + DAY)),
            [("gateway-offline", HUB)],
        ),
        (gateway(), _used_long_ago(sighting=sighting(battery=3)), [("battery-low", SCALE)]),
        (gateway(), _used_long_ago(sighting=sighting(clock_drift_s=900)), [("clock-fault", SCALE)]),
        (gateway(), _used_long_ago(sighting=sighting(trouble="bond_lost")), [("bond-lost", SCALE)]),
    ],
)  # fmt: skip
def test_why_no_weight_came_is_said_once(hub: Gateway, device: Device, items: list[Any]) -> None:
    assert wanted(scene(gateways=[hub], devices=[device], last=NOTHING_LATELY)) == items


def test_readings_that_came_and_are_held_back_are_not_missed() -> None:
    found = scene(devices=[_used_long_ago()], last=NOTHING_LATELY, held=(held(),))
    assert wanted(found) == [("quarantined-readings", SCALE)]


def test_readings_held_back_before_the_last_one_that_counted_explain_nothing() -> None:
    old = held(last_measured=LONG_AGO - DAY)
    found = scene(devices=[_used_long_ago()], last=NOTHING_LATELY, held=(old,))
    assert wanted(found) == [MISSED_BY_ANN, ("quarantined-readings", SCALE)]


def test_a_clock_that_is_wrong_explains_readings_from_the_future() -> None:
    device = scale(sighting=sighting(clock_drift_s=90_000))
    future, other = held("from_the_future"), held("no_value")
    assert wanted(scene(devices=[device], held=(future,))) == [("clock-fault", SCALE)]
    assert wanted(scene(devices=[scale()], held=(future,))) == [("quarantined-readings", SCALE)]
    queue = Queue()
    queue.sweep(scene(devices=[device], held=(future, other)))
    assert queue.one("quarantined-readings").reason["facts"]["reasons"] == {"no_value": 1}


def test_a_second_scale_that_is_well_explains_nothing() -> None:
    low = _used_long_ago(sighting=sighting(battery=3))
    well = _used_long_ago(address=CUFF)
    found = wanted(scene(devices=[low, well], last=NOTHING_LATELY))
    assert found == [("battery-low", SCALE), MISSED_BY_ANN]


def test_a_device_explains_only_what_it_measures() -> None:
    both = patient(ANN, plan(measures=(WEIGHT, PRESSURE)))
    low = _used_long_ago(sighting=sighting(battery=3))
    cuff = _used_long_ago(address=CUFF, profile="and-ua-651ble")
    queue = Queue()
    queue.sweep(scene(devices=[low, cuff], patients=[both], last=NOTHING_LATELY))
    measures = queue.one(MISSED).reason["facts"]["measures"]
    assert [each["kind"] for each in measures] == ["blood_pressure"]


def test_a_kind_that_no_device_was_assigned_for_is_said_so_but_not_behind_a_silent_hub() -> None:
    who = patient(ANN, plan(measures=(PRESSURE,)))
    queue = Queue()
    queue.sweep(scene(patients=[who]))
    assert queue.one(MISSED).reason["facts"]["measures"][0]["device"] == "none"
    silent = gateway(heard_at=LONG_AGO)
    assert wanted(scene(gateways=[silent], patients=[who])) == [("gateway-offline", HUB)]


@pytest.mark.parametrize("minutes", [6, 30, 59])
def test_nobody_has_missed_anything_while_the_hub_may_be_going(minutes: int) -> None:
    hub = gateway(heard_at=NOW - minutes * MINUTE)
    assert wanted(scene(gateways=[hub], devices=[_used_long_ago()], last=NOTHING_LATELY)) == []


@pytest.mark.parametrize(("minutes", "missed"), [(29, False), (30, True), (31, True)])
def test_after_an_outage_readings_have_half_an_hour_to_come(*, minutes: int, missed: bool) -> None:
    queue, device = Queue(), _used_long_ago()
    silent = gateway(heard_at=LONG_AGO)
    queue.sweep(scene(gateways=[silent], devices=[device], last=NOTHING_LATELY))
    back = scene(devices=[device], last=NOTHING_LATELY)
    assert queue.sweep(back) == ["cleared"]
    later = scene(
        gateways=[gateway(heard_at=NOW + minutes * MINUTE)], devices=[device], last=NOTHING_LATELY
    )
    queue.sweep(later, now=NOW + minutes * MINUTE)
    assert (Key("patient", str(ANN), MISSED) in queue.judged.wanted) is missed


def test_an_item_that_a_deeper_cause_explains_clears_and_comes_back_after_it() -> None:
    queue, device = Queue(), _used_long_ago()
    queue.sweep(scene(devices=[device], last=NOTHING_LATELY))
    silent = gateway(heard_at=NOW)
    later = NOW + 2 * HOUR
    gone = scene(gateways=[silent], devices=[device], last=NOTHING_LATELY)
    assert sorted(queue.sweep(gone, now=later)) == ["cleared", "opened"]
    assert queue.one(MISSED).cleared_why == "the hub home-1 is offline: see its item"
    for minutes in (0, 31):
        now = later + minutes * MINUTE
        hub = gateway(heard_at=now)
        queue.sweep(scene(gateways=[hub], devices=[device], last=NOTHING_LATELY), now=now)
    assert queue.one(MISSED).cleared_at is None
    assert queue.events == ["opened", "opened", "cleared", "cleared", "recurred"]


HUB_RULES = {"gateway-offline", "gateway-never-online", "gateway-trouble"}
DEVICE_RULES = {"bond-lost", "battery-low", "device-unseen", "clock-fault"}


def _words(draw: st.DrawFn) -> dict[str, Any]:
    """What a hub said of itself."""
    return {
        "told": True,
        "trouble": draw(st.sampled_from([None, None, "no Bluetooth adapter", "the disk is full"])),
        "trouble_at": NOW - draw(st.sampled_from([0, 1, 30])) * HOUR,
        "undecodable": draw(st.sampled_from([0, 0, 1, 5])),
    }


@st.composite
def _scenes(draw: st.DrawFn) -> Scene:
    """Two hubs, three devices, two patients, and any mixture of what can be wrong."""
    hours = st.sampled_from([0, 0, 2, 30, 100, 400])
    hubs = [
        gateway(
            id=name,
            heard_at=None if draw(st.integers(0, 5)) == 0 else NOW - draw(hours) * HOUR,
            online=draw(st.booleans()),
            **(_words(draw) if draw(st.booleans()) else {}),
        )
        for name in (HUB, "home-2")
    ]
    devices = []
    for address, profile in ((SCALE, "and-uc-352ble"), (CUFF, "and-ua-651ble"), ("X", "")):
        read_at = NOW - draw(hours) * HOUR
        seen = sighting(
            gateway=draw(st.sampled_from([HUB, "home-2"])),
            last_seen=min(NOW, read_at + draw(st.sampled_from([0, 2, 48])) * HOUR),
            battery=draw(st.sampled_from([None, 5, 22, 90])),
            clock_drift_s=draw(st.sampled_from([None, 0.0, 200.0, 900.0])),
            trouble=draw(st.sampled_from([None, None, "bond_lost"])),
        )
        wearers = draw(st.sampled_from([(ANN,), (BOB,), (ANN, BOB)]))
        devices.append(
            scale(
                *wearers,
                read_at=read_at,
                address=address,
                profile=profile,
                sighting=draw(st.sampled_from([None, seen])),
            )
        )
    last = {
        (who, kind): LastReading(NOW - draw(hours) * HOUR, draw(st.sampled_from([SCALE, CUFF])))
        for who in (ANN, BOB)
        for kind in (Kind.WEIGHT, Kind.BLOOD_PRESSURE)
        if draw(st.booleans())
    }
    back = draw(
        st.lists(
            st.builds(
                held,
                st.sampled_from(["from_the_future", "no_value"]),
                subject=st.sampled_from([SCALE, CUFF]),
                ambiguous=st.booleans(),
            ),
            max_size=3,
        )
    )
    people = [patient(who, plan(who, measures=(WEIGHT, PRESSURE))) for who in (ANN, BOB)]
    return scene(gateways=hubs, devices=devices, patients=people, last=last, held=tuple(back))


@given(steps=st.lists(_scenes(), min_size=1, max_size=3))
def test_no_consequence_is_raised_whose_cause_stands(steps: list[Scene]) -> None:
    queue = Queue()
    for number, each in enumerate(steps):
        queue.sweep(each, now=NOW + number * MINUTE)
        assert queue.sweep(each, now=NOW + number * MINUTE) == []
        standing = set(queue.judged.wanted)
        assert not standing & (queue.judged.explained.keys() | queue.judged.unknown)
        down = {key.subject for key in standing if key.rule in HUB_RULES}
        of_hubs = [key.subject for key in standing if key.rule in HUB_RULES]
        assert len(of_hubs) == len(set(of_hubs))
        ill = {key.subject for key in standing if key.rule in DEVICE_RULES}
        by_rule = {(key.rule, key.subject) for key in standing}
        for device in each.devices.values():
            of_it = [rule for rule in DEVICE_RULES if (rule, device.address) in by_rule]
            assert len(of_it) <= 1
            assert not (device.behind in down and "device-unseen" in of_it)
        for who in each.patients.values():
            item = queue.judged.wanted.get(Key("patient", str(who.id), MISSED))
            for measure in () if item is None else item.reason["facts"]["measures"]:
                serving = [
                    device
                    for device in each.devices.values()
                    if any(wearer.patient_id == who.id for wearer in device.wearers)
                    and _serves(each, device, Kind(measure["kind"]))
                ]
                caused = [each_.behind in down or each_.address in ill for each_ in serving]
                assert not (serving and all(caused))
        for key, alert in queue.kept.items():
            raised = alert.state.standing and alert.cleared_at is None
            assert raised == (key in standing or (raised and key in queue.judged.unknown))


@given(data=st.data())
def test_whatever_comes_and_whoever_resolves_no_item_begins_twice(data: st.DataObject) -> None:
    """The database would refuse a second one of the same onset, and the whole sweep with it."""
    queue, now = Queue(), NOW
    for _ in range(data.draw(st.integers(1, 6))):
        each = data.draw(_scenes())
        now += data.draw(st.sampled_from([0, 1, 29, 31, 60, 1440, 7 * 1440, 8 * 1440])) * MINUTE
        who = data.draw(st.sampled_from(["", "", "nurse", "hearthbeat"]))
        queue.sweep(each, now=now)
        again = queue.sweep(each, now=now)
        assert again == [], [(k.rule, k.subject) for k in queue.judged.wanted]
        for key, alert in list(queue.kept.items()):
            by_hearthbeat = who == "hearthbeat" and alert.cleared_at is not None
            if alert.state.standing and (who == "nurse" or by_hearthbeat):
                outcome = Outcome.AUTO_CLEARED if by_hearthbeat else Outcome.DEVICE_FIXED
                queue.kept[key] = replace(
                    alert, state=State.RESOLVED, ended_at=now, outcome=outcome
                )
    begun = queue.begun
    assert len({alert.id for alert in begun}) == len(begun)
    onsets = {(a.subject_kind, a.subject, a.rule, a.onset_at) for a in begun}
    assert len(onsets) == len(begun)


def _serves(of: Scene, device: Device, kind: Kind) -> bool:
    return kind in Serving(of).kinds(device)
