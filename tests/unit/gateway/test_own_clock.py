import datetime as dt

import pytest

from gateway.hub_clock import HubClock
from gateway.own_clock import (
    Trust,
    boot_id,
    kernel_synchronised,
    retimed,
    seconds_since_boot,
    trust,
)
from tests.unit.gateway.builders import NOW, moment

EARLIEST = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (EARLIEST - SECOND, Trust.BEFORE_ITS_TIME),
        (EARLIEST, Trust.TRUSTED),
        (EARLIEST + SECOND, Trust.TRUSTED),
    ],
)
def test_a_clock_before_this_program_existed_is_wrong(now: dt.datetime, verdict: Trust) -> None:
    found = trust(moment(now), earliest=EARLIEST, newest_known=None, synchronised=None, grace_s=0)
    assert found is verdict


@pytest.mark.parametrize(
    ("back_s", "verdict"),
    [(599, Trust.TRUSTED), (600, Trust.TRUSTED), (601, Trust.WENT_BACK)],
)
def test_a_clock_that_forgot_ten_minutes_is_wrong(back_s: int, verdict: Trust) -> None:
    known = NOW + dt.timedelta(seconds=back_s)
    found = trust(moment(), earliest=EARLIEST, newest_known=known, synchronised=None, grace_s=0)
    assert found is verdict


@pytest.mark.parametrize(
    ("synchronised", "up_s", "verdict"),
    [
        (False, 299, Trust.NOT_SYNCHRONISED),
        (False, 300, Trust.TRUSTED),
        (True, 5, Trust.TRUSTED),
        (None, 5, Trust.TRUSTED),
    ],
)
def test_ntp_gets_five_minutes_after_boot(
    *, synchronised: bool | None, up_s: float, verdict: Trust
) -> None:
    found = trust(
        moment(up_s=up_s),
        earliest=EARLIEST,
        newest_known=None,
        synchronised=synchronised,
        grace_s=300,
    )
    assert found is verdict


def test_what_was_captured_before_the_time_was_known_is_timed_afterwards() -> None:
    found = retimed(400, captured_boot="boot-1", moment=moment(up_s=1000))
    assert found == NOW - dt.timedelta(seconds=600)


def test_after_a_reboot_nobody_can_know() -> None:
    assert retimed(400, captured_boot="boot-0", moment=moment(up_s=1000)) is None


def test_the_hubs_clock_remembers_the_latest_time_it_believed() -> None:
    times = [NOW, NOW - dt.timedelta(hours=1), NOW + SECOND]
    clock = HubClock(lambda: times.pop(0), earliest=EARLIEST, grace_s=0, newest_known=None)
    assert [clock.trusted for _ in range(3)] == [True, False, True]


def test_this_machine_has_a_boot_and_a_kernel_that_answers() -> None:
    assert boot_id() == boot_id()
    assert seconds_since_boot() > 0
    assert kernel_synchronised() in {True, False, None}
