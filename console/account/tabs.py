"""The pages of an account, for their tabs: addresses, and which text names them."""

from typing import Final

from console.access import SELF, Caller

TABS: Final = (
    ("/account", "tab.you"),
    ("/account/password", "tab.password"),
    ("/account/second-factor", "tab.second"),
    ("/account/sessions", "tab.sessions"),
)
PREFERENCES: Final = ("/account/preferences", "tab.preferences")


def tabs_of(caller: Caller) -> tuple[tuple[str, str], ...]:
    """How alerts are worked on is nothing for patients."""
    return TABS if caller.role in SELF else (*TABS, PREFERENCES)
