"""Programmes besides monitoring: minutes, attestations, dates, and what excludes what."""

import datetime as dt

import pytest

from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import Attestation, Facts, OtherService, TimeEntry
from billing.eligibility.policy import Policy
from billing.eligibility.result import Answer, Flag, NotBillable, Why
from billing.eligibility.words import sentence
from billing.rule_files import shipped
from tests.unit.billing.facts_making import asked, call, days, entry, episode, facts, reading

MAY = "2026-05"
Said = tuple[str, int]


def told(*what: str, on: str = "2026-01-05") -> tuple[Attestation, ...]:
    return tuple(Attestation(what=each, on=dt.date.fromisoformat(on)) for each in what)


def judged(known: Facts, *services: str, month: str = MAY) -> Answer:
    question = asked("2026-06-30", months=(month,), services=services)
    return evaluate(known, question, shipped(), Policy())


def lines(answer: Answer) -> list[Said]:
    return [(line.code, line.units) for line in answer.lines]


def refused(answer: Answer, scope: str) -> NotBillable:
    [one] = [each for each in answer.not_billable if each.scope == scope]
    return one


def minutes(number: float, program: str, role: str = "RN") -> TimeEntry:
    return entry("2026-05-12T14:00", number, program=program, role=role, staff="s2")


CHRONIC = told("two_chronic_conditions", "care_plan")
SERIOUS = told("one_serious_condition", "care_plan")


@pytest.mark.parametrize(
    ("role", "number", "more", "expected"),
    [
        ("RN", 19.98, (), []),
        ("RN", 20, (), [("99490", 1)]),
        ("RN", 40, (), [("99490", 1), ("99439", 1)]),
        ("RN", 90, (), [("99490", 1), ("99439", 2)]),
        ("MD", 29, (), [("99490", 1)]),
        ("MD", 30, (), [("99491", 1)]),
        ("MD", 60, (), [("99491", 1), ("99437", 1)]),
        ("RN", 60, ("mdm_moderate_or_high",), [("99487", 1)]),
        ("RN", 90, ("mdm_moderate_or_high",), [("99487", 1), ("99489", 1)]),
        ("RN", 59, ("mdm_moderate_or_high",), [("99490", 1), ("99439", 1)]),
    ],
)
def test_chronic_care_is_one_family_a_month(
    role: str, number: float, more: tuple[str, ...], expected: list[Said]
) -> None:
    known = facts(entries=[minutes(number, "CCM", role)], attestations=(*CHRONIC, *told(*more)))
    assert lines(judged(known)) == expected


def test_what_is_not_attested_is_named_in_words() -> None:
    answer = judged(facts(entries=[minutes(25, "CCM")], attestations=told("care_plan")))
    assert lines(answer) == []
    missing = refused(answer, "ccm")
    assert (missing.reason, missing.missing) == (Why.NOT_ATTESTED, ("two_chronic_conditions",))
    assert sentence(missing) == (
        "Something that nobody can measure has not been attested: "
        "two or more chronic conditions that are expected to last a year."
    )


def test_an_attestation_that_has_ended_does_not_hold() -> None:
    ended = Attestation(what="care_plan", on=dt.date(2026, 1, 1), until=dt.date(2026, 4, 30))
    known = facts(
        entries=[minutes(25, "CCM")], attestations=(*told("two_chronic_conditions"), ended)
    )
    assert refused(judged(known), "ccm").missing == ("care_plan",)


@pytest.mark.parametrize(
    ("role", "number", "expected"),
    [
        ("RN", 29, []),
        ("RN", 30, [("99426", 1)]),
        ("RN", 60, [("99426", 1), ("99427", 1)]),
        ("NP", 30, [("99424", 1)]),
        ("NP", 60, [("99424", 1), ("99425", 1)]),
    ],
)
def test_principal_care(role: str, number: float, expected: list[Said]) -> None:
    known = facts(entries=[minutes(number, "PCM", role)], attestations=SERIOUS)
    assert lines(judged(known)) == expected


def test_chronic_care_excludes_principal_care_of_the_same_month() -> None:
    logged = [minutes(30, "PCM"), entry("2026-05-20T09:00", 20, program="CCM")]
    answer = judged(facts(entries=logged, attestations=(*SERIOUS, *CHRONIC)))
    assert lines(answer) == [("99490", 1)]
    assert refused(answer, "pcm").reason is Why.EXCLUDED_BY_OTHER_CODE
    assert "99426 is not billed with 99490" in sentence(refused(answer, "pcm"))


