"""`hearthbeat billing evaluate`: whatever the file holds, an answer or a fault that can be read."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from billing.eligibility.cases import evaluate_file
from billing.rule_files import shipped
from hearthbeat.commands.billing import command

OURS = Path(__file__).parent / "cases" / "ours.json"
DOCUMENT: dict[str, Any] = json.loads(OURS.read_bytes())


def run(file: Path) -> Any:
    return CliRunner().invoke(command, ["evaluate", str(file)])


def written(folder: Path, text: str) -> Path:
    file = folder / "cases.json"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_of_cases_is_answered_as_a_list_in_its_order() -> None:
    found = run(OURS)
    assert found.exit_code == 0
    answers = json.loads(found.stdout)
    assert [each["id"] for each in answers] == [each["id"] for each in DOCUMENT["cases"]]
    assert set(answers[0]) == {"id", "lines", "not_billable", "computed", "flags"}


def test_one_faulty_case_leaves_the_others_their_answers(tmp_path: Path) -> None:
    bad = json.loads(json.dumps(DOCUMENT["cases"][0]))
    bad["inputs"]["patient_tz"] = "Nowhere/Land"
    document = {**DOCUMENT, "cases": [bad, DOCUMENT["cases"][1]]}
    found = run(written(tmp_path, json.dumps(document)))
    assert found.exit_code == 1
    assert "case OURS-001: patient_tz: there is no time zone 'Nowhere/Land'" in found.stderr
    answers = json.loads(found.stdout)
    assert answers[0]["error"].startswith("case OURS-001: ")
    assert answers[1]["lines"]


def test_what_is_no_file_of_cases_is_said(tmp_path: Path) -> None:
    for text, said in (
        ("{", "cases.json is not a JSON file: it cannot be read from line 1, column 2 on"),
        ("[]", "has no list of cases at /cases"),
        ("[" * 100_000, "holds a number or a nesting beyond all measure"),
        (f'{{"cases": [{"9" * 5_000}]}}', "holds a number or a nesting beyond all measure"),
        ('{"cases": {}}', "has no list of cases at /cases"),
        ('{"cases": [], "rulesets": {"a-1": {}}}', "rulesets/a-1: Object missing required field"),
        ('{"cases": [], "rulesets": [1]}', "rulesets must be an object"),
        ('{"cases": [], "payers": {"a": 1}}', "payers/a must be an object"),
        ('{"cases": [], "default_policy": 1}', "default_policy must be an object"),
    ):
        found = run(written(tmp_path, text))
        assert found.exit_code == 1, text
        assert said in found.output, text
        assert "Traceback" not in found.output


def test_rule_sets_of_a_file_that_overlap_are_refused(tmp_path: Path) -> None:
    one = {
        "effective_from": "2026-01-01", "confirmed_through": "2026-12-31", "supply": [],
        "setup": {"code": "99453", "min_days": 2}, "mgmt_base": [],
        "mgmt_addon": {"code": "99458", "each_seconds": 1200},
    }  # fmt: skip
    document = {"cases": [], "rulesets": {"medicare-a": one, "medicare-b": one}}
    found = run(written(tmp_path, json.dumps(document)))
    assert found.exit_code == 1
    assert "medicare-a and medicare-b of medicare both hold on 2026-01-01" in found.output


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**12),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(["2026-13-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "RTM", "P1"]),
    st.lists(st.integers(0, 3), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(0, 3), max_size=2),
)


@given(st.sampled_from(DOCUMENT["cases"]), st.randoms(use_true_random=False), JUNK)
def test_no_value_anywhere_makes_it_crash(case: Any, chance: Any, junk: Any) -> None:
    changed = json.loads(json.dumps(case))
    place = changed["inputs"]
    while True:
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not place[key] or not isinstance(place[key], dict | list) or chance.random() < 0.15:
            break
        place = place[key]
    place[key] = junk
    [answer] = evaluate_file({**DOCUMENT, "cases": [changed]}, shipped=shipped())
    assert answer.get("error", "case ").startswith("case ")
    assert json.dumps(answer)
