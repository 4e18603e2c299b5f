"""What a hub's log says when the clinic does not let it in."""

import pytest
from structlog.testing import capture_logs

from gateway.shut_out import SAID_EVERY, ShutOut
from wire.consumer import State

UP = State(connected=True, generation=1, reason="connected")
AWAY = State(connected=False, generation=1, reason="connection refused")


def refused(code: int) -> State:
    return State(connected=False, generation=1, reason="not authorised", refused=code)


@pytest.mark.parametrize("code", [4, 5, 0x86, 0x87])
def test_a_hub_that_is_shut_out_says_so_and_what_to_do(code: int) -> None:
    with capture_logs() as logs:
        ShutOut(gateway="gw-1")(refused(code))
    (line,) = logs
    assert (line["log_level"], line["gateway"]) == ("error", "gw-1")
    assert "revoked" in line["why"]
    assert "kept" in line["why"]
    assert "gateway join --replace" in line["to_do"]


def test_it_does_not_say_so_at_every_attempt_and_says_when_it_is_over() -> None:
    told = ShutOut(gateway="gw-1")
    with capture_logs() as logs:
        for _ in range(SAID_EVERY):
            told(refused(0x87))
        assert len(logs) == 1
        told(refused(0x87))
        assert len(logs) == 2
        told(UP)
        told(UP)
    assert [line["event"] for line in logs[2:]] == ["the clinic lets this hub in again"]


def test_a_broker_that_is_away_or_busy_has_not_shut_anybody_out() -> None:
    told = ShutOut(gateway="gw-1")
    with capture_logs() as logs:
        for state in (AWAY, refused(3), refused(0x88), UP):
            told(state)
    assert logs == []
