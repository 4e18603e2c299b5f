"""Hubs that are silent, and lines that are."""

import datetime as dt

import pytest

from alerts.technical.line import Line, line_of
from care.programme import Silence
from care.rules import Severity
from tests.unit.alerts.technical.scenes import (
    ANN,
    BOB,
    DAY,
    HOUR,
    HUB,
    MINUTE,
    NOW,
    Queue,
    gateway,
    patient,
    plan,
    scale,
    scene,
    wanted,
)

OFFLINE = [("gateway-offline", HUB)]


@pytest.mark.parametrize(("minutes", "found"), [(59, []), (60, OFFLINE), (61, OFFLINE)])
@pytest.mark.parametrize("online", [True, False])
def test_a_hub_is_offline_after_an_hour(*, minutes: int, found: list[str], online: bool) -> None:
    silent = gateway(heard_at=NOW - minutes * MINUTE, online=online)
    assert wanted(scene(gateways=[silent])) == found


@pytest.mark.parametrize(("minutes", "found"), [(29, []), (30, OFFLINE), (31, OFFLINE)])
def test_of_several_patients_the_strictest_plan_decides(minutes: int, found: list[str]) -> None:
    people = [
        patient(ANN),
        patient(BOB, plan(BOB, measures=(), silence=Silence(gateway_offline_min=30))),
    ]
    silent = gateway(heard_at=NOW - minutes * MINUTE)
    assert wanted(scene(gateways=[silent], devices=[scale(ANN, BOB)], patients=people)) == found


def test_a_hub_behind_which_nobody_waits_is_low() -> None:
    queue = Queue()
    queue.sweep(scene(gateways=[gateway(heard_at=NOW - DAY)], devices=[], patients=[]))
    assert queue.one("gateway-offline").severity is Severity.LOW


def test_somebody_who_comes_to_wait_makes_it_medium() -> None:
    queue, silent = Queue(), gateway(heard_at=NOW - DAY)
    queue.sweep(scene(gateways=[silent], devices=[], patients=[]))
    assert queue.sweep(scene(gateways=[silent])) == ["worse"]
    assert queue.one("gateway-offline").severity is Severity.MEDIUM


@pytest.mark.parametrize(
    ("hours", "found"),
    [(23, []), (24, [("gateway-never-online", HUB)]), (25, [("gateway-never-online", HUB)])],
)
def test_a_hub_that_never_spoke_has_a_day_to_come_home(hours: int, found: list[str]) -> None:
    new = gateway(heard_at=None, online=None, enrolled_at=NOW - hours * HOUR)
    assert wanted(scene(gateways=[new])) == found


def test_what_only_posts_readings_is_never_offline() -> None:
    assert wanted(scene(gateways=[gateway(transport="http", heard_at=None)])) == []


def test_only_a_word_of_the_hub_ends_its_item() -> None:
    queue = Queue()
    queue.sweep(scene(gateways=[gateway(heard_at=NOW - 2 * HOUR)]))
    line = Line(open_since=NOW)
    assert queue.sweep(scene(gateways=[gateway(heard_at=NOW - 2 * HOUR)], line=line)) == []
    assert queue.sweep(scene(gateways=[gateway(heard_at=NOW)])) == ["cleared"]


def test_while_the_line_is_silent_nobody_is_judged_but_who_was_said_to_have_left() -> None:
    line = Line(silent_since=NOW - 3 * HOUR)
    silent = gateway(heard_at=NOW - 3 * HOUR)
    gone = gateway(id="home-2", heard_at=NOW - 3 * HOUR, online=False)
    assert wanted(scene(gateways=[silent, gone], line=line)) == [("gateway-offline", "home-2")]


@pytest.mark.parametrize(("minutes", "found"), [(59, []), (60, OFFLINE), (61, OFFLINE)])
def test_after_the_line_was_silent_a_hub_has_its_minutes_anew(
    minutes: int, found: list[str]
) -> None:
    line = Line(open_since=NOW - minutes * MINUTE)
    silent = gateway(heard_at=NOW - 5 * HOUR)
    assert wanted(scene(gateways=[silent], line=line)) == found


def _pulses(*minutes_ago: int) -> list[dt.datetime]:
    return [NOW - each * MINUTE for each in minutes_ago]


@pytest.mark.parametrize(
    ("pulses", "line"),
    [
        (_pulses(10, 8, 5), Line()),
        (_pulses(10, 8, 6), Line(silent_since=NOW - 6 * MINUTE)),
        (_pulses(30, 25, 20, 3), Line(open_since=NOW - 3 * MINUTE)),
        (_pulses(90, 30, 28, 10, 6, 2), Line(open_since=NOW - 10 * MINUTE)),
        ([], Line()),
    ],
)
def test_a_line_is_silent_when_no_hub_is_heard(pulses: list[dt.datetime], line: Line) -> None:
    assert line_of(pulses, witnesses=3, now=NOW) == line


def test_two_hubs_that_fall_silent_are_no_line() -> None:
    assert line_of(_pulses(300), witnesses=2, now=NOW) == Line()
