"""What payers ask beyond the rules that they follow, each between its dates."""

import datetime as dt
from typing import Any

import pytest

from billing.eligibility.evaluate import evaluate, evaluate_for
from billing.eligibility.facts import Facts, OtherEpisode, PriorAuthorisation
from billing.eligibility.payers import CodeRule, Payer
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, Why
from billing.eligibility.rule_set import RuleBook
from billing.rule_files import shipped
from tests.unit.billing.facts_making import asked, call, days, episode, facts

DOS = dt.date(2026, 6, 2)
ONE_DAY = dt.timedelta(days=1)


def plan(*rules: CodeRule, **changes: Any) -> Payer:
    return Payer(**({"id": "plan", "authority": "medicare", "codes": rules} | changes))


def rule(code: str, **changes: Any) -> CodeRule:
    fields: dict[str, Any] = {"code": code, "effective_from": dt.date(2026, 1, 1)}
    return CodeRule(**(fields | changes))


def judged(payer: Payer, known: Facts | None = None) -> Answer:
    person = known or facts(days("2026-05-04", 16), [call("2026-05-13T10:00", 60)], payer=payer.id)
    return evaluate_for(
        person, asked("2026-06-30", supply_periods=(1,), months=("2026-05",)), shipped(), payer
    )


def codes(answer: Answer) -> list[tuple[str, int]]:
    return [(line.code, line.units) for line in answer.lines]


def why(answer: Answer) -> list[Why]:
    return [each.reason for each in answer.not_billable]


def test_a_payer_without_rows_of_its_own_follows_its_authority() -> None:
    assert codes(judged(plan())) == [("99454", 1), ("99457", 1), ("99458", 2)]


def test_a_payer_whose_authority_nobody_knows_has_no_lines() -> None:
    assert set(why(judged(plan(authority="acme")))) == {Why.UNKNOWN_PAYER}


def test_no_rule_sets_at_all_are_no_rules() -> None:
    known = facts(days("2026-05-04", 16))
    answer = evaluate(known, asked("2026-06-30", supply_periods=(1,)), RuleBook({}), Policy())
    assert why(answer) == [Why.UNKNOWN_PAYER]


@pytest.mark.parametrize(
    ("begins", "ends", "refused"),
    [
        (DOS, None, True),
        (DOS + ONE_DAY, None, False),
        (DOS - ONE_DAY, DOS, True),
        (DOS - 2 * ONE_DAY, DOS - ONE_DAY, False),
    ],
)
def test_a_row_holds_between_its_dates_by_the_day_of_service(
    begins: dt.date, ends: dt.date | None, *, refused: bool
) -> None:
    payer = plan(rule("99454", effective_from=begins, effective_to=ends, accepted=False))
    assert (Why.CODE_NOT_ACCEPTED in why(judged(payer))) is refused


def test_further_units_fall_with_their_base_and_not_the_other_way_round() -> None:
    assert codes(judged(plan(rule("99457", accepted=False)))) == [("99454", 1)]
    assert codes(judged(plan(rule("99458", accepted=False)))) == [("99454", 1), ("99457", 1)]


@pytest.mark.parametrize(("most", "units", "capped"), [(1, 1, True), (2, 2, False), (3, 2, False)])
def test_a_payer_caps_units(most: int, units: int, *, capped: bool) -> None:
    answer = judged(plan(rule("99458", max_units=most)))
    assert codes(answer)[-1] == ("99458", units)
    assert (Flag.UNITS_CAPPED in answer.flags) is capped


@pytest.mark.parametrize(("least", "billed"), [(15, True), (16, True), (17, False)])
def test_a_payer_may_want_more_days(least: int, *, billed: bool) -> None:
    answer = judged(plan(rule("99454", min_days=least)))
    assert (("99454", 1) in codes(answer)) is billed
    if not billed:
        assert answer.not_billable[0].numbers == {"minimum": 17, "actual": 16}


@pytest.mark.parametrize(
    ("diagnoses", "reason"),
    [
        (("I50.22",), None),
        (("i5022",), None),
        (("E11.9",), Why.DIAGNOSIS_NOT_COVERED),
        ((), Why.NO_DIAGNOSIS),
        (None, Why.DIAGNOSIS_NOT_COVERED),
    ],
)
def test_a_payer_lists_diagnoses(diagnoses: tuple[str, ...] | None, reason: Why | None) -> None:
    known = facts(days("2026-05-04", 16), diagnoses=diagnoses, payer="plan")
    question = asked("2026-06-30", supply_periods=(1,))
    payer = plan(rule("99454", diagnoses=("I50", "O1")))
    assert why(evaluate_for(known, question, shipped(), payer)) == (
        [] if reason is None else [reason]
    )


@pytest.mark.parametrize(
    ("first", "last", "billed"),
    [
        (DOS, DOS, True),
        (DOS + ONE_DAY, None, False),
        (DOS - 9 * ONE_DAY, DOS - ONE_DAY, False),
        (DOS - 9 * ONE_DAY, None, True),
    ],
)
def test_an_authorisation_holds_on_the_day_of_service(
    first: dt.date, last: dt.date | None, *, billed: bool
) -> None:
    held = PriorAuthorisation(number="A1", codes=("99454",), first=first, last=last)
    known = facts(days("2026-05-04", 16), prior_authorisations=(held,), payer="plan")
    payer = plan(rule("99454", prior_authorisation=True))
    answer = evaluate_for(known, asked("2026-06-30", supply_periods=(1,)), shipped(), payer)
    assert why(answer) == ([] if billed else [Why.PRIOR_AUTH_MISSING])


def test_a_payers_policy_is_its_own() -> None:
    careful = plan(policy=Policy(max_99458_units=1, require_written_consent=True))
    assert set(why(judged(careful))) == {Why.CONSENT_NOT_WRITTEN}
    written = facts(
        days("2026-05-04", 16),
        [call("2026-05-13T10:00", 60)],
        payer="plan",
        episode=episode(consent_written=True),
    )
    assert codes(judged(careful, written))[-1] == ("99458", 1)


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        (DOS, None, True),
        (DOS + ONE_DAY, None, False),
        (dt.date(2026, 1, 1), dt.date(2026, 5, 3), False),
        (dt.date(2026, 1, 1), dt.date(2026, 5, 4), True),
    ],
)
def test_one_practitioner_a_patient_by_days_that_meet(
    first: dt.date, last: dt.date | None, *, refused: bool
) -> None:
    other = OtherEpisode(program="RPM", practitioner="another", first=first, last=last)
    known = facts(days("2026-05-04", 16), other_episodes=(other,))
    answer = evaluate(known, asked("2026-06-30", supply_periods=(1,)), shipped(), Policy())
    assert why(answer) == ([Why.SECOND_PRACTITIONER] if refused else [])


def test_the_same_practitioners_other_episode_and_other_programmes_are_no_matter() -> None:
    same = OtherEpisode(program="RPM", practitioner="me", first=dt.date(2026, 1, 1))
    therapy = OtherEpisode(program="CCM", practitioner="another", first=dt.date(2026, 1, 1))
    known = facts(
        days("2026-05-04", 16),
        other_episodes=(same, therapy),
        episode=episode(billing_practitioner_npi="me"),
    )
    answer = evaluate(known, asked("2026-06-30", supply_periods=(1,)), shipped(), Policy())
    assert [line.code for line in answer.lines] == ["99454"]
