"""What an alert's sentence adds of what came after the values that it names."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.explanation import explained
from tests.unit.alerts.factory import alert

UTC = ZoneInfo("UTC")


def confirmed(first: float, repeat: float, metric: str = "systolic") -> dict[str, Any]:
    facts = {
        "metric": "systolic", "value": repeat, "at": "2026-11-22T15:46:00+00:00", "op": ">=",
        "limit": 180.0, "first_metric": metric, "first_value": first,
        "first_at": "2026-11-22T15:41:00+00:00", "first_op": ">=", "first_limit": 180.0,
    }  # fmt: skip
    return {"code": "confirmed", "facts": facts}


@pytest.mark.parametrize(
    ("worst", "latest", "added"),
    [
        (189.0, 186.0, ""),
        (189.0, 189.0, "; now 189 mmHg"),
        (189.0, 181.0, "; now 181 mmHg"),
        (190.0, 190.0, "; since then worst 190 mmHg"),
        (190.0, 186.0, "; since then worst 190 mmHg"),
        (190.0, 188.0, "; since then worst 190 mmHg, now 188 mmHg"),
    ],
)
def test_neither_of_two_that_confirm_each_other_is_said_to_have_come_since(
    worst: float, latest: float, added: str
) -> None:
    found = alert(worst=worst, value=latest, reason=confirmed(189.0, 186.0))
    said = explained(found, zone=UTC)
    assert said.endswith(f", confirmed by 186 at 15:46{added}"), said


def test_a_first_value_of_another_kind_is_no_worst_of_this_one() -> None:
    found = alert(worst=189.0, value=186.0, reason=confirmed(189.0, 186.0, "diastolic"))
    assert explained(found, zone=UTC).endswith("; since then worst 189 mmHg")
