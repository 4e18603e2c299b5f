"""The pages of billing side by side, as far as somebody's role goes."""

from typing import Any, Final

from console.access import ADMIN, AUDITOR, BILLER, CLINICIAN, NURSE, Caller

RUNNERS: Final = frozenset({BILLER, ADMIN})
"""Those who run a month: hold, close, export."""
LOOKERS: Final = RUNNERS | {AUDITOR, CLINICIAN}
"""Those who see lines."""
APPROVERS: Final = RUNNERS | {CLINICIAN}
ENROLLERS: Final = APPROVERS | {NURSE}
"""Those who enrol a patient in a service, and state what nobody can measure."""
WORKERS: Final = LOOKERS | {NURSE}
"""Those who see what is nearly reached, and can still do something about it."""
SETTERS: Final = frozenset({ADMIN})
MEASURERS: Final = frozenset({ADMIN, AUDITOR})
SETTINGS_READERS: Final = RUNNERS | {AUDITOR}

_TABS: Final = (
    ("/billing", "Months", LOOKERS),
    ("/billing/work-list", "Work list", WORKERS),
    ("/billing/payers", "Payers", SETTINGS_READERS),
    ("/billing/fees", "Fees", SETTINGS_READERS),
    ("/billing/rules", "Rules", LOOKERS),
    ("/billing/practice", "Practice", SETTINGS_READERS),
    ("/audit/measures", "Measures", MEASURERS),
)


def tabs(caller: Caller, here: str) -> dict[str, Any]:
    """For the template billing/tabs.html."""
    return {
        "tabs": [(path, label) for path, label, roles in _TABS if caller.role in roles],
        "here": here,
    }
