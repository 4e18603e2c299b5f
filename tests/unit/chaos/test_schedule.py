from tests.chaos import faults


def test_a_seed_repeats_its_schedule() -> None:
    one = faults.schedule(seed=7, seconds=60, kills=36)
    assert one == faults.schedule(seed=7, seconds=60, kills=36)
    assert one != faults.schedule(seed=8, seconds=60, kills=36)


def test_a_minute_kills_more_than_thirty_times_and_everybody() -> None:
    kills = faults.schedule(seed=1, seconds=60, kills=36)
    assert len(kills) == 36
    assert {kill.target for kill in kills} == set(faults.WEIGHTS)
    assert all(1 <= kill.at_s <= 60 for kill in kills)
    assert [kill.at_s for kill in kills] == sorted(kill.at_s for kill in kills)
