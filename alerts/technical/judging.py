"""All of a clinic's missing and technical items, each cause once. Pure.

The order is that of the way a reading takes, from its end: hub, device, what was held back, and
only then the patient. What lies further up explains what lies below it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from alerts.life.alert import Alert, State
from alerts.technical.ailing import last_words, trouble_of, undecodable_of, unsaid
from alerts.technical.devices import CAUSES, silent_since_use, trouble
from alerts.technical.facts import Device, Gateway, Held, Patient, Scene
from alerts.technical.gateways import silent
from alerts.technical.held import DEVICE_CLOCK, held_back, key_of
from alerts.technical.items import (
    CLOCK_FAULT,
    DEVICE_UNSEEN,
    GATEWAY_NEVER_ONLINE,
    GATEWAY_OFFLINE,
    GATEWAY_TROUBLE,
    LABELS,
    MISSED,
    Item,
    Judged,
    Key,
    iso,
    reason,
)
from alerts.technical.line import BREATH
from alerts.technical.missed import Gap, gap
from alerts.technical.serving import Serving
from care.rules import RANK

SETTLES: Final = dt.timedelta(minutes=30)
"""After a hub is back, its outbox empties: what was measured meanwhile comes only now."""

Keep = Mapping[Key, Alert]
"""The latest alert of each item, dealt with or not."""


def judge(scene: Scene, kept: Keep, *, now: dt.datetime) -> Judged:
    judging = _Judging(scene, kept, now=now)
    judging.gateways()
    judging.devices()
    judging.held()
    judging.patients()
    return judging.found


class _Judging:
    def __init__(self, scene: Scene, kept: Keep, *, now: dt.datetime) -> None:
        self.found = Judged()
        self._scene = scene
        self._kept = kept
        self._now = now
        self._serving = Serving(scene)
        self._down: dict[str, Item] = {}
        """Gateway -> the item that says why nothing comes by it: it is silent, or in trouble."""
        self._ill: dict[str, str] = {}
        """Device -> the rule whose item stands for it."""
        self._clocks_wrong: set[str] = set()
        """Devices, whichever rule's item stands for them."""
        self._waits: set[str] = set()
        """Gateways of which nothing can be said yet: silent for a while, or just back."""

    def gateways(self) -> None:
        behind = self._behind()
        for gateway in self._scene.gateways.values():
            patients = frozenset(behind.get(gateway.id, ()))
            silence = self._scene.silence(patients)
            item = silent(
                gateway,
                patients=patients,
                silence=silence,
                line=self._scene.line,
                stands_since=self._stands_since(Key("gateway", gateway.id, GATEWAY_OFFLINE)),
                now=self._now,
            )
            if item is not None:
                self._down[gateway.id] = self.found.wanted[item.key] = item
                for key in last_words(gateway):
                    self.found.explained[key] = _hub_is_down(item)
            else:
                self._says_of_itself(gateway, patients)
                if self._unsettled(gateway):
                    self._waits.add(gateway.id)

    def _says_of_itself(self, gateway: Gateway, patients: frozenset[UUID]) -> None:
        """What a hub says that is not silent, or was not for long."""
        stands = self._stands(Key("gateway", gateway.id, GATEWAY_TROUBLE))
        trouble = trouble_of(gateway, patients=patients, stands=stands, now=self._now)
        if trouble is not None:
            self._down[gateway.id] = self.found.wanted[trouble.key] = trouble
        frames = undecodable_of(gateway, patients=patients, now=self._now)
        if frames is not None:
            self.found.wanted[frames.key] = frames
        self.found.unknown |= unsaid(gateway, self._kept.keys())

    def _behind(self) -> dict[str, set[UUID]]:
        """Gateway -> patients who are measured with something behind it."""
        found: dict[str, set[UUID]] = defaultdict(set)
        for device in self._scene.devices.values():
            if device.behind is not None:
                found[device.behind].update(each.patient_id for each in device.wearers)
        return found

    def _unsettled(self, gateway: Gateway) -> bool:
        if gateway.transport != "mqtt":
            return False
        if gateway.heard_at is None or not gateway.online or gateway.trouble is not None:
            return True
        opened = self._scene.line.open_since
        if self._now - gateway.heard_at > BREATH or (opened and self._now - opened < SETTLES):
            return True
        for rule in (GATEWAY_OFFLINE, GATEWAY_NEVER_ONLINE, GATEWAY_TROUBLE):
            kept = self._kept.get(Key("gateway", gateway.id, rule))
            if kept is not None and (
                kept.cleared_at is None or self._now - kept.cleared_at < SETTLES
            ):
                return True
        return False

    def devices(self) -> None:
        standing: dict[str, list[str]] = defaultdict(list)
        for key in self._kept:
            if key.subject_kind == "device" and key.rule in CAUSES and self._stands(key):
                standing[key.subject].append(key.rule)
        for device in self._scene.devices.values():
            self._device(device, standing.get(device.address, ()))

    def _device(self, device: Device, standing: Collection[str]) -> None:
        down = self._down.get(device.behind or "")
        judged = trouble(
            device,
            silence=self._scene.silence(frozenset(each.patient_id for each in device.wearers)),
            standing=standing,
            expected=self._serving.is_expected(device),
            reachable=down is None and device.behind not in self._waits,
            now=self._now,
        )
        deepest = judged.unknown[0] if judged.unknown else None
        if judged.item is not None:
            self.found.wanted[judged.item.key] = judged.item
            deepest = judged.item.key.rule
        elif deepest is not None:
            self.found.unknown.add(Key("device", device.address, deepest))
        if CLOCK_FAULT in {deepest, *judged.also}:
            self._clocks_wrong.add(device.address)
        if deepest is not None:
            self._ill[device.address] = deepest
            why = _device_has(deepest)
            for rule in judged.explained:
                self.found.explained[Key("device", device.address, rule)] = why
        if DEVICE_UNSEEN in standing and deepest != DEVICE_UNSEEN:
            self._not_to_be_seen(device, down)

    def _not_to_be_seen(self, device: Device, down: Item | None) -> None:
        """Nobody sees a device whose hub is silent, or has no ears."""
        unseen = Key("device", device.address, DEVICE_UNSEEN)
        if down is not None:
            self.found.explained[unseen] = _hub_is_down(down)
        elif device.behind in self._waits and unseen not in self.found.explained:
            self.found.unknown.add(unseen)
            self._ill.setdefault(device.address, DEVICE_UNSEEN)

    def held(self) -> None:
        wrong = self._clocks_wrong
        of_the_clock = [
            each
            for each in self._scene.held
            if each.reason == DEVICE_CLOCK and each.subject in wrong
        ]
        told = self._scene.held
        if of_the_clock:
            told = tuple(each for each in told if each not in of_the_clock)
        self.found.wanted.update(held_back(told))
        for each in of_the_clock:
            if key_of(each) not in self.found.wanted:
                self.found.explained[key_of(each)] = _device_has(CLOCK_FAULT)

    def patients(self) -> None:
        held: dict[str, list[Held]] = defaultdict(list)
        for each in self._scene.held:
            held[each.subject].append(each)
        for patient in self._scene.patients.values():
            if patient.plan is not None:
                self._patient(patient, held)

    def _patient(self, patient: Patient, held: Mapping[str, list[Held]]) -> None:
        key = Key("patient", str(patient.id), MISSED)
        gaps: list[Gap] = []
        why: list[str] = []
        waits = False
        for measure in patient.plan.measures if patient.plan is not None else ():
            last = self._scene.last.get((patient.id, measure.kind))
            found = gap(patient, measure, last, now=self._now)
            if found is None:
                continue
            devices = self._serving.of(patient.id, measure.kind)
            causes = [self._cause(device, found, held) for device in devices]
            if not devices:  # It may be measured with one that nobody assigned: by the same hub.
                devices = self._serving.devices(patient.id)
                causes = [self._hub_of(device) for device in devices]
            if devices and all(causes):
                why += [cause for cause in causes if cause]
            elif any(device.behind in self._waits for device in devices):
                waits = True
            else:
                gaps.append(found)
        if gaps:
            self.found.wanted[key] = self._missed(key, patient, gaps)
        elif waits:
            self.found.unknown.add(key)
        elif why:
            self.found.explained[key] = why[0]
        elif key in self._kept:
            self.found.why_over[key] = "measured again"

    def _cause(self, device: Device, found: Gap, held: Mapping[str, list[Held]]) -> str | None:
        """Why nothing can have come by this device, as far as it is known."""
        hub = self._hub_of(device)
        if hub is not None:
            return hub
        if device.address in self._ill:
            label = LABELS[self._ill[device.address]].lower()
            return f"the device for it has an item: {label}"
        for each in held.get(device.address, ()):
            if each.kind is found.measure.kind and (
                found.last_at is None or each.last_measured > found.last_at
            ):
                return "readings came and are held back: see the device's item"
        return None

    def _hub_of(self, device: Device) -> str | None:
        """Why nothing can have come by its hub."""
        down = self._down.get(device.behind or "")
        return None if down is None else _hub_is_down(down)

    def _missed(self, key: Key, patient: Patient, gaps: list[Gap]) -> Item:
        gaps.sort(key=lambda each: (each.since, each.measure.kind))
        unseen = [self._silent_device(patient, each) for each in gaps]
        return Item(
            key=key,
            onset_at=gaps[0].since,
            last_at=gaps[0].since,
            severity=max((each.severity for each in gaps), key=RANK.__getitem__),
            patient_id=patient.id,
            plan_version=None if patient.plan is None else patient.plan.id,
            reason=reason(
                MISSED,
                days=max(each.days for each in gaps),
                measures=[
                    {
                        "kind": str(each.measure.kind),
                        "days": each.days,
                        "last_at": iso(each.last_at),
                        "device": device,
                    }
                    for each, device in zip(gaps, unseen, strict=True)
                ],
            ),
        )

    def _silent_device(self, patient: Patient, found: Gap) -> str:
        """What is known of the devices for it: nobody can tell an unused scale from a flat one."""
        devices = self._serving.of(patient.id, found.measure.kind)
        if not devices:
            return "none"
        unused = all(silent_since_use(each, now=self._now) for each in devices)
        return "silent" if unused else "seen"

    def _stands(self, key: Key) -> bool:
        return self._stands_since(key) is not None

    def _stands_since(self, key: Key) -> dt.datetime | None:
        """Its condition has not ended, whatever people did about it."""
        kept = self._kept.get(key)
        if kept is None or kept.cleared_at is not None or kept.state is State.WITHDRAWN:
            return None
        return kept.onset_at


def _device_has(rule: str) -> str:
    return f"the device has another item: {LABELS[rule].lower()}"


def _hub_is_down(item: Item) -> str:
    facts = item.reason["facts"]
    name = facts["label"] or facts["gateway"]
    if item.key.rule == GATEWAY_NEVER_ONLINE:
        return f"the hub {name} has never been heard: see its item"
    if item.key.rule == GATEWAY_TROUBLE:
        return f"the hub {name} is in trouble: see its item"
    return f"the hub {name} is offline: see its item"
