"""When to ping, and when to give up."""

import pytest

from wire.liveness import Liveness, Look


def test_a_quiet_line_is_pinged_at_three_quarters() -> None:
    line = Liveness(20, now=100)
    assert line.look(114.9) is Look.NOTHING
    assert line.look(115) is Look.PING
    assert line.look(115.1) is Look.NOTHING


def test_silence_after_a_ping_is_death_within_twice_the_keepalive() -> None:
    line = Liveness(20, now=100)
    assert line.look(115) is Look.PING
    assert line.look(130) is Look.NOTHING
    assert line.look(130.1) is Look.GIVE_UP
    assert 30 + 2 * line.tick_s < 2 * 20


def test_any_byte_is_a_sign_of_life() -> None:
    line = Liveness(20, now=100)
    assert line.look(115) is Look.PING
    line.heard(129)
    assert line.look(140) is Look.NOTHING


def test_an_answer_starts_anew() -> None:
    line = Liveness(20, now=100)
    assert line.look(115) is Look.PING
    line.heard(116)
    line.sent(115)
    line.answered()
    assert line.look(129) is Look.NOTHING
    assert line.look(130) is Look.PING


def test_a_line_that_only_sends_is_asked_too() -> None:
    line = Liveness(20, now=100)
    line.sent(114)
    assert line.look(115) is Look.PING


def test_while_we_do_not_read_the_silence_is_our_own() -> None:
    line = Liveness(20, now=100)
    line.deafen(100, deaf=True)
    assert [line.look(now) for now in (115, 130, 145, 160)] == [Look.PING] * 4
    line.deafen(161, deaf=False)
    line.sent(160)
    assert line.look(170) is Look.NOTHING
    assert line.look(176) is Look.PING


@pytest.mark.parametrize("now", [100, 10_000])
def test_no_keepalive_no_pings(now: float) -> None:
    assert Liveness(0, now=100).look(now) is Look.NOTHING
