"""Therapeutic monitoring: the same engine, other codes, and what patients tell an app counts."""

import datetime as dt

import pytest

from billing.eligibility.adjustment import Sent, adjusted
from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import Episode, Facts, OtherService
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Why
from billing.rule_files import shipped
from tests.unit.billing.facts_making import asked, call, days, episode, facts, reading


def therapy(kind: str = "musculoskeletal", **changes: object) -> Episode:
    return episode(program="RTM", rtm_kind=kind, setup_already_billed=False, **changes)


def judged(known: Facts) -> Answer:
    question = asked("2026-06-30", supply_periods=(1,), months=("2026-05",), setup=True)
    return evaluate(known, question, shipped(), Policy())


def codes(answer: Answer) -> set[str]:
    return {line.code for line in answer.lines}


@pytest.mark.parametrize(
    ("kind", "short", "long"),
    [
        ("respiratory", "98984", "98976"),
        ("musculoskeletal", "98985", "98977"),
        ("cognitive_behavioural", "98986", "98978"),
    ],
)
@pytest.mark.parametrize(("number", "which"), [(1, None), (2, 0), (15, 0), (16, 1)])
def test_its_kind_chooses_the_supply_and_the_days_decide(
    kind: str, short: str, long: str, number: int, which: int | None
) -> None:
    answer = judged(facts(days("2026-05-04", number), episode=therapy(kind)))
    assert codes(answer) == (set() if which is None else {"98975", (short, long)[which]})


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (9.9, set()),
        (10, {"98979"}),
        (19.9, {"98979"}),
        (20, {"98980"}),
        (40, {"98980", "98981"}),
    ],
)
def test_its_minutes_have_their_own_codes(minutes: float, expected: set[str]) -> None:
    logged = [call("2026-05-13T10:00", minutes, program="RTM")]
    answer = judged(facts(days("2026-05-04", 1), logged, episode=therapy()))
    assert codes(answer) == expected
    assert answer.computed["rtm_seconds"] == {"2026-05": int(minutes * 60)}


def test_what_patients_tell_an_app_counts_as_a_day() -> None:
    told = [reading(dt.date(2026, 5, 4 + each), device=None, source="app") for each in range(2)]
    assert codes(judged(facts(told, episode=therapy()))) == {"98975", "98985"}


def test_an_established_patient_is_not_asked_for() -> None:
    known = facts(days("2026-05-04", 2), episode=therapy(established_patient=False))
    assert "98985" in codes(judged(known))


def test_in_2025_there_were_no_short_codes_of_it() -> None:
    known = facts(
        days("2025-05-04", 15),
        episode=therapy(
            consent_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
            order_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC),
        ),
    )
    question = asked("2025-06-30", supply_periods=(1,))
    answer = evaluate(known, question, shipped(), Policy())
    assert answer.not_billable[0].numbers == {"minimum": 16, "actual": 15}


def test_it_is_never_beside_physiologic_monitoring() -> None:
    billed = OtherService(code="99454", first=dt.date(2026, 5, 1), last=dt.date(2026, 5, 30))
    answer = judged(facts(days("2026-05-04", 16), episode=therapy(), other_services=(billed,)))
    assert codes(answer) == set()
    assert {each.reason for each in answer.not_billable} == {Why.RPM_RTM_CONFLICT}


def test_a_kind_that_nobody_named_has_no_codes() -> None:
    answer = judged(facts(days("2026-05-04", 16), episode=therapy("")))
    assert {each.reason for each in answer.not_billable} == {Why.NOT_A_PROGRAM}


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        (("98977",), ("98985",), "down"),
        (("98979",), ("98980",), "up"),
        (("98980",), ("98980",), "none"),
    ],
)
def test_what_a_change_after_the_lock_is_worth(
    before: tuple[str, ...], after: tuple[str, ...], way: str
) -> None:
    rules = shipped().of("medicare_ffs", dt.date(2026, 5, 31))
    assert rules is not None
    dos = dt.date(2026, 5, 31)
    known = facts(
        days("2026-05-04", 16), [call("2026-05-13T10:00", 20, program="RTM")], episode=therapy()
    )
    lines = {line.code: line for line in judged(known).lines}
    short = facts(days("2026-05-04", 3), episode=therapy())
    lines |= {line.code: line for line in judged(short).lines}
    sent = [
        Sent(code=each, units=1, dos=lines[each].dos if each in lines else dos) for each in before
    ]
    now = [lines[each] for each in after]
    assert adjusted(sent, now, rules, paid=True, on=dos).direction == way
