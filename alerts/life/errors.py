"""What can be wrong with what is asked of an alert.

AlertError
├── NoSuchAlert     this organisation has none of that id
├── StaleAlert      somebody, or Hearthbeat, has changed it since it was looked at
├── ClaimHeld       somebody else is looking at this row
├── NotAllowed      not in this state, or not with this value
└── TooManyReadings one patient has more to be judged at once than a process can hold
"""

import datetime as dt
from uuid import UUID

from alerts.life.alert import Alert


class AlertError(Exception):
    """`field` names the input that is in the way."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class NoSuchAlert(AlertError):  # noqa: N818 - reads as what it says
    def __init__(self, alert_id: UUID) -> None:
        super().__init__("alert", f"there is no alert {alert_id}")


class StaleAlert(AlertError):  # noqa: N818
    """Carries the alert as it is now, and what was done last by whom: nothing was overwritten."""

    def __init__(
        self, alert: Alert, *, event: str, at: dt.datetime, actor: UUID | None, name: str | None
    ) -> None:
        by = name or "Hearthbeat"
        super().__init__("version", f"changed since: {event} by {by}, {at:%Y-%m-%d %H:%M} UTC")
        self.alert = alert
        self.event = event
        self.at = at
        self.actor = actor
        self.by = by


class ClaimHeld(AlertError):  # noqa: N818
    def __init__(self, username: str, until: dt.datetime) -> None:
        super().__init__("claim", f"{username} is looking at it, until {until:%H:%M} UTC")
        self.username = username
        self.until = until


class NotAllowed(AlertError):  # noqa: N818
    pass


class TooManyReadings(AlertError):  # noqa: N818
    def __init__(self, most: int) -> None:
        super().__init__("readings", f"more than {most} of one patient to be judged at once")
