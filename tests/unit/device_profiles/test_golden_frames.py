"""Every frame in tests/golden/gatt/frames.json says exactly what stands beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from device_profiles.catalog import CATALOG
from device_profiles.errors import DecodeError
from device_profiles.frames import KNOWN, describe, from_hex

GOLDEN = Path(__file__).parents[2] / "golden" / "gatt" / "frames.json"
ROWS: list[dict[str, Any]] = json.loads(GOLDEN.read_text())


@pytest.mark.parametrize("row", ROWS, ids=[row["about"] for row in ROWS])
def test_a_golden_frame_says_exactly_this(row: dict[str, Any]) -> None:
    profile = CATALOG[row.get("profile", "generic")]
    says = row["says"]
    if "error" in says:
        with pytest.raises(DecodeError) as refusal:
            describe(row["uuid"], from_hex(row["hex"]), profile=profile)
        assert refusal.value.code == says["error"]
    else:
        assert describe(row["uuid"], from_hex(row["hex"]), profile=profile) == says


def test_every_characteristic_that_carries_a_value_has_a_golden_frame() -> None:
    without = {"2a24", "2a25", "2a26", "2a27", "2a28", "2a51", "2a60", "2a9b"}
    assert set(KNOWN) - {row["uuid"] for row in ROWS} == without
