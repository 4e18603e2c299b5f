"""Whether the broker at the other end is still there: when to ask, and when to give up."""

from enum import Enum


class Look(Enum):
    """What to do now."""

    NOTHING = "nothing"
    PING = "ping"
    GIVE_UP = "give up"


class Liveness:
    """A quiet line is pinged at 3/4 of the keepalive; 3/4 more without a byte, and it is dead:
    a half-open connection is noticed within twice the keepalive. Times are the event loop's.
    """

    def __init__(self, keepalive_s: float, now: float) -> None:
        self.keepalive_s = keepalive_s
        """0: never ping, never give up."""
        self._heard_at = self._sent_at = now
        self._pinged = False
        self._deaf = False

    @property
    def tick_s(self) -> float:
        """How often to look."""
        return max(self.keepalive_s / 8, 0.05)

    def heard(self, now: float) -> None:
        self._heard_at = now

    def sent(self, now: float) -> None:
        self._sent_at = now

    def answered(self) -> None:
        """The broker's PINGRESP."""
        self._pinged = False

    def deafen(self, now: float, *, deaf: bool) -> None:
        """We have stopped reading, so silence is our own; or we read again, and ask anew."""
        self._deaf, self._pinged, self._heard_at = deaf, False, now

    def look(self, now: float) -> Look:
        """Counts on the ping being sent."""
        patience_s = self.keepalive_s * 0.75
        pinged = self._pinged and not self._deaf
        if not patience_s:
            return Look.NOTHING
        if pinged and now - self._heard_at > patience_s:
            return Look.GIVE_UP
        if not pinged and now - min(self._heard_at, self._sent_at) >= patience_s:
            self._pinged, self._heard_at = True, now
            return Look.PING
        return Look.NOTHING
