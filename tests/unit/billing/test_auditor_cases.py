"""Worked cases by somebody who knew the rules and not the evaluator; and what people write
otherwise in their files, which is read and never overlooked.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from billing.eligibility.cases import answered, evaluate_file
from billing.errors import CaseError
from billing.rule_files import shipped
from tests.unit.billing.test_cases import bare

Json = dict[str, Any]
DOCUMENT: Json = json.loads((Path(__file__).parent / "cases" / "auditor.json").read_bytes())
CASES: dict[str, Json] = {case["id"]: case for case in DOCUMENT["cases"]}
ANSWERS: dict[str, Json] = {
    answer["id"]: answer for answer in evaluate_file(DOCUMENT, shipped=shipped())
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_of_the_auditor_is_exact(name: str) -> None:
    assert bare(ANSWERS[name]) == bare(CASES[name]["expected"]), CASES[name]["title"]


@pytest.mark.parametrize(
    ("case", "other"),
    [(case, other) for case in CASES.values() for other in case.get("expected_alternatives", [])],
    ids=lambda one: one.get("id") or json.dumps(one["policy_overrides"]),
)
def test_another_policy_gives_what_the_auditor_wrote_down(case: Json, other: Json) -> None:
    asked = {**case, "policy_overrides": other["policy_overrides"]}
    assert bare(answered(asked, shipped(), {})) == bare(other["expected"])


def told(name: str) -> Json:
    found: Json = json.loads(json.dumps(CASES[f"AUD-{name}"]))
    return found


@pytest.mark.parametrize("place", ["case", "inputs"])
@pytest.mark.parametrize("name", ["policy", "policy_overrides"])
def test_a_policy_is_found_wherever_a_case_says_it(place: str, name: str) -> None:
    case = told("104")
    (case if place == "case" else case["inputs"])[name] = {"setup_min_days": 16}
    assert [each["code"] for each in answered(case, shipped(), {})["lines"]] == ["99445"]


def test_a_lock_beside_the_inputs_and_a_claim_in_capitals_say_the_same() -> None:
    case = told("118")
    case["lock"] = case["inputs"].pop("lock")
    case["lock"]["claim_status"] = "PAID"
    assert bare(answered(case, shipped(), {})) == bare(case["expected"])


def test_a_mode_in_capitals_is_the_same_mode() -> None:
    case = told("055")
    case["inputs"]["time_entries"][0]["mode"] = "IN_PERSON_LIVE"
    assert bare(answered(case, shipped(), {})) == bare(case["expected"])


def test_a_case_that_names_no_patient_is_about_the_one_of_its_entries() -> None:
    case = told("047")
    del case["inputs"]["patient"]
    assert bare(answered(case, shipped(), {})) == bare(case["expected"])
    case["inputs"]["time_entries"][0]["patient"] = "P2"
    with pytest.raises(CaseError, match="patient is missing, and its time entries name several"):
        answered(case, shipped(), {})


def test_a_window_that_is_not_over_is_told_where_the_file_has_a_reason_for_it() -> None:
    codes = [*DOCUMENT["reason_codes"], "WINDOW_OPEN"]
    [answer] = evaluate_file(
        {**DOCUMENT, "reason_codes": codes, "cases": [told("112")]}, shipped=shipped()
    )
    assert [each["reason"] for each in answer["not_billable"]] == ["WINDOW_OPEN"]


def test_a_payer_that_is_only_named_is_that_payer() -> None:
    case = told("047")
    case["inputs"]["payer"] = {"id": "medicare_ffs"}
    assert bare(answered(case, shipped(), {})) == bare(case["expected"])
