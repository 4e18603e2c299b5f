"""The ladders that ship, in virtual time: each severity by day, at night, on weekends, and over
both changes of the clocks.
"""

import datetime as dt
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from alerts.life.ladder import rungs, target
from alerts.telling.recipients import Colleague, whom
from care.programme import Ladder, Programme, Step
from care.programmes import shipped
from care.rules import Severity

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
PROGRAMMES = shipped()

TEAM, ON_CALL, CLINICIAN = "care_team", "on_call", "clinician"

# When it opened; who is told and when, in the order of the ladder. A Monday is 23 November 2026.
CRITICAL = {
    "by day": ("2026-11-23 10:00", "23 10:00", "23 10:15", "23 10:30"),
    "the first staffed minute": ("2026-11-23 08:00", "23 08:00", "23 08:15", "23 08:30"),
    "the last staffed minute": ("2026-11-23 17:59", "23 17:59", "23 18:14", "23 18:29"),
    "at closing time": ("2026-11-23 18:00", "24 08:00", "23 18:15", "23 18:30"),
    "a minute before opening": ("2026-11-23 07:59", "23 08:00", "23 08:14", "23 08:29"),
    "at night": ("2026-11-23 22:00", "24 08:00", "23 22:15", "23 22:30"),
    "over midnight": ("2026-11-23 23:50", "24 08:00", "24 00:05", "24 00:20"),
    "Friday evening": ("2026-11-27 18:00", "30 08:00", "27 18:15", "27 18:30"),
    "on Saturday": ("2026-11-28 12:00", "30 08:00", "28 12:15", "28 12:30"),
    "on Sunday": ("2026-11-29 23:55", "30 08:00", "30 00:10", "30 00:25"),
    "as the clocks go forward": ("2026-03-29 01:50", "30 08:00", "29 03:05", "29 03:20"),
    "as the clocks go back": ("2026-10-25 02:50", "26 08:00", "25 02:05", "25 02:20"),
}
HIGH = {
    "by day": ("2026-11-23 09:00", "23 09:00", "23 13:00", "23 17:00"),
    "a day's staffed minutes end": ("2026-11-23 10:00", "23 10:00", "23 14:00", "24 08:00"),
    "at night": ("2026-11-23 22:00", "24 08:00", "24 02:00", "24 16:00"),
    "Friday evening": ("2026-11-27 17:00", "27 17:00", "27 21:00", "30 15:00"),
    "on Saturday": ("2026-11-28 12:00", "30 08:00", "28 16:00", "30 16:00"),
    "as the clocks go forward": ("2026-03-28 23:00", "30 08:00", "29 04:00", "30 16:00"),
    "Friday before they go forward": ("2026-03-27 17:00", "27 17:00", "27 21:00", "30 15:00"),
    "as the clocks go back": ("2026-10-24 23:00", "26 08:00", "25 02:00", "26 16:00"),
    "Friday before they go back": ("2026-10-23 17:00", "23 17:00", "23 21:00", "26 15:00"),
}
MEDIUM = {
    "by day": ("2026-11-23 10:00", "24 10:00", "25 10:00"),
    "a minute after opening": ("2026-11-23 08:01", "24 08:01", "25 08:01"),
    "at opening": ("2026-11-23 08:00", "24 08:00", "25 08:00"),
    "at night": ("2026-11-23 22:00", "25 08:00", "26 08:00"),
    "Friday evening": ("2026-11-27 17:00", "30 17:00", "01 17:00"),
    "on Saturday": ("2026-11-28 12:00", "01 08:00", "02 08:00"),
    "as the clocks go forward": ("2026-03-28 12:00", "31 08:00", "01 08:00"),
    "as the clocks go back": ("2026-10-24 12:00", "27 08:00", "28 08:00"),
}
CASES = [
    pytest.param(severity, opened, at, id=f"{severity}: {case}")
    for severity, cases in (
        (Severity.CRITICAL, CRITICAL), (Severity.HIGH, HIGH), (Severity.MEDIUM, MEDIUM),
    )
    for case, (opened, *at) in cases.items()
]  # fmt: skip
WHO = {
    Severity.CRITICAL: [TEAM, ON_CALL, CLINICIAN],
    Severity.HIGH: [TEAM, ON_CALL, CLINICIAN],
    Severity.MEDIUM: [TEAM, CLINICIAN],
    Severity.LOW: [],
}

of_each = pytest.mark.parametrize("programme", PROGRAMMES, ids=lambda each: each.id)


def ladder(programme: Programme, severity: Severity) -> Ladder:
    return next(each for each in programme.ladders if each.severity is severity)


