"""What was paid and is worth less by now starts the clock of L-3, whatever comes beside it."""

import datetime as dt

import pytest

from billing.eligibility.adjustment import Sent
from billing.months.repaid import Part, less
from billing.rule_files import shipped

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
RULES = shipped().of("medicare", LAST)


def part(code: str, units: int = 1, *, scope: str = "mgmt", first: dt.date = FIRST) -> Part:
    return Part(
        sent=Sent(code=code, units=units, dos=LAST), service="rpm", scope=scope, first=first,
        last=first + 29 * DAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("removed", "added", "owed"),
    [
        # Gone; less; the same on other days; more.
        ([part("99457")], [], True),
        ([part("99457")], [part("99470")], True),
        ([part("99454")], [part("99454", first=FIRST + 2 * DAY)], False),
        ([part("99470")], [part("99457")], False),
        # An add-on of fewer, as many and more units; gone beside a base that stands.
        ([part("99458", 2)], [part("99458", 1)], True),
        ([part("99458", 2)], [part("99458", 2)], False),
        ([part("99458", 2)], [part("99458", 3)], False),
        # What comes for other days or other time takes nothing off it.
        ([part("99457")], [part("99454", scope="supply")], True),
        ([part("99454")], [part("99454", first=FIRST + 30 * DAY)], True),
        # Codes of which no rule says which is more: what was paid is billed no more.
        ([part("99457")], [part("A0001")], True),
    ],
)
def test_what_was_paid_goes_back_as_far_as_it_is_less(
    removed: list[Part], added: list[Part], *, owed: bool
) -> None:
    assert less(removed[0], removed, added, RULES) is owed


def test_without_rules_nothing_is_known_to_be_more() -> None:
    paid = part("99457")
    assert less(paid, [paid], [], None)
    assert less(paid, [paid], [part("99470")], None)
    assert not less(paid, [paid], [paid], None)
