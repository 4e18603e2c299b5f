"""What can still be reached, by when, and what no longer can."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import Attestation, Facts, Pause
from billing.eligibility.payers import CodeRule, Payer
from billing.eligibility.policy import Policy
from billing.eligibility.result import Why
from billing.forecast.forecasting import forecast
from billing.forecast.outlook import Forecast, Goal, Outlook, Reach
from billing.rule_files import shipped
from tests.unit.billing.facts_making import (
    NEW_YORK,
    asked,
    call,
    days,
    entry,
    episode,
    facts,
    reading,
)


def at(facts_: Facts, local: str, payer: Payer | None = None, **policy: Any) -> Forecast:
    now = dt.datetime.fromisoformat(local).replace(tzinfo=NEW_YORK).astimezone(dt.UTC)
    return forecast(facts_, now, shipped(), Policy(**policy), payer)


def of(found: Forecast, scope: str) -> Outlook:
    [one] = [each for each in found.outlooks if each.scope == scope]
    return one


def goal(found: Forecast, code: str) -> Goal:
    [one] = [goal for each in found.outlooks for goal in each.goals if goal.code == code]
    return one


def test_three_days_short_with_nine_left_says_so_in_words() -> None:
    """The period is 15 Nov to 14 Dec; on the 5th the day's own reading has come."""
    known = facts([*days("2026-11-15", 12), reading(dt.date(2026, 12, 5))])
    found = goal(at(known, "2026-12-05T12:00"), "99454")
    assert (found.have, found.need, found.short_by, found.reach) == (13, 16, 3, Reach.POSSIBLE)
    assert found.words == "3 more days by 14 Dec; 9 days left"
    assert (found.earliest, found.latest) == (dt.date(2026, 12, 8), dt.date(2026, 12, 12))
    assert found.nearly


@pytest.mark.parametrize(
    ("today", "reach", "words"),
    [
        ("2026-12-11", Reach.POSSIBLE, "3 more days by 14 Dec; 4 days left"),
        ("2026-12-12", Reach.POSSIBLE, "3 more days by 14 Dec; 3 days left"),
        ("2026-12-13", Reach.IMPOSSIBLE, "3 more days needed, 2 left"),
    ],
)
def test_the_last_day_on_which_the_days_can_still_be_reached(
    today: str, reach: Reach, words: str
) -> None:
    found = goal(at(facts(days("2026-11-15", 13)), f"{today}T12:00"), "99454")
    assert (found.reach, found.words) == (reach, words)


@pytest.mark.parametrize(
    ("have", "short", "codes"),
    [(0, 2, "99445"), (1, 1, "99445"), (2, 0, "99445"), (15, 1, "99454"), (16, 0, "99454")],
)
def test_each_code_is_short_by_what_is_missing(have: int, short: int, codes: str) -> None:
    known = facts(days("2026-10-25", have))
    assert goal(at(known, "2026-11-09T12:00"), codes).short_by == short


def test_today_is_left_as_long_as_it_has_no_reading() -> None:
    known = facts(days("2026-11-01", 5))
    assert of(at(known, "2026-11-05T12:00"), "supply").days_left == 25
    assert of(at(known, "2026-11-06T12:00"), "supply").days_left == 25


def test_before_the_first_reading_the_period_would_begin_today() -> None:
    found = of(at(facts(), "2026-11-05T12:00"), "supply")
    assert (found.window.first, found.days_left) == (dt.date(2026, 11, 5), 30)
    assert found.next is not None
    assert found.next.code == "99445"


def test_in_the_second_period_the_first_one_is_over() -> None:
    found = of(at(facts(days("2026-10-01", 20)), "2026-11-05T12:00"), "supply")
    assert (found.window.first, found.have) == (dt.date(2026, 10, 31), 0)


@pytest.mark.parametrize(
    ("now", "reach"),
    [
        ("2026-11-30T23:57:30", Reach.POSSIBLE),
        ("2026-11-30T23:57:59", Reach.POSSIBLE),
        ("2026-11-30T23:58:00", Reach.POSSIBLE),
        ("2026-11-30T23:58:01", Reach.IMPOSSIBLE),
    ],
)
def test_the_last_second_at_which_the_minutes_can_still_be_reached(now: str, reach: Reach) -> None:
    known = facts(days("2026-11-01", 2), [call("2026-11-10T10:00", 18)])
    assert goal(at(known, now), "99457").reach is reach


def test_minutes_say_what_is_missing_and_until_when() -> None:
    known = facts(days("2026-11-01", 2), [call("2026-11-10T10:00", 17.5)])
    found = at(known, "2026-11-22T12:00")
    assert goal(found, "99470").words == "17:30 min, 10 needed"
    assert goal(found, "99457").words == "2:30 min more by 30 Nov; 9 days left"
    assert goal(found, "99457").nearly
    assert goal(found, "99458").short_by == 22 * 60 + 30
    assert of(found, "mgmt").next is not None
    reached = of(found, "mgmt").reached
    assert reached is not None
    assert reached.code == "99470"


@pytest.mark.parametrize(
    ("minutes", "need", "reach"),
    [
        (39, 2400, Reach.POSSIBLE),
        (40, 3600, Reach.POSSIBLE),
        (79, 4800, Reach.POSSIBLE),
        (80, 4800, Reach.REACHED),
        (100, 4800, Reach.REACHED),
    ],
)
def test_the_next_further_unit_up_to_the_cap(minutes: int, need: int, reach: Reach) -> None:
    known = facts(days("2026-11-01", 2), [call("2026-11-10T10:00", minutes)])
    found = goal(at(known, "2026-11-22T12:00"), "99458")
    assert (found.need, found.reach) == (need, reach)


