import datetime as dt

import pytest
from msgspec.structs import replace

from store.digest import SIZE_BYTES, digest
from tests.rows import MEASURED, reading
from vitals.flags import Special
from vitals.reading import TimeQuality

LOCAL = dt.datetime.fromisoformat("2026-11-20T08:10:00")
ORIGINAL = reading(
    sequence=7,
    user=1,
    frame="1e80",
    flags=("irregular_pulse",),
    device_time=LOCAL,
)


@pytest.mark.parametrize(
    "heard_otherwise",
    [
        {"measured_at": MEASURED + dt.timedelta(minutes=3)},
        {"time_quality": TimeQuality.GATEWAY},
        {"clock_drift_s": 4.5},
        {"seq": 99},
        {"profile": "omron"},
        {"values": {"diastolic": 81.0, "systolic": 128.0}},
        {"context": {"time_rule": "drift_corrected", "context_record": "lost"}},
    ],
)
def test_how_and_when_it_was_heard_makes_no_difference(heard_otherwise: dict[str, object]) -> None:
    assert digest(replace(ORIGINAL, **heard_otherwise)) == digest(ORIGINAL)


@pytest.mark.parametrize(
    "said_otherwise",
    [
        {"values": {"systolic": 129.0, "diastolic": 81.0}},
        {"device": "FF:FF:FF:FF:FF:FF"},
        {"sequence": 8},
        {"user": None},
        {"frame": "1e81"},
        {"flags": ()},
        {"device_time": None},
        {"context": {"meal": "fasting"}},
        {"special": {"mean": Special.NAN}},
    ],
)
def test_what_the_device_said_makes_a_difference(said_otherwise: dict[str, object]) -> None:
    assert digest(replace(ORIGINAL, **said_otherwise)) != digest(ORIGINAL)


def test_it_is_as_long_as_its_column() -> None:
    assert len(digest(ORIGINAL)) == SIZE_BYTES == 16