def test_what_somebody_else_has_billed_stands_first() -> None:
    known = facts(
        entries=[minutes(30, "PCM")],
        attestations=SERIOUS,
        other_services=(
            OtherService(code="99490", first=dt.date(2026, 5, 31), last=dt.date(2026, 5, 31)),
        ),
    )
    assert lines(judged(known)) == []


DISCHARGED = dt.date(2026, 5, 1)
"""A Friday: two business days later is Tuesday the 5th."""


def transition(contact: int, visit: int, mdm: str) -> Answer:
    said = (
        ("tcm_discharge", DISCHARGED),
        ("tcm_contact", dt.date(2026, 5, contact)),
        ("tcm_visit", dt.date(2026, 5, visit)),
        (mdm, dt.date(2026, 5, visit)),
    )
    known = facts(attestations=tuple(Attestation(what=what, on=on) for what, on in said))
    return judged(known)


@pytest.mark.parametrize(
    ("contact", "visit", "mdm", "code"),
    [
        (5, 8, "mdm_high", "99496"),
        (5, 9, "mdm_high", None),
        (5, 8, "mdm_moderate_or_high", "99495"),
        (5, 15, "mdm_moderate_or_high", "99495"),
        (5, 16, "mdm_moderate_or_high", None),
        (6, 8, "mdm_high", None),
        (4, 8, "mdm_high", "99496"),
    ],
)
def test_transition_of_care_by_its_days(
    contact: int, visit: int, mdm: str, code: str | None
) -> None:
    answer = transition(contact, visit, mdm)
    assert [line.code for line in answer.lines] == ([] if code is None else [code])
    if code is None:
        assert refused(answer, "tcm").reason in {Why.TOO_LATE, Why.NOT_ATTESTED}
    else:
        assert answer.lines[0].dos == dt.date(2026, 5, visit)


def test_transition_beside_chronic_care_is_pointed_out_and_blocked_where_a_payer_wants_it() -> None:
    said = (
        Attestation(what="tcm_discharge", on=DISCHARGED),
        Attestation(what="tcm_contact", on=dt.date(2026, 5, 4)),
        Attestation(what="tcm_visit", on=dt.date(2026, 5, 8)),
        *told("mdm_moderate_or_high"),
        *CHRONIC,
    )
    known = facts(entries=[minutes(25, "CCM")], attestations=said)
    answer = judged(known)
    assert {code for code, _ in lines(answer)} == {"99490", "99495"}
    assert Flag.CODES_TOGETHER in answer.flags
    question = asked("2026-06-30", months=(MAY,))
    strict = evaluate(known, question, shipped(), Policy(ccm_with_tcm="block"))
    assert [line.code for line in strict.lines] == ["99495"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ((), "G0556"),
        (("two_chronic_conditions",), "G0557"),
        (("two_chronic_conditions", "qualified_medicare_beneficiary"), "G0558"),
        (("qualified_medicare_beneficiary",), "G0556"),
    ],
)
def test_advanced_primary_care_has_no_minutes(more: tuple[str, ...], code: str) -> None:
    known = facts(attestations=told("apcm_consent", *more))
    assert lines(judged(known)) == [(code, 1)]


def test_advanced_primary_care_excludes_chronic_care_and_not_monitoring() -> None:
    known = facts(
        days("2026-05-04", 3),
        [call("2026-05-13T10:00", 20), minutes(25, "CCM")],
        attestations=(*told("apcm_consent"), *CHRONIC),
    )
    answer = judged(known)
    assert {code for code, _ in lines(answer)} == {"99457", "G0557"}


def test_before_2025_there_was_no_advanced_primary_care() -> None:
    known = facts(attestations=told("apcm_consent", on="2024-01-01"))
    assert lines(judged(known, month="2024-05")) == []


@pytest.mark.parametrize(("number", "expected"), [(19, []), (20, [("99484", 1)])])
def test_behavioural_health(number: int, expected: list[Said]) -> None:
    known = facts(entries=[minutes(number, "BHI")], attestations=told("bhi_plan"))
    assert lines(judged(known)) == expected


@pytest.mark.parametrize(
    ("program", "base", "addon"), [("CHI", "G0019", "G0022"), ("PIN", "G0023", "G0024")]
)
def test_community_health_workers_count_in_their_own_programmes(
    program: str, base: str, addon: str
) -> None:
    said = told(f"{program.lower()}_initiating_visit")
    known = facts(entries=[minutes(90, program, "CHW")], attestations=said)
    assert lines(judged(known)) == [(base, 1), (addon, 1)]
    under = facts(entries=[minutes(59, program, "CHW")], attestations=said)
    assert refused(judged(under), program.lower()).numbers == {
        "minimum_seconds": 3600,
        "actual_seconds": 3540,
    }


