"""What one patient costs does not depend on how many others there are."""

import datetime as dt
import time

from msgspec.structs import replace

from billing.eligibility.diary import Diary
from billing.eligibility.evaluate import evaluate
from billing.eligibility.facts import Facts
from billing.eligibility.policy import Policy
from billing.rule_files import shipped
from tests.unit.billing.facts_making import asked, call, days, entry, facts

MANY = 30_000
A_SEARCH_S = 0.25
"""Far more than a look-up takes, far less than fifteen searches through all entries."""


def one() -> Facts:
    logged = [call(f"2026-05-{day:02}T10:00", 5, id=f"mine{day}") for day in range(2, 17)]
    return facts(days("2026-05-01", 30), logged)


def test_a_nurse_with_thirty_thousand_entries_elsewhere_is_looked_up_and_not_searched() -> None:
    known = one()
    first = entry("2026-05-01T08:00", 0.5, patient="P2")
    others = [
        replace(
            first, id=str(number), start=first.start + number * dt.timedelta(minutes=1),
            end=first.end + number * dt.timedelta(minutes=1),
        )
        for number in range(MANY)
    ]  # fmt: skip
    crowded = replace(known, elsewhere=Diary([*known.entries, *others]))
    question = asked("2026-06-30", supply_periods=(1,), months=("2026-05",))
    begun = time.process_time()
    answer = evaluate(crowded, question, shipped(), Policy())
    assert time.process_time() - begun < A_SEARCH_S
    assert answer.computed["rpm_seconds"] == {"2026-05": 15 * 5 * 30}
