"""Words that are told of faults: helpful ones, and few whatever somebody has made up."""

import itertools
import time
from typing import Any

import pytest

from care.errors import FaultsError
from care.faults import LISTED_MOST, listed, meant
from care.overrides import read_overrides, resolve
from care.programme import RULES_MOST
from care.programme_checks import HINTS_MOST
from care.programmes import shipped
from vitals.flags import Flag

LONG = ["".join(letters) for letters in itertools.product(("ab" * 8, "ba" * 8), repeat=4)]
"""Of 64 letters that occur over and over: the ones that take longest to compare."""
HANG_S = 2
"""Of our own processor time, where a twentieth of a second is used: no measure of speed."""


@pytest.mark.parametrize("typed", ["sistolic", "systolik", "ystolic", "systolic-", "systloic"])
def test_a_slip_is_told_from_what_was_meant(typed: str) -> None:
    assert meant(typed, ["pulse", "diastolic", "weight", "systolic"]) == (
        "; did you mean 'systolic'?"
    )


@pytest.mark.parametrize("typed", ["glucose", "", "x", 5, None])
def test_what_is_like_nothing_is_told_from_nothing(typed: object) -> None:
    assert meant(typed, ["pulse", "diastolic", "weight", "systolic"]) == ""


@pytest.mark.parametrize(
    ("count", "end"),
    [(LISTED_MOST - 1, "38"), (LISTED_MOST, "39"), (LISTED_MOST + 1, "39 and 1 more")],
)
def test_a_long_list_ends_with_how_many_more_there_are(count: int, end: str) -> None:
    assert listed(map(str, range(count))).split(", ")[-1] == end


def test_all_that_is_ours_is_listed() -> None:
    assert listed(Flag).split(", ") == [str(flag) for flag in Flag]


def test_names_that_nobody_knows_are_looked_up_for_the_first_few_only() -> None:
    together = [rule(f"{name[:-1]}c", "together", of=LONG) for name in LONG[:6]]
    alone = [
        rule(f"{LONG[number % 16][:-2]}{number}", "limit", bounds=[over(100 + number)])
        for number in range(RULES_MOST - len(together))
    ]
    begun = time.thread_time()
    with pytest.raises(FaultsError) as refused:
        resolve(shipped()[0], read_overrides({"add_rules": [*together, *alone]}))
    assert time.thread_time() - begun < HANG_S
    unknown = [each.message for each in refused.value.faults if "no rule here" in each.message]
    assert len(unknown) == len(together) * len(LONG)
    assert 0 < sum("did you mean" in message for message in unknown) <= HINTS_MOST
    assert max(map(len, unknown)) < (LISTED_MOST + 3) * 66


def rule(name: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "kind": "weight", "severity": "low", **fields}


def over(value: float) -> dict[str, Any]:
    return {"metric": "weight", "op": ">", "value": value}
