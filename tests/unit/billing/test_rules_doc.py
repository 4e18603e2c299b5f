"""The page of rules and the code name the same rules, choices, codes, reasons and flags."""

import re
from pathlib import Path
from typing import get_args, get_type_hints

from billing.eligibility.policy import Policy
from billing.eligibility.result import Flag, Why
from billing.eligibility.words import ATTESTED, FLAG_WORDS, WHY_WORDS
from billing.rule_files import shipped

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "billing-rules.md").read_text(encoding="utf-8")
RULE = re.compile(r"\b(?:DOS|[EDWTSXBRL])-\d+\b|\bU\d{1,2}\b")
OF_OTHERS = {"E-7", "L-4", "L-5", "U9", "U12", "U13", "U17", "W-3", "R-5"}
"""What the pure part has nothing to decide of: exports, months and imports see to it."""


def told(text: str) -> set[str]:
    """The rules that it names; `D-1 to D-8` names all between."""
    found = set(RULE.findall(text))
    for kind, first, last in re.findall(r"\b([EDWTRL])-(\d+) to [EDWTRL]-(\d+)", text):
        found |= {f"{kind}-{number}" for number in range(int(first), int(last) + 1)}
    return found


def code() -> str:
    folders = [ROOT / "billing" / name for name in ("eligibility", "forecast", "rule_sets")]
    files = [each for folder in folders for each in sorted(folder.glob("*.[pt]*"))]
    return "\n".join(each.read_text(encoding="utf-8") for each in files if each.is_file())


def test_every_rule_that_the_code_names_stands_on_the_page() -> None:
    assert told(code()) - told(PAGE) == set()


def test_every_rule_on_the_page_is_named_in_the_code() -> None:
    assert told(PAGE) - told(code()) - OF_OTHERS == set()


def test_every_choice_of_a_policy_and_each_of_its_values_stands_on_the_page() -> None:
    for name, kind in get_type_hints(Policy).items():
        assert f"`{name}`" in PAGE, name
        for value in get_args(kind):
            if isinstance(value, str):
                assert f"`{value}`" in PAGE, (name, value)


def test_every_code_that_is_shipped_stands_on_the_page() -> None:
    for rules in shipped().sets():
        for row in rules.rows():
            assert row.code in PAGE, row.code


def test_every_reason_and_every_flag_has_words() -> None:
    assert set(WHY_WORDS) == set(Why)
    assert set(FLAG_WORDS) == set(Flag)
    for words in (*WHY_WORDS.values(), *FLAG_WORDS.values()):
        assert words.endswith(".")
        assert words[0].isupper()
    assert all(words[0].islower() for words in ATTESTED.values())
