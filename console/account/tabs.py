"""The pages of an account, for their tabs."""

from typing import Final

from console.access import SELF, Caller

TABS: Final = (
    ("/account", "You"),
    ("/account/password", "Password"),
    ("/account/second-factor", "Second factor"),
    ("/account/sessions", "Signed in"),
)
PREFERENCES: Final = ("/account/preferences", "Preferences")


def tabs_of(caller: Caller) -> tuple[tuple[str, str], ...]:
    """How alerts are worked on is nothing for patients."""
    return TABS if caller.role in SELF else (*TABS, PREFERENCES)