def test_a_month_wants_a_conversation_and_a_reading() -> None:
    known = facts(days("2026-10-01", 2), [entry("2026-11-10T10:00", 30)])
    found = at(known, "2026-11-22T12:00")
    assert goal(found, "live_contact").words == "nobody has spoken with them yet; by 30 Nov"
    assert goal(found, "reading_in_month").reach is Reach.POSSIBLE
    spoken = facts(days("2026-11-01", 2), [call("2026-11-10T10:00", 30)])
    assert goal(at(spoken, "2026-11-22T12:00"), "live_contact").reach is Reach.REACHED


def test_what_stands_in_the_way_is_told_and_keeps_it_off_the_work_list() -> None:
    known = facts(days("2026-11-15", 14), episode=episode(order_at=None))
    found = at(known, "2026-12-05T12:00")
    assert of(found, "supply").blocked == (Why.NO_ORDER,)
    assert of(found, "supply").next is None
    assert found.nearly == ()


def test_an_unknown_payer_has_no_goals_and_says_why() -> None:
    found = of(at(facts(days("2026-11-15", 14), payer="acme"), "2026-12-05T12:00"), "supply")
    assert (found.goals, found.blocked) == ((), (Why.UNKNOWN_PAYER,))


def test_a_code_that_the_payer_does_not_take_is_no_goal() -> None:
    rule = CodeRule(code="99445", effective_from=dt.date(2026, 1, 1), accepted=False)
    longer = CodeRule(code="99454", effective_from=dt.date(2026, 1, 1), min_days=18)
    payer = Payer(id="plan", authority="medicare", codes=(rule, longer))
    found = of(at(facts(days("2026-11-15", 14)), "2026-12-05T12:00", payer), "supply")
    assert [(each.code, each.need) for each in found.goals] == [("99454", 18)]


def test_setup_goes_with_the_first_period_that_has_its_days() -> None:
    known = facts(days("2026-11-15", 1), episode=episode(setup_already_billed=False))
    assert (
        goal(at(known, "2026-11-20T12:00"), "99453").words == "1 more day by 14 Dec; 25 days left"
    )
    assert goal(at(known, "2026-12-20T12:00"), "99453").short_by == 2
    enough = replace(known, readings=days("2026-11-15", 2))
    assert "setup" not in {each.scope for each in at(enough, "2026-12-20T12:00").outlooks}
    untaught = episode(setup_already_billed=False, setup_education_date=None)
    shut = of(at(facts(episode=untaught), "2026-11-20T12:00"), "setup").blocked
    assert shut == (Why.NO_SETUP_EDUCATION,)


def test_after_the_end_and_during_a_rest_nothing_is_open() -> None:
    over = facts(days("2026-11-01", 5), episode=episode(end_date=dt.date(2026, 11, 10)))
    assert at(over, "2026-11-11T12:00").outlooks == ()
    rest = Pause(first=dt.date(2026, 11, 10), last=dt.date(2026, 11, 20))
    found = at(facts(days("2026-11-01", 5), episode=episode(pauses=(rest,))), "2026-11-12T12:00")
    assert {each.scope for each in found.outlooks} == {"mgmt"}


def test_an_end_that_is_known_shortens_what_is_left() -> None:
    known = facts(days("2026-11-01", 5), episode=episode(end_date=dt.date(2026, 11, 10)))
    found = at(known, "2026-11-09T12:00")
    assert of(found, "supply").days_left == 2
    assert goal(found, "99454").reach is Reach.IMPOSSIBLE
    assert of(found, "mgmt").window.last == dt.date(2026, 11, 10)


def test_other_programmes_have_their_own_outlook_and_lack_what_is_not_attested() -> None:
    care = entry("2026-11-10T10:00", 15, program="CCM")
    found = of(at(facts(days("2026-11-01", 2), [care]), "2026-11-22T12:00"), "ccm")
    assert found.have == 900
    assert found.blocked == (Why.NOT_ATTESTED,)
    told = tuple(
        Attestation(what=what, on=dt.date(2026, 1, 1))
        for what in ("two_chronic_conditions", "care_plan")
    )
    known = facts(days("2026-11-01", 2), [care], attestations=told)
    able = of(at(known, "2026-11-22T12:00"), "ccm")
    assert able.blocked == ()
    assert "5 min more by 30 Nov; 9 days left" in {each.words for each in able.goals}


def test_the_work_list_begins_with_what_has_to_be_begun_first() -> None:
    known = facts([*days("2026-11-15", 14)], [call("2026-12-02T10:00", 18)])
    found = at(known, "2026-12-05T12:00").nearly
    assert [each.code for _, each in found] == ["99454", "reading_in_month", "99457"]


@pytest.mark.parametrize("more", range(5))
def test_what_the_forecast_calls_reached_the_evaluator_bills(more: int) -> None:
    known = facts(days("2026-09-01", 13 + more))
    found = of(at(known, "2026-09-30T23:00"), "supply").reached
    answer = evaluate(known, asked("2026-10-10", supply_periods=(1,)), shipped(), Policy())
    assert found is not None
    assert [line.code for line in answer.lines] == [found.code]
