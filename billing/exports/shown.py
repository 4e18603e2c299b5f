"""What the printed documents say besides the records: words for what the records have as keys."""

from calendar import month_name
from typing import Any, Final
from zoneinfo import ZoneInfo

from billing.exports.evidence import Evidence
from billing.exports.superbill import Superbill
from billing.months.records import Practice
from billing.words import ACTIVITY_WORDS, MODE_WORDS, SERVICE_WORDS, WITH_WORDS

SOURCES: Final = {
    "device_auto": "Sent by the device",
    "typed": "Typed in",
    "told": "Told by phone",
    "imported": "Imported",
}


def of_evidence(evidence: Evidence) -> dict[str, Any]:
    """The context of billing/evidence.html."""
    return {"evidence": evidence, **_common(evidence.practice, evidence.month.month)}


def of_superbill(superbill: Superbill) -> dict[str, Any]:
    """The context of billing/superbill.html."""
    return {"bill": superbill, **_common(superbill.head.practice, superbill.head.month)}


def _common(practice: Practice, month: str) -> dict[str, Any]:
    year, _, number = month.partition("-")
    return {
        "zone": ZoneInfo(practice.zone),
        "month": f"{month_name[int(number)]} {year}",
        "activities": ACTIVITY_WORDS,
        "modes": MODE_WORDS,
        "services": SERVICE_WORDS,
        "sources": SOURCES,
        "whom": WITH_WORDS,
    }