@pytest.mark.parametrize(("last", "expected"), [("2025-11-10", []), ("2025-11-09", [("G0136", 1)])])
def test_an_assessment_at_most_every_six_months(last: str, expected: list[Said]) -> None:
    on = dt.date.fromisoformat(last)
    known = facts(
        attestations=told("activity_nutrition_assessment", on="2026-05-10"),
        other_services=(OtherService(code="G0136", first=on, last=on),),
    )
    answer = judged(known)
    assert lines(answer) == expected
    if not expected:
        assert refused(answer, "g0136").reason is Why.TOO_SOON


@pytest.mark.parametrize(("number", "code"), [(11, None), (12, "99474"), (13, "99474")])
def test_pressures_that_patients_measure_themselves(number: int, code: str | None) -> None:
    """B-1: typed ones count here, and nowhere else."""
    typed = [
        reading(
            dt.date(2026, 5, 1) + dt.timedelta(days=each), device=None, source="manual",
            kind="blood_pressure",
        )
        for each in range(number)
    ]  # fmt: skip
    answer = judged(facts(typed, attestations=told("smbp_plan_told", on="2026-05-30")))
    assert [line.code for line in answer.lines] == ([] if code is None else [code])
    if code is None:
        assert refused(answer, "smbp").numbers == {"minimum": 12, "actual": 11}


def test_self_measured_pressure_is_never_beside_monitoring() -> None:
    known = facts(
        days("2026-05-04", 14),
        [call("2026-05-13T10:00", 20)],
        attestations=told("smbp_plan_told", on="2026-05-30"),
    )
    answer = judged(known)
    assert lines(answer) == [("99457", 1)]
    assert refused(answer, "smbp").reason is Why.EXCLUDED_BY_OTHER_CODE


def test_teaching_for_it_is_dated_by_the_day_and_once() -> None:
    known = facts(attestations=told("smbp_education", on="2026-05-10"))
    [line] = judged(known).lines
    assert (line.code, line.dos) == ("99473", dt.date(2026, 5, 10))
    billed = OtherService(code="99473", first=dt.date(2020, 1, 1), last=dt.date(2020, 1, 1))
    again = facts(attestations=told("smbp_education", on="2026-05-10"), other_services=(billed,))
    assert lines(judged(again)) == []


def test_review_of_data_replaces_management_only_where_a_person_chose_it() -> None:
    """U11: by a practitioner in person, thirty minutes."""
    logged = [call("2026-05-13T10:00", 31, role="MD")]
    plain = facts(days("2026-05-04", 3), logged)
    assert lines(judged(plain)) == [("99457", 1)]
    chosen = facts(
        days("2026-05-04", 3), logged, attestations=told("data_review_chosen", on="2026-05-20")
    )
    answer = judged(chosen)
    assert lines(answer) == [("99091", 1)]
    assert refused(answer, "mgmt").reason is Why.EXCLUDED_BY_OTHER_CODE
    nurse = facts(
        days("2026-05-04", 3),
        [call("2026-05-13T10:00", 31)],
        attestations=told("data_review_chosen", on="2026-05-20"),
    )
    assert lines(judged(nurse)) == [("99457", 1)]


def test_a_programme_is_answered_where_it_is_asked_for_though_nothing_is_logged() -> None:
    answer = judged(facts(attestations=CHRONIC), "CCM")
    assert refused(answer, "ccm").reason is Why.BELOW_MIN_TIME


def test_consent_holds_for_them_too() -> None:
    known = facts(
        entries=[minutes(25, "CCM")], attestations=CHRONIC, episode=episode(consent_at=None)
    )
    assert refused(judged(known), "ccm").reason is Why.NO_CONSENT


@pytest.mark.parametrize("what", ["smbp_plan_told", "data_review_chosen"])
def test_what_is_attested_for_one_month_asks_for_nothing_in_the_next(what: str) -> None:
    known = facts(
        days("2026-05-01", 30),
        [call("2026-05-13T10:00", 31, role="MD")],
        attestations=told(what, on="2026-04-30"),
    )
    assert lines(judged(known)) == [("99457", 1)]


def test_asked_for_without_its_attestation_it_says_what_is_missing() -> None:
    answer = judged(facts(attestations=told("smbp_education", on="2026-04-30")), "SMBP_TEACHING")
    assert refused(answer, "smbp_teaching").missing == ("smbp_education",)
