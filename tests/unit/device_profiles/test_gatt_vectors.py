"""The 46 frames that others collected from public parsers' own tests."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from device_profiles.catalog import CATALOG, GENERIC
from device_profiles.errors import DecodeError
from device_profiles.frames import describe, from_hex

VECTORS = Path(__file__).parents[4] / "shared" / "data" / "gatt_vectors.json"
NAMES = {
    "seq": "sequence",
    "bpm": "heart_rate",
    "fat_percent": "body_fat",
    "muscle_percent": "muscle_percentage",
    "basal_metabolism_kj": "basal_metabolism",
    "pulse_amplitude_index": "pulse_amplitude",
    "time": "device_time",
}
"""The vectors' names for what the Measurement JSON calls otherwise."""
UNITS: dict[tuple[str, str], Callable[[float], float]] = {
    ("height", "kg"): lambda metres: metres * 100,
    ("weight", "lb"): lambda pounds: round(pounds * 0.45359237, 3),
}
"""By name and unit as sent: to canonical units."""


def load() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        return []
    found: list[dict[str, Any]] = json.loads(VECTORS.read_text())
    return found


def test_all_46_vectors_are_there() -> None:
    if not VECTORS.exists():
        pytest.skip("../shared/data/gatt_vectors.json is not beside this checkout")
    assert len(load()) == 46


@pytest.mark.parametrize("vector", load(), ids=lambda vector: f"{vector['uuid']}-{vector['hex']}")
def test_a_public_frame_means_what_its_collectors_say(vector: dict[str, Any]) -> None:
    profile = CATALOG.get(vector.get("kind", ""), GENERIC)
    expected = vector["expect"]
    if "error" in expected:
        with pytest.raises(DecodeError) as refusal:
            describe(vector["uuid"], from_hex(vector["hex"]), profile=profile)
        assert refusal.value.code == expected["error"]
        return
    said = describe(vector["uuid"], from_hex(vector["hex"]), profile=profile)
    for name, value in expected.items():
        assert fact(said, name) == canonical(name, value, expected.get("unit", "")), name


def canonical(name: str, value: object, unit: str) -> object:
    if name == "time" and str(value).startswith("0000"):
        return None  # An unknown date is no time.
    convert = UNITS.get((name, unit))
    return convert(value) if convert and isinstance(value, float) else value


def fact(said: dict[str, Any], name: str) -> object:
    """A fact by the vectors' name, wherever the JSON has it."""
    if name == "irregular_pulse":
        return name in said["flags"]
    for place in (said, said.get("values", {}), said.get("details", {})):
        for key in (NAMES.get(name, name), name):
            if key in place:
                return place[key]
    raise AssertionError(f"{name} is nowhere in {said}")
