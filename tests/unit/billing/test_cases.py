"""The worked cases, and what must hold whatever the facts are."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.eligibility.cases import answered, evaluate_file
from billing.eligibility.rule_set import RuleBook
from billing.errors import CaseError
from billing.rule_files import shipped

CASES = Path(__file__).parents[4] / "shared" / "billing" / "cases.json"
needs_cases = pytest.mark.skipif(not CASES.exists(), reason="../shared/billing is not here")
DOCUMENT: dict[str, Any] = json.loads(CASES.read_bytes()) if CASES.exists() else {"cases": []}
POLICY = DOCUMENT.get("default_policy", {})
Json = dict[str, Any]


def bare(answer: Json) -> Json:
    """Without what the order of says nothing."""
    return {
        name: sorted(value, key=json.dumps) if isinstance(value, list) else value
        for name, value in answer.items()
        if name != "id"
    }


@needs_cases
def test_every_worked_case_is_exact() -> None:
    found = evaluate_file(DOCUMENT, shipped=RuleBook({}))
    assert [bare(each) for each in found] == [bare(each["expected"]) for each in DOCUMENT["cases"]]


@needs_cases
def test_the_shipped_rules_give_what_the_cases_own_rules_give() -> None:
    without = {name: value for name, value in DOCUMENT.items() if name != "rulesets"}
    ours = evaluate_file(without, shipped=shipped())
    assert ours == evaluate_file(DOCUMENT, shipped=RuleBook({}))


@needs_cases
def test_another_policy_gives_what_the_case_says_of_it() -> None:
    tried = 0
    for case in DOCUMENT["cases"]:
        for other in case.get("expected_alternatives", []):
            asked = {**case, "policy_overrides": other["policy_overrides"]}
            assert bare(answered(asked, shipped(), POLICY)) == bare(other["expected"])
            tried += 1
    assert tried


def by_id(number: str) -> Json:
    return deepcopy(next(each for each in DOCUMENT["cases"] if each["id"].endswith(number)))


@needs_cases
@given(st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_says_nothing(chance: Any) -> None:
    for case in DOCUMENT["cases"]:
        shuffled = deepcopy(case)
        for name in ("reading_series", "readings", "time_entries"):
            chance.shuffle(shuffled["inputs"][name])
        assert bare(answered(shuffled, shipped(), POLICY)) == bare(case["expected"])


@needs_cases
def test_a_reading_that_is_there_twice_counts_once() -> None:
    for case in DOCUMENT["cases"]:
        doubled = deepcopy(case)
        doubled["inputs"]["readings"] *= 2
        doubled["inputs"]["reading_series"] *= 2
        assert bare(answered(doubled, shipped(), POLICY)) == bare(case["expected"])


@needs_cases
@pytest.mark.parametrize(("seconds", "code"), [(1199, "99470"), (1200, "99457"), (1201, "99457")])
def test_twenty_minutes_are_twenty_minutes(seconds: int, code: str) -> None:
    case = by_id("017")
    minutes, rest = divmod(seconds - 720, 60)
    case["inputs"]["time_entries"][1]["end"] = f"2026-05-13T10:{minutes:02}:{rest:02}-04:00"
    assert [line["code"] for line in answered(case, shipped(), POLICY)["lines"]] == [code]


@needs_cases
@pytest.mark.parametrize(
    ("seconds", "units"), [(2399, None), (2400, 1), (4799, 2), (4800, 3), (6000, 3)]
)
def test_further_units_need_their_full_minutes_and_have_a_cap(
    seconds: int, units: int | None
) -> None:
    case = by_id("017")
    hours, rest = divmod(seconds - 720, 3600)
    end = f"{10 + hours}:{rest // 60:02}:{rest % 60:02}"
    case["inputs"]["time_entries"][1]["end"] = f"2026-05-13T{end}-04:00"
    answer = answered(case, shipped(), POLICY)
    more = [line["units"] for line in answer["lines"] if line["code"] == "99458"]
    assert more == ([] if units is None else [units])
    assert ("UNITS_CAPPED" in answer["flags"]) == (seconds == 6000)


@needs_cases
@pytest.mark.parametrize(("days", "code"), [(1, None), (2, "99445"), (15, "99445"), (16, "99454")])
def test_days_decide_which_supply(days: int, code: str | None) -> None:
    case = by_id("001")
    series = case["inputs"]["reading_series"][0]
    series["dates"] = series["dates"][:days]
    case["inputs"]["evaluate"]["setup"] = False
    lines = answered(case, shipped(), POLICY)["lines"]
    assert [line["code"] for line in lines] == ([] if code is None else [code])


@needs_cases
def test_one_person_with_two_patients_at_once_counts_for_neither() -> None:
    case = by_id("017")
    call = case["inputs"]["time_entries"][1]
    case["inputs"]["time_entries"].append({**call, "id": "other", "patient": "P2"})
    answer = answered(case, shipped(), POLICY)
    assert answer["computed"]["rpm_seconds"] == {"2026-05": 720}
    assert "STAFF_DOUBLE_BOOKED" in answer["flags"]
    assert answer["not_billable"][0]["reason"] == "NO_INTERACTIVE_COMMUNICATION"


@needs_cases
def test_minutes_that_two_programmes_claim_count_in_neither() -> None:
    case = by_id("017")
    call = case["inputs"]["time_entries"][1]
    case["inputs"]["time_entries"].append({**call, "id": "other", "program": "CCM"})
    answer = answered(case, shipped(), POLICY)
    assert answer["computed"]["rpm_seconds"] == {"2026-05": 720}
    assert answer["computed"]["ccm_seconds"] == {"2026-05": 0}
    assert "DOUBLE_PROGRAM_CONFLICT" in answer["flags"]


@needs_cases
def test_an_unknown_payer_has_no_rules_and_never_medicares() -> None:
    case = by_id("001")
    case["inputs"]["payer"] = "acme"
    answer = answered(case, shipped(), POLICY)
    assert answer["lines"] == []
    assert {each["reason"] for each in answer["not_billable"]} == {"UNKNOWN_PAYER"}


@needs_cases
def test_what_nobody_has_confirmed_is_refused() -> None:
    case = by_id("001")
    series = case["inputs"]["reading_series"][0]
    series["dates"] = [each.replace("2026", "2027") for each in series["dates"]]
    case["inputs"]["evaluate"]["as_of"] = "2027-03-01"
    answer = answered(case, shipped(), POLICY)
    assert {each["reason"] for each in answer["not_billable"]} == {"RULESET_UNCONFIRMED"}


@needs_cases
@pytest.mark.parametrize(("as_of", "lines"), [("2026-02-03", 0), ("2026-02-04", 2)])
def test_an_open_window_gives_no_line(as_of: str, lines: int) -> None:
    case = by_id("001")
    case["inputs"]["evaluate"]["as_of"] = as_of
    assert len(answered(case, shipped(), POLICY)["lines"]) == lines


@needs_cases
def test_a_case_that_cannot_be_read_is_named_with_its_place() -> None:
    case = by_id("017")
    entry = case["inputs"]["time_entries"][0]
    entry["end"] = "2026-05-06T09:59:59-04:00"
    with pytest.raises(CaseError, match="HB-BILL-017: time entry t1 ends before it starts"):
        answered(case, shipped(), POLICY)
    del case["inputs"]["patient_tz"]
    with pytest.raises(CaseError, match="patient_tz is missing"):
        answered(case, shipped(), POLICY)
