"""A value of a wrong kind in a worked case: where it stands, what it is, what must stand there."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from billing.eligibility.cases import evaluate_file
from billing.rule_files import shipped

Json = dict[str, Any]
CASES: Final[list[Json]] = json.loads(
    (Path(__file__).parent / "cases" / "ours.json").read_text(encoding="utf-8")
)["cases"]
PYTHON: Final = re.compile(
    r"object has no|object is not|unhashable|Expected `|NoneType|unpack|isoformat|argument|operand"
)
JUNK: Final[tuple[Any, ...]] = (True, 0, 3.5, "junk", [[1]], [None], {"a": []})
LOCK: Final = {"locked_at": "2026-07-01T08:00:00Z"}


def told(changes: Json) -> str:
    inputs = {**CASES[0]["inputs"], **changes}
    [answer] = evaluate_file(
        {"cases": [{"id": "X", "inputs": inputs}]}, shipped=shipped()
    )  # fmt: skip
    assert set(answer) == {"id", "error"}
    error: str = answer["error"]
    return error.removeprefix("case X: inputs/")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"devices": {"cuff": "C2:11"}},
         "devices/cuff must be an object, and is the text 'C2:11'"),
        ({"payer": ["medicare"]}, "payer must be text or an object, and is a list"),
        ({"payer": {"name": "Medicare"}}, "payer/id is missing"),
        ({"readings": [{"device": []}]}, "readings/0/device must be text, and is a list"),
        ({"reading_series": [{"device": {}}]},
         "reading_series/0/device must be text, and is an object"),
        ({"reading_series": [{"dates": 3.5}]},
         "reading_series/0/dates must be a list, and is the number 3.5"),
        ({"reading_series": [{"dates": "2026-05-01"}]},
         "reading_series/0/dates must be a list, and is the text '2026-05-01'"),
        ({"evaluate": {"months": 202605.0}},
         "evaluate/months must be a list, and is the number 202605"),
        ({"evaluate": {"supply_periods": [True]}},
         "evaluate/supply_periods/0 must be a whole number, and is true"),
        ({"evaluate": {"setup": "no"}},
         "evaluate/setup must be true or false, and is the text 'no'"),
        ({"diagnoses": [None]}, "diagnoses/0 must be text, and is nothing"),
        ({"lock": "2026-07-01"}, "lock must be an object, and is the text '2026-07-01'"),
        ({"lock": {**LOCK, "events": ["void"]}},
         "lock/events/0 must be an object, and is the text 'void'"),
        ({"lock": {**LOCK, "events": [{"readings": [7]}]}},
         "lock/events/0/readings/0 must be an object, and is the number 7"),
        ({"other_services": [{"codes": "99490"}]},
         "other_services/0/codes must be a list, and is the text '99490'"),
        ({"patient_tz": "x" * 50}, None),
        ({"patient_tz": ["x" * 50]}, "patient_tz must be text, and is a list"),
        ({"diagnoses": "E" * 50}, f"diagnoses must be a list, and is the text '{'E' * 40}…'"),
    ],
)  # fmt: skip
def test_a_value_of_a_wrong_kind_is_told_with_its_place(changes: Json, said: str | None) -> None:
    found = told(changes)
    if said is not None:
        assert found == said
    assert not PYTHON.search(found)


def test_what_a_policy_or_a_payers_row_must_be_is_told_in_the_same_words() -> None:
    assert told({"policy": {"setup_min_days": "2"}}).removeprefix("case X: ") == (
        "policy/setup_min_days must be a whole number or nothing, and is text"
    )
    own = {"id": "p", "authority": "medicare", "codes": [{"code": 99454}]}
    assert told({"payer": own}).removeprefix("case X: ") == (
        "payer/codes/0/code must be text, and is a whole number"
    )


def _places(found: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    names = list(found) if isinstance(found, dict) else []
    for step in [*names, *(range(1) if isinstance(found, list) and found else ())]:
        yield from _places(found[step], (*path, step))


def test_no_kind_in_any_place_is_answered_in_pythons_own_words() -> None:
    """Every place of the cases once, with one value of each kind."""
    seen: set[tuple[Any, ...]] = set()
    for case in CASES:
        for path in _places(case["inputs"]):
            if path in seen:
                continue
            seen.add(path)
            for junk in JUNK:
                changed = json.loads(json.dumps(case))
                place = changed["inputs"]
                for step in path[:-1]:
                    place = place[step]
                place[path[-1]] = junk
                [answer] = evaluate_file({"cases": [changed]}, shipped=shipped())
                error = answer.get("error", "")
                assert not PYTHON.search(error), (path, junk, error)
