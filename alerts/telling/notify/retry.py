"""What becomes of a message after a try. Pure."""

import datetime as dt
from typing import Final

from msgspec import Struct

from alerts.telling.notify.message import Failed, Message, Needless, Sent

WAITS_S: Final = (15, 60, 300, 900, 1800)
"""After the first, second … try; the last one again and again until the message expires."""

LEASE: Final = dt.timedelta(minutes=2)
"""A try that has not ended after this has died with its process: it is another's to repeat."""


class Next(Struct, frozen=True, kw_only=True):
    """The row after a try."""

    state: str
    next_at: dt.datetime
    error: str | None = None
    provider_id: str | None = None


def after(message: Message, outcome: Sent | Failed | Needless, *, now: dt.datetime) -> Next:
    if isinstance(outcome, Needless):
        return Next(state="cancelled", next_at=now, error=outcome.why)
    if isinstance(outcome, Sent):
        return Next(state="sent", next_at=now, provider_id=outcome.provider_id)
    wait = dt.timedelta(seconds=WAITS_S[min(message.attempts, len(WAITS_S)) - 1])
    if not outcome.again or now + wait >= message.expires_at:
        return Next(state="failed", next_at=now, error=outcome.why)
    return Next(state="queued", next_at=now + wait, error=outcome.why)
