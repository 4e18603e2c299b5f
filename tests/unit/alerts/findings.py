"""Findings for tests: plausible unless a test says otherwise."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from alerts.judging.findings import ClearedWhy, Evidence, Finding, Phase, Reason
from care.rules import Bound, Lane, Op, Severity
from tests.unit.alerts.factory import NOW, PATIENT
from vitals.kinds import Kind

HIGH = Bound(metric="systolic", op=Op.AT_OR_ABOVE, value=180)
LOW = Bound(metric="systolic", op=Op.AT_OR_BELOW, value=90)
PLAN = UUID("50000000-0000-0000-0000-000000000005")


def evidence(minutes: float, value: float) -> Evidence:
    """A reading so many minutes after NOW; the same minute is the same reading."""
    number = int(minutes * 60) + 10**9
    return Evidence(reading=UUID(int=number), at=NOW + dt.timedelta(minutes=minutes), value=value)


def finding(
    readings: Sequence[Evidence], *, cleared: float | None = None, **changes: Any
) -> Finding:
    """An episode of these readings, cleared so many minutes after NOW."""
    first, last = readings[0], readings[-1]
    fields: dict[str, Any] = {
        "patient_id": PATIENT,
        "rule": "bp-severe",
        "kind": Kind.BLOOD_PRESSURE,
        "plan_version": PLAN,
        "severity": Severity.HIGH,
        "lane": Lane.MEDICAL,
        "label": "Severe blood pressure",
        "latch": True,
        "phase": Phase.OPEN,
        "continued": False,
        "onset_at": first.at,
        "onset_reading": first.reading,
        "last_at": last.at,
        "last_reading": last.reading,
        "count": len(readings),
        "metric": "systolic",
        "value": last.value,
        "worst": max(each.value for each in readings),
        "bound": HIGH,
        "reason": Reason(code="limit", facts={}),
        "readings": tuple(readings),
    }
    if cleared is not None:
        fields |= {
            "phase": Phase.CLEARED,
            "cleared_at": NOW + dt.timedelta(minutes=cleared),
            "cleared_why": ClearedWhy.GOOD_AGAIN,
        }
    return Finding(**(fields | changes))
