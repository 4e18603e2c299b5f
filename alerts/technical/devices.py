"""A device in trouble: one item, of the cause that lies deepest. Pure."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from msgspec import Struct

from alerts.technical.facts import Device
from alerts.technical.items import (
    BATTERY_LOW,
    BOND_LOST,
    CLOCK_FAULT,
    DEVICE_UNSEEN,
    Item,
    Key,
    iso,
    reason,
)
from care.programme import Silence

CAUSES: Final = (BOND_LOST, BATTERY_LOW, DEVICE_UNSEEN, CLOCK_FAULT)
"""The deepest first: who has lost its pairing, or its power, is not seen either; and a new battery
leaves a clock that is not set."""

BATTERY_FULLER: Final = 5
"""Percent above the limit at which a battery was changed: cold nights take two or three."""
CLOCK_SET: Final = 0.5
"""Of the limit: a clock that is set is right; one that wanders about the limit is not."""
BY_ITSELF: Final = dt.timedelta(hours=1)
"""On the air so long after its last measurement, a device speaks without being used. One that
does not is silent because nobody uses it, or because it cannot: nobody can tell from here."""
LOOK_BACK: Final = dt.timedelta(days=60)
"""Readings older than this are not asked for."""


class Trouble(Struct, frozen=True, kw_only=True):
    """What is wrong with one device."""

    item: Item | None = None
    explained: tuple[str, ...] = ()
    """Rules that would speak too, were it not for the item's."""
    also: tuple[str, ...] = ()
    """Those of them that would begin now: what is explained ends, and no longer lasts by itself."""
    unknown: tuple[str, ...] = ()


def trouble(
    device: Device,
    *,
    silence: Silence,
    standing: Collection[str],
    expected: bool,
    reachable: bool,
    now: dt.datetime,
) -> Trouble:
    """`standing`: rules with an item that is not over: those take more to end than to begin.

    `expected`: a plan wants something that it measures. `reachable`: its gateway is not silent.
    """
    judged = {
        BOND_LOST: _bond_lost(device),
        BATTERY_LOW: _battery_low(device, silence, stands=BATTERY_LOW in standing),
        DEVICE_UNSEEN: expected and reachable and _unseen(device, silence, now=now),
        CLOCK_FAULT: _clock_fault(device, silence, stands=CLOCK_FAULT in standing),
    }
    unknown = tuple(rule for rule in standing if judged.get(rule, False) is None)
    true = [rule for rule in CAUSES if judged[rule] or rule in unknown]
    if not true:
        return Trouble()
    deepest, *explained = true
    also = [rule for rule in explained if _begins(device, rule, silence, judged=judged[rule])]
    return Trouble(
        item=None if deepest in unknown else _item(device, deepest, silence, also=also),
        explained=tuple(explained),
        also=tuple(also),
        unknown=(deepest,) if deepest in unknown else (),
    )


def _begins(device: Device, rule: str, silence: Silence, *, judged: bool | None) -> bool:
    """Whether the rule would speak if nothing of it stood."""
    if rule == BATTERY_LOW:
        judged = _battery_low(device, silence, stands=False)
    elif rule == CLOCK_FAULT:
        judged = _clock_fault(device, silence, stands=False)
    return bool(judged)


def _bond_lost(device: Device) -> bool | None:
    return None if device.sighting is None else device.sighting.trouble == "bond_lost"


def _battery_low(device: Device, silence: Silence, *, stands: bool) -> bool | None:
    if device.sighting is None or device.sighting.battery is None:
        return None
    if stands:
        return device.sighting.battery < silence.battery_low_percent + BATTERY_FULLER
    return device.sighting.battery <= silence.battery_low_percent


def _clock_fault(device: Device, silence: Silence, *, stands: bool) -> bool | None:
    if device.sighting is None or device.sighting.clock_drift_s is None:
        return None
    drift = abs(device.sighting.clock_drift_s)
    if stands:
        return drift > silence.clock_drift_s * CLOCK_SET
    return drift >= silence.clock_drift_s


def _unseen(device: Device, silence: Silence, *, now: dt.datetime) -> bool:
    """Whether it is the device that is silent, and not the patient who does not use it."""
    since = max(at for at in (device.since, device.seen_at) if at is not None)
    if now - since < dt.timedelta(days=silence.device_unseen_days):
        return False
    return not (_used(device) and silent_since_use(device, now=now))


def _used(device: Device) -> bool:
    return device.seen_at is not None and device.seen_at >= device.since


def silent_since_use(device: Device, *, now: dt.datetime) -> bool:
    """It was last on the air when it last measured: most cuffs and scales wake only in use."""
    seen = None if device.sighting is None else device.sighting.last_seen
    if seen is None or seen < now - LOOK_BACK:
        return True
    return device.read_at is not None and seen - device.read_at <= BY_ITSELF


def _item(device: Device, rule: str, silence: Silence, *, also: list[str]) -> Item:
    patients = {each.patient_id for each in device.wearers}
    onset = _onset(device, rule)
    return Item(
        key=Key("device", device.address, rule),
        onset_at=onset,
        last_at=onset,
        patient_id=next(iter(patients)) if len(patients) == 1 else None,
        reason=reason(
            rule,
            device=device.address,
            label=device.label or device.profile,
            gateway=device.behind,
            patients=len(patients),
            also=also,
            **_facts(device, rule, silence),
        ),
    )


def _onset(device: Device, rule: str) -> dt.datetime:
    seen = device.seen_at
    if rule == DEVICE_UNSEEN and seen is not None and seen > device.since:
        return seen
    return device.since if seen is None or rule == DEVICE_UNSEEN else max(seen, device.since)


def _facts(device: Device, rule: str, silence: Silence) -> dict[str, Any]:
    sighting = device.sighting
    if rule == DEVICE_UNSEEN:
        return {"seen_at": iso(device.seen_at), "since": iso(device.since)}
    if rule == BATTERY_LOW and sighting is not None:
        return {"battery": sighting.battery, "limit": silence.battery_low_percent}
    if rule == CLOCK_FAULT and sighting is not None and sighting.clock_drift_s is not None:
        # To the minute: a clock that gains a second a day is no news each time it is heard.
        return {"drift_min": round(sighting.clock_drift_s / 60), "limit_s": silence.clock_drift_s}
    return {}
