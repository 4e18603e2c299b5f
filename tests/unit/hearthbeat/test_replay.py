import datetime as dt
import re
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from device_profiles import gatt
from device_profiles.decoding import decode
from device_profiles.encoding import encode
from hearthbeat.recordings import formats, home_bp, home_weight, smbg_aim94
from hearthbeat.recordings.formats import FORMATS, Recording
from hearthbeat.replay import report
from hearthbeat.replay.load import DeviceLoad, device_loads
from hearthbeat.replay.reconcile import (
    Account,
    Fate,
    Presence,
    Stored,
    accounts,
    difference,
)
from vitals.flags import Special
from vitals.kinds import Kind
from vitals.reading import Measurement

CHICAGO = ZoneInfo("America/Chicago")
BEGAN = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
EARLIER, LATER = BEGAN - dt.timedelta(days=1), BEGAN + dt.timedelta(seconds=1)


def recording(file: str, format_: str, *lines: str) -> Recording:
    found = FORMATS[format_]
    return Recording(file=Path(file), format=found, rows=tuple(found.parse(lines)))


def diary(*lines: str) -> Recording:
    return recording("data-01", smbg_aim94.NAME, *lines)


def stored(load: DeviceLoad, number: int, **others: object) -> Stored:
    said = load.readings[number].measurement
    assert said.device_time is not None
    fields: dict[str, object] = {
        "id": UUID(int=number),
        "device": load.address,
        "kind": said.kind,
        "measured_at": said.device_time.replace(tzinfo=CHICAGO),
        "device_time": said.device_time,
        "sequence": said.sequence,
        "received_at": LATER,
        "attribution": "assigned",
        "reason": None,
        "values": said.values,
        "special": {name: str(word) for name, word in said.special.items()},
    }
    return Stored(**{**fields, **others})  # type: ignore[arg-type]


def account(recording_: Recording, *rows: Stored) -> Account:
    loads = device_loads([recording_], zone=CHICAGO)
    (found,) = accounts([recording_], loads, rows, began=BEGAN, zone=CHICAGO)
    return found


LINE = "04-21-1991\t9:09\t58\t100"
INSULIN = "04-21-1991\t9:09\t33\t009"


def test_the_same_file_gives_the_same_device() -> None:
    (one,), (again,) = (device_loads([diary(LINE)], zone=CHICAGO) for _ in range(2))
    assert one.address == again.address
    assert one.number == again.number
    (other,) = device_loads([recording("data-02", smbg_aim94.NAME, LINE)], zone=CHICAGO)
    assert other.address != one.address


def test_each_person_of_a_file_has_a_device() -> None:
    rows = ("Id,Day,WeightKg,Fat,BMI", "1,2016-05-02,52.6,,22.65", "2,2016-05-02,80,30,25")
    one, two = device_loads([recording("w.csv", home_weight.NAME, *rows)], zone=CHICAGO)
    assert one.address != two.address
    assert (one.has_electrodes, two.has_electrodes) == (False, True)
    assert [loaded.measurement.kind for loaded in two.readings] == [
        Kind.WEIGHT,
        Kind.BODY_COMPOSITION,
    ]


@pytest.mark.parametrize(
    ("value", "special"), [("0Hi", Special.HI), ("0Lo", Special.LO), ("149", None)]
)
def test_a_recorded_result_survives_the_way_through_a_frame(
    value: str, special: Special | None
) -> None:
    (load,) = device_loads([diary(f"04-21-1991\t9:09\t58\t{value}")], zone=CHICAGO)
    said = load.readings[0].measurement
    heard = decode(gatt.GLUCOSE_MEASUREMENT, encode(gatt.GLUCOSE_MEASUREMENT, said))
    assert heard.values == said.values
    assert heard.special == ({"glucose": special} if special else {})
    assert (heard.device_time, heard.sequence) == (said.device_time, 1)


def test_a_weight_survives_to_the_step_of_its_frame() -> None:
    rows = ("Id,Day,WeightKg,Fat,BMI", "1,2016-05-02,52.5999984741211,22.0,22.6499996185303")
    (load,) = device_loads([recording("w.csv", home_weight.NAME, *rows)], zone=CHICAGO)
    for number, uuid in enumerate((gatt.WEIGHT_MEASUREMENT, gatt.BODY_COMPOSITION_MEASUREMENT)):
        said = load.readings[number].measurement
        heard = decode(uuid, encode(uuid, said))
        row = stored(load, number, values=heard.values)
        assert difference(said, row, CHICAGO) is None


def test_every_row_gets_one_fate() -> None:
    recording_ = diary(
        LINE, INSULIN, "04-22-1991\t9:09\t58\t90", "04-23-1991\t9:09\t58\t0", "\t138\t33\t3A"
    )
    (load,) = device_loads([recording_], zone=CHICAGO)
    found = account(
        recording_,
        stored(load, 0),
        stored(load, 1, received_at=EARLIER),
        stored(load, 2, attribution="quarantined", reason="implausible:glucose"),
    )
    assert found.fates == {
        Fate.STORED: 1,
        Fate.DUPLICATE: 1,
        Fate.QUARANTINED: 1,
        Fate.REFUSED: 2,
    }
    assert found.reasons[Fate.QUARANTINED, "implausible:glucose"] == 1
    assert found.settled


