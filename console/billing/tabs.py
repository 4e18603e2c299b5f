"""The pages of billing side by side, as far as somebody's role goes."""

from typing import Any, Final

from console.access import Caller
from console.billing_access import LOOKERS, MEASURERS, SETTINGS_READERS, WORKERS

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
