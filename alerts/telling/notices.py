"""The words of a message that leaves the house: nothing in it is about a person. Pure.

A mail server, a phone's lock screen and an SMS company read along: how grave, since when, and a
link that needs a sign-in are all that they learn.
"""

from typing import Final

from msgspec import Struct

from alerts.life.alert import Alert
from care.rules import Lane

NOT_FOR_EMERGENCIES: Final = "Hearthbeat is not an emergency service."
_WHAT: Final = {
    Lane.MEDICAL: "alert",
    Lane.NEEDS_CHECK: "reading to check",
    Lane.REVIEW: "backlog to review",
    Lane.COMPLIANCE: "missed measurement",
    Lane.TECHNICAL: "technical problem",
}


class Notice(Struct, frozen=True, kw_only=True):
    subject: str
    body: str


def notice_for(alert: Alert, *, base_url: str) -> Notice:
    what = _WHAT[alert.lane]
    since = f"{alert.opened_at:%H:%M} UTC"
    return Notice(
        subject=f"Hearthbeat: {alert.severity} {what}",
        body=(
            f"A {alert.severity} {what} has been waiting since {since}.\n"
            f"{base_url.rstrip('/')}/alerts/{alert.id}\n"
            f"{NOT_FOR_EMERGENCIES}"
        ),
    )


TEST: Final = Notice(
    subject="Hearthbeat: test message",
    body=f"This is a test. There is nothing to do. {NOT_FOR_EMERGENCIES}",
)
"""Somebody wants to see whether messages arrive here."""
