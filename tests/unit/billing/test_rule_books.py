"""The rules that a practice works by: those that are shipped, with what it has imported."""

import datetime as dt

from billing.rule_books import book_of
from billing.rule_files import shipped
from tests.unit.billing.rule_texts import rules_text
from tests.unit.billing.test_rule_notice import imported


def name_on(day: dt.date, text: str, name: str) -> str:
    rules = book_of((imported(text, name),)).of("medicare_ffs", day)
    return "" if rules is None else rules.name


def test_a_set_that_is_imported_ends_the_shipped_one_that_had_no_end() -> None:
    text = rules_text("medicare-2027", "2027-01-01")
    assert name_on(dt.date(2026, 12, 31), text, "medicare-2027") == "medicare-2026"
    assert name_on(dt.date(2027, 1, 1), text, "medicare-2027") == "medicare-2027"
    last = shipped().of("medicare_ffs", dt.date(2026, 12, 31))
    assert last is not None
    assert last.effective_to is None


def test_another_authority_stands_beside_and_changes_nothing() -> None:
    found = book_of((imported(rules_text("plan-2026", "2026-01-01"), "plan-2026"),))
    assert found.knows("plan")
    assert not shipped().knows("plan")
    day = dt.date(2026, 6, 1)
    assert found.of("medicare_ffs", day) == shipped().of("medicare_ffs", day)
