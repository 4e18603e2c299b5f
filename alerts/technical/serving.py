"""Which devices measure what for whom. Pure."""

from collections import defaultdict
from functools import cache
from typing import Final
from uuid import UUID

from alerts.technical.facts import Device, Scene
from device_profiles.catalog import CATALOG, GENERIC
from vitals.kinds import Kind

ANY: Final = frozenset(Kind)


class Serving:
    """By the catalogue; a device that is not in it serves what it has measured, or may anything."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._measured: dict[str, set[Kind]] = defaultdict(set)
        for (_, kind), last in scene.last.items():
            self._measured[last.device].add(kind)
        self._by_patient: dict[UUID, list[Device]] = defaultdict(list)
        for device in scene.devices.values():
            for wearer in device.wearers:
                self._by_patient[wearer.patient_id].append(device)

    def kinds(self, device: Device) -> frozenset[Kind]:
        known = _catalogued(device.profile)
        if known is not None:
            return known
        return frozenset(self._measured.get(device.address, ANY))

    def of(self, patient_id: UUID, kind: Kind) -> list[Device]:
        return [
            device for device in self._by_patient.get(patient_id, ()) if kind in self.kinds(device)
        ]

    def devices(self, patient_id: UUID) -> list[Device]:
        return self._by_patient.get(patient_id, [])

    def is_expected(self, device: Device) -> bool:
        """Whether some plan wants what it measures."""
        kinds = self.kinds(device)
        for wearer in device.wearers:
            patient = self._scene.patients.get(wearer.patient_id)
            if patient is None or patient.plan is None:
                continue
            if any(measure.kind in kinds for measure in patient.plan.measures):
                return True
        return False


@cache
def _catalogued(profile: str) -> frozenset[Kind] | None:
    known = CATALOG.get(profile)
    return None if known is None or known.name == GENERIC.name else frozenset(known.kinds)
