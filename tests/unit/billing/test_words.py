"""Reasons in words that a biller reads: each thing said once, numbers as people say them."""

import pytest

from billing.eligibility.result import NotBillable, Why
from billing.eligibility.words import WHY_WORDS, against, in_minutes, sentence


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 min"), (59, "0:59 min"), (60, "1 min"), (61, "1:01 min"), (2280, "38 min")],
)
def test_minutes_are_said_without_empty_seconds_and_rounded_by_nobody(
    seconds: int, said: str
) -> None:
    assert in_minutes(seconds) == said


def test_what_is_there_stands_beside_what_is_needed() -> None:
    assert against(2280, 1200) == "38 min, 20 needed"
    assert against(1199, 1200) == "19:59 min, 20 needed"
    assert against(1199, 1170) == "19:59 min, 19:30 needed"


@pytest.mark.parametrize("reason", Why)
def test_a_reason_without_numbers_is_its_sentence_and_nothing_after_it(reason: Why) -> None:
    refused = NotBillable(scope="supply", window=None, reason=reason, rules=())
    assert sentence(refused) == WHY_WORDS[reason]
    assert sentence(refused).count(".") == 1
