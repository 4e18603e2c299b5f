"""Version 1 is what these bytes say; a change that moves them is a version 2."""

import datetime as dt
from pathlib import Path
from uuid import UUID

import pytest

from tests.unit.wire.samples import CUFF, SENT_AT, blood_pressure, glucose_above_range
from wire import codec, json_schema
from wire.messages import (
    Commands,
    DeviceStatus,
    KnownDevice,
    MeasureAgain,
    Presence,
    Receipts,
    Refusal,
    Status,
    TimePolicy,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "wire"
DOCS = Path(__file__).parents[3] / "docs" / "wire"
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))

MESSAGES = {
    "readings-one": codec.encode_readings([blood_pressure()], sent_at=SENT_AT),
    "readings-two": codec.encode_readings(
        [blood_pressure(), glucose_above_range()], sent_at=SENT_AT + dt.timedelta(microseconds=5)
    ),
    "receipts": codec.encode(
        Receipts(
            committed=[FIRST],
            quarantined=[Refusal(id=SECOND, reason="unassigned")],
            rejected=[Refusal(id=THIRD, reason="unreadable")],
        )
    ),
    "status-online": codec.encode(
        Status(
            state=Presence.ONLINE,
            version="0.1.0",
            queue_depth=3,
            devices=[
                DeviceStatus(device=CUFF, battery=80, last_seen=SENT_AT, clock_drift_s=3.0),
            ],
            last_seq=412,
            at=SENT_AT,
        )
    ),
    "status-will": codec.encode(Status(state=Presence.OFFLINE)),
    "commands": codec.encode(
        Commands(
            devices=[KnownDevice(device=CUFF, profile="omron_standard", passkey="000123")],
            resend_from=400,
            repeat=[FIRST],
            time_zone="America/New_York",
            time_policy=TimePolicy(set_clocks=False),
            at=SENT_AT,
        )
    ),
    "commands-measure-again": codec.encode(
        Commands(
            devices=[KnownDevice(device=CUFF)],
            measure_again=[
                MeasureAgain(
                    device=CUFF,
                    kind="blood_pressure",
                    until=SENT_AT + dt.timedelta(minutes=30),
                )
            ],
        )
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_version_1_is_these_bytes(name: str) -> None:
    assert MESSAGES[name] == (GOLDEN / f"{name}.json").read_bytes()


def test_golden_readings_are_read_back_whole() -> None:
    payload = (GOLDEN / "readings-two.json").read_bytes()
    decoded = codec.decode_readings(payload)
    assert decoded.message.readings == [blood_pressure(), glucose_above_range()]
    assert decoded.refused == ()


@pytest.mark.parametrize("name", json_schema.documents())
def test_the_published_schema_is_fresh(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == json_schema.documents()[name]


def test_no_published_schema_is_left_over() -> None:
    assert {path.name for path in DOCS.glob("*.json")} == set(json_schema.documents())
