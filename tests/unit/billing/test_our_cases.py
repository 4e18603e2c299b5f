"""Our own worked cases, in the shape of the given ones: one each for what a rule demands."""

import json
from pathlib import Path
from typing import Any

import pytest

from billing.eligibility.cases import answered, evaluate_file
from billing.errors import CaseError
from billing.rule_files import shipped
from tests.unit.billing.test_cases import bare

Json = dict[str, Any]
DOCUMENT: Json = json.loads((Path(__file__).parent / "cases" / "ours.json").read_bytes())
CASES: list[Json] = DOCUMENT["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']} {case['title']}")
def test_a_case_of_ours_is_exact(case: Json) -> None:
    [answer] = evaluate_file({**DOCUMENT, "cases": [case]}, shipped=shipped())
    assert bare(answer) == bare(case["expected"])


@pytest.mark.parametrize(
    ("case", "other"),
    [(case, other) for case in CASES for other in case.get("expected_alternatives", [])],
    ids=lambda one: one.get("id") or json.dumps(one["policy_overrides"]),
)
def test_another_answer_to_an_open_question_gives_what_the_case_says(
    case: Json, other: Json
) -> None:
    asked = {**case, "policy_overrides": other["policy_overrides"]}
    [answer] = evaluate_file({**DOCUMENT, "cases": [asked]}, shipped=shipped())
    assert bare(answer) == bare(other["expected"])


def by_id(number: str) -> Json:
    found: Json = json.loads(json.dumps(next(c for c in CASES if c["id"] == f"OURS-{number}")))
    return found


def said_of(case: Json) -> str:
    with pytest.raises(CaseError) as refused:
        answered(case, shipped(), {})
    return str(refused.value)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("patient_tz",), None, "patient_tz is missing"),
        (("patient_tz",), "Mars/Phobos", "patient_tz: there is no time zone 'Mars/Phobos'"),
        (("practice_tz",), "America", "practice_tz: there is no time zone 'America'"),
        (("payer",), None, "payer is missing"),
        (("episode",), None, "episode is missing"),
        (("episode",), [], "episode must be an object"),
        (("episode", "consent_at"), "soon", "consent_at: 'soon' is no date and time"),
        (("episode", "consent_at"), "2026-01-01T08:00:00", "needs its offset from UTC"),
        (("episode", "end_date"), "2026-02-30", "end_date: '2026-02-30' is no date"),
        (("devices",), ["bp1"], "devices must be an object"),
        (("time_entries", 0, "start"), None, "time entry t1: start is missing"),
        (("time_entries", 0, "role"), None, "time entry t1: Object missing required field `role`"),
        (("time_entries", 0, "end"), "2026-05-06T09:00:00-04:00", "t1 ends before it starts"),
        (("time_entries", 0, "end"), "2026-05-07T16:00:00-04:00", "t1 is 30 hours long"),
        (
            ("time_entries", 0, "staff"),
            7,
            "inputs/time_entries/0/staff must be text, and is the number 7",
        ),
        (("reading_series", 0, "local_time"), "breakfast", "reading_series/0/local_time"),
        (("reading_series", 0, "dates"), ["yesterday"], "'yesterday' is no date"),
        (("evaluate", "as_of"), None, "evaluate/as_of is missing"),
        (("evaluate", "months"), ["May"], "evaluate/months: 'May' is no month"),
        (("evaluate", "months"), ["2026-13"], "evaluate/months: '2026-13' is no month"),
        (("evaluate", "months"), [202605], "months/0 must be text, and is the number 202605"),
        (("evaluate", "months"), ["1999-12"], "'1999-12' does not lie from 2000-01 to 2099-12"),
        (("evaluate", "months"), ["0001-01"], "'0001-01' does not lie from 2000-01 to 2099-12"),
        (("evaluate", "months"), ["9999-12"], "'9999-12' does not lie from 2000-01 to 2099-12"),
        (("evaluate", "months"), ["2100-01"], "'2100-01' does not lie from 2000-01 to 2099-12"),
        (("evaluate", "supply_periods"), [0], "there is no period 0"),
        (("evaluate", "supply_periods"), [10**9], "there is no period 1000000000"),
        (("policy",), {"day_basis": "guessed"}, "policy/day_basis: Invalid enum value 'guessed'"),
        (("policy",), {"day_bases": "measured"}, "policy: Object contains unknown field"),
        (("other_services",), [{"month": "May"}], "other_services/0/month: 'May' is no month"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_case(
    path: tuple[Any, ...], value: Any, said: str
) -> None:
    case = by_id("035")
    place = case["inputs"]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    told = said_of(case)
    assert told.startswith("case OURS-035: ")
    assert said in told


def test_a_faulty_case_is_answered_with_its_fault_and_the_others_as_ever() -> None:
    good, bad = by_id("035"), by_id("036")
    del bad["inputs"]["patient_tz"]
    answers = evaluate_file({"cases": [bad, "no case", good]}, shipped=shipped())
    assert answers[0] == {"id": "OURS-036", "error": "case OURS-036: patient_tz is missing"}
    assert answers[1] == {
        "id": "1",
        "error": "case 1: it must be an object, and is the text 'no case'",
    }
    assert bare(answers[2]) == bare(good["expected"])


def test_what_may_be_left_out_may_be_left_out() -> None:
    case = by_id("002")
    case["inputs"] = {
        "patient_tz": "America/New_York",
        "payer": "medicare_ffs",
        "episode": {
            "consent_at": "2026-01-01T09:00:00-05:00",
            "order_at": "2026-01-01T09:00:00-05:00",
            "something": "that nobody knows",
        },
        "devices": {"bp1": None},
        "readings": [
            {"device": "bp1", "measured_at": "2026-03-02T08:00:00-05:00"},
            {"device": "bp1", "measured_at": "2026-03-31T08:00:00-04:00"},
            {"device": None, "measured_at": "2026-03-30T08:00:00-04:00"},
        ],
        "evaluate": {"as_of": "2026-04-02", "supply_periods": [1]},
        "weather": "fine",
    }
    answer = answered(case, shipped(), {})
    assert [line["code"] for line in answer["lines"]] == ["99445"]
    assert answer["flags"] == ["MANUAL_EXCLUDED"]


def test_an_event_after_the_lock_that_means_nothing_is_refused() -> None:
    case = by_id("081")
    case["inputs"]["lock"]["events"][0] = {"at": "2026-11-20T11:00:00-05:00", "type": "sneeze"}
    assert said_of(case) == "case OURS-081: there is no event 'sneeze'"


def test_an_event_after_the_lock_names_an_entry_or_a_reading_that_exists() -> None:
    case = by_id("081")
    case["inputs"]["lock"]["events"][0]["target"] = "t99"
    assert "there is no time entry or reading 't99'" in said_of(case)


def test_an_entry_that_is_there_twice_counts_once_and_two_of_one_name_are_two() -> None:
    case = by_id("034")
    case["inputs"]["time_entries"] *= 2
    assert bare(answered(case, shipped(), {})) == bare(case["expected"])
    first = case["inputs"]["time_entries"][0]
    case["inputs"]["time_entries"].append(
        {**first, "start": "2026-05-07T10:00:00-04:00", "end": "2026-05-07T10:01:00-04:00"}
    )
    assert answered(case, shipped(), {})["computed"] == {"rpm_seconds": {"2026-05": 660}}