def instant(wall: str, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(dt.UTC)


@of_each
@pytest.mark.parametrize(("severity", "opened", "at"), CASES)
def test_who_is_told_and_when(
    programme: Programme, severity: Severity, opened: str, at: list[str]
) -> None:
    steps = ladder(programme, severity)
    found = rungs(steps, since=instant(opened, BERLIN), hours=programme.hours, zone=BERLIN)
    assert [f"{rung.at.astimezone(BERLIN):%d %H:%M}" for rung in found] == at
    assert [steps.steps[rung.step].to for rung in found] == WHO[severity]


@of_each
def test_low_wakes_nobody(programme: Programme) -> None:
    assert ladder(programme, Severity.LOW).steps == ()


@of_each
@pytest.mark.parametrize("night", ["2026-03-29 01:50", "2026-10-25 02:50", "2026-11-23 22:00"])
def test_minutes_on_call_are_minutes_whatever_the_clocks_do(
    programme: Programme, night: str
) -> None:
    since = instant(night, BERLIN)
    found = rungs(
        ladder(programme, Severity.CRITICAL), since=since, hours=programme.hours, zone=BERLIN
    )
    minutes = [(rung.at - since) / dt.timedelta(minutes=1) for rung in found]
    assert minutes[1:] == [15, 30]


@of_each
def test_a_critical_alert_is_somebodys_within_half_an_hour_at_any_hour_of_the_year(
    programme: Programme,
) -> None:
    """Every 47 minutes of a year: all hours, all weekdays, both changes."""
    steps = ladder(programme, Severity.CRITICAL)
    since = instant("2026-01-01 00:00", NEW_YORK)
    for number in range(0, 365 * 24 * 60, 47 * 7):
        opened = since + dt.timedelta(minutes=number)
        found = rungs(steps, since=opened, hours=programme.hours, zone=NEW_YORK)
        waits = sorted(rung.at - opened for rung in found)
        assert waits[0] <= dt.timedelta(minutes=15)
        assert sum(wait <= dt.timedelta(minutes=30) for wait in waits) >= 2


@of_each
@pytest.mark.parametrize(
    ("severity", "opened", "by"),
    [
        (Severity.CRITICAL, "2026-11-28 03:00", "28 03:15"),
        (Severity.CRITICAL, "2026-10-25 02:50", "25 02:05"),
        (Severity.HIGH, "2026-11-23 22:00", "24 02:00"),
        (Severity.MEDIUM, "2026-11-27 17:00", "30 17:00"),
    ],
)
def test_the_aim_counts_as_the_ladder_does(
    programme: Programme, severity: Severity, opened: str, by: str
) -> None:
    found = target(
        ladder(programme, severity), since=instant(opened, BERLIN), hours=programme.hours,
        zone=BERLIN,
    )  # fmt: skip
    assert found is not None
    assert f"{found.astimezone(BERLIN):%d %H:%M}" == by


def colleague(number: int, role: str, **more: object) -> Colleague:
    return Colleague(id=UUID(int=number), username=f"{role}{number}", role=role, **more)  # type: ignore[arg-type]


NURSE, DOCTOR, ADMIN = colleague(1, "nurse"), colleague(2, "clinician"), colleague(3, "admin")


@pytest.mark.parametrize(
    ("to", "there", "told", "why"),
    [
        ("on_call", [NURSE, colleague(4, "nurse", on_call=True)], ["nurse4"], "on call now"),
        ("on_call", [colleague(4, "nurse", on_call=True), colleague(5, "admin", on_call=True)],
         ["nurse4", "admin5"], "on call now"),
        ("on_call", [NURSE, DOCTOR, colleague(4, "clinician", team_role="clinician")],
         ["clinician4"], "clinician of the care team"),
        ("on_call", [NURSE, DOCTOR, ADMIN], ["clinician2"], "any clinician of the clinic"),
        ("on_call", [NURSE, ADMIN], ["admin3"], "any admin of the clinic"),
        ("on_call", [NURSE], [], ("nobody found (tried: on call now; clinician of the care team;"
         " any clinician of the clinic; any admin of the clinic)")),
        ("care_team", [NURSE, colleague(4, "clinician", team_role="clinician")], ["clinician4"],
         "the care team"),
        ("care_team", [NURSE, DOCTOR], ["nurse1"], "any nurse of the clinic"),
        ("care_team", [DOCTOR, ADMIN], ["clinician2"], "any clinician of the clinic"),
        ("clinician", [NURSE, ADMIN], ["admin3"], "any admin of the clinic"),
        ("nurse", [DOCTOR], [], ("nobody found (tried: nurse of the care team; any nurse of the"
         " clinic; any admin of the clinic)")),
    ],
)  # fmt: skip
def test_where_nobody_is_meant_the_next_best_is_told_and_the_reason_says_so(
    to: str, there: list[Colleague], told: list[str], why: str
) -> None:
    chosen = whom(Step(after_min=0, to=to), there)  # type: ignore[arg-type]
    assert ([each.username for each in chosen.people], chosen.why) == (told, why)
