import datetime as dt

from benchmarks.rig import workload
from device_profiles.decoding import decode
from wire.codec import decode_readings

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def test_the_frame_of_a_made_reading_decodes_to_its_values() -> None:
    made = workload.readings(50, of=workload.homes(5), now=NOW, seed=1)
    for each in made:
        measured = decode("2a35", bytes.fromhex(each.frame))
        assert measured.values == each.values
        assert measured.device_time == each.device_time


def test_messages_are_what_ingest_accepts_and_never_mix_homes() -> None:
    homes = workload.homes(3)
    made = workload.readings(100, of=homes, now=NOW, seed=1)
    messages = workload.messages(made, of=homes, each=50, now=NOW)
    decoded = [decode_readings(payload) for _, payload in messages]
    assert sorted(len(each.message.readings) for each in decoded) == [33, 33, 34]
    assert all(len({r.device for r in each.message.readings}) == 1 for each in decoded)
    assert not any(each.refused for each in decoded)


def test_each_home_numbers_its_readings_from_one_without_a_gap() -> None:
    made = workload.readings(10, of=workload.homes(2), now=NOW, seed=1)
    assert [each.seq for each in made] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert len({each.id for each in made}) == 10