def test_a_row_that_did_not_arrive_is_missing() -> None:
    found = account(diary(LINE))
    assert found.fates == {Fate.MISSING: 1}
    assert not found.settled
    assert found.examples == ["data-01:1: missing: no such row in the table"]


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({"values": {"glucose": 101.0}}, "glucose 101.0 instead of 100.0"),
        ({"values": {}}, "values \\[\\] instead of"),
        ({"special": {"glucose": "hi"}}, "special values"),
        ({"measured_at": dt.datetime(1991, 4, 21, 9, 9, tzinfo=dt.UTC)}, "measured at"),
    ],
)
def test_a_row_with_another_value_or_time_is_different(others: dict[str, object], why: str) -> None:
    (load,) = device_loads([diary(LINE)], zone=CHICAGO)
    said = difference(load.readings[0].measurement, stored(load, 0, **others), CHICAGO)
    assert said is not None
    assert re.search(why, said)
    found = account(diary(LINE), stored(load, 0, **others))
    assert found.fates == {Fate.DIFFERENT: 1}


def test_the_same_row_twice_is_one_reading() -> None:
    row = "2019-08-01 09:15:54,132,80,79"
    recording_ = recording(
        "bp.csv", home_bp.NAME, "DateTime,Sys.mmHg.,Dias.mmHg.,Pulse.bpm.", row, row
    )
    (load,) = device_loads([recording_], zone=CHICAGO)
    found = account(recording_, stored(load, 0))
    assert found.fates == {Fate.STORED: 1, Fate.REPEATED: 1}
    assert found.settled


def test_digits_that_the_clocks_left_out_stand_for_the_hour_beside_them() -> None:
    said = Measurement(
        kind=Kind.GLUCOSE,
        values={"glucose": 100.0},
        device_time=dt.datetime(1991, 4, 7, 2, 30),  # noqa: DTZ001 - At 2:00 it was 3:00.
        sequence=1,
    )
    (load,) = device_loads([diary("04-07-1991\t2:30\t58\t100")], zone=CHICAGO)
    at = dt.datetime(1991, 4, 7, 8, 30, tzinfo=dt.UTC)
    assert difference(said, stored(load, 0, measured_at=at), CHICAGO) is None
    assert difference(said, stored(load, 0, measured_at=at + dt.timedelta(hours=1)), CHICAGO)


def test_a_time_with_an_offset_is_shown_by_the_clock_of_the_home() -> None:
    rows = ("time,glucose", "2026-01-02T08:00:00+01:00,100")
    (load,) = device_loads([recording("g.csv", formats.FORMATS["csv"].name, *rows)], zone=CHICAGO)
    assert load.readings[0].measurement.device_time == dt.datetime(2026, 1, 2, 1)  # noqa: DTZ001


def test_rows_and_readings_are_counted_apart_and_come_together() -> None:
    rows = ("Id,Day,WeightKg,Fat,BMI", "1,2016-05-02,52.6,22,22.65", "1,2016-05-03,52.6,,", "1,,,,")
    weights = recording("w.csv", home_weight.NAME, *rows)
    (load,) = device_loads([weights], zone=CHICAGO)
    found = account(
        weights,
        stored(load, 0),
        stored(load, 1, received_at=EARLIER),
        stored(load, 2, attribution="quarantined", reason="implausible:weight"),
    )
    assert (found.rows, found.sent, sum(found.readings.values())) == (3, 2, 3)
    assert report.sums(found, seconds=2.4) == [
        "rows: 3 read = 1 refused + 2 sent",
        "readings: 2 rows sent + 1 for a body fat beside a weight = 3, in 2 s",
        "in the table: 3 readings = 2 new + 1 there before + 0 repeated + 0 different + 0 missing",
    ]


def test_what_is_missing_different_or_repeated_is_in_the_sum_too() -> None:
    row = "2019-08-01 09:15:54,132,80,79"
    others = ("2019-08-02 09:15:54,132,80,79", "2019-08-03 09:15:54,132,80,79")
    pressures = recording(
        "bp.csv", home_bp.NAME, "DateTime,Sys.mmHg.,Dias.mmHg.,Pulse.bpm.", row, row, *others
    )
    (load,) = device_loads([pressures], zone=CHICAGO)
    found = account(pressures, stored(load, 0), stored(load, 2, values={"systolic": 1.0}))
    assert found.readings == {
        Presence.NEW: 1,
        Presence.REPEATED: 1,
        Presence.DIFFERENT: 1,
        Presence.MISSING: 1,
    }
