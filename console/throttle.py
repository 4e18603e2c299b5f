"""How often somebody may try to sign in: by account and by address, so neither can be worn down."""

import datetime as dt
from collections import OrderedDict
from typing import Final

FREE_TRIES: Final = 5
"""Mistypings that cost nothing but time."""
FIRST_WAIT: Final = dt.timedelta(seconds=10)
LONGEST_WAIT: Final = dt.timedelta(minutes=15)
"""Doubled with each further failure up to here: guessing stops, the owner is not shut out."""
FORGOTTEN_AFTER: Final = dt.timedelta(hours=1)
MOST_KEYS: Final = 10_000
"""Accounts and addresses remembered; the one that failed longest ago is forgotten first."""


class Throttle:
    """Remembers failures by key. Pure apart from its memory: `now` is an argument.

    One per process: with n console processes somebody has n times the tries.
    """

    def __init__(self, *, free_tries: int = FREE_TRIES) -> None:
        self._free_tries = free_tries
        self._failures: OrderedDict[str, tuple[int, dt.datetime]] = OrderedDict()

    def wait_s(self, *keys: str, now: dt.datetime) -> int:
        """Whole seconds until a try is allowed for all of these keys; 0 where it is now."""
        return max((self._wait_s(key, now) for key in keys), default=0)

    def failed(self, *keys: str, now: dt.datetime) -> None:
        for key in keys:
            count, since = self._failures.pop(key, (0, now))
            if now - since > FORGOTTEN_AFTER:
                count = 0
            self._failures[key] = (count + 1, now)
        while len(self._failures) > MOST_KEYS:
            self._failures.popitem(last=False)

    def succeeded(self, *keys: str) -> None:
        for key in keys:
            self._failures.pop(key, None)

    def _wait_s(self, key: str, now: dt.datetime) -> int:
        count, last = self._failures.get(key, (0, now))
        if count < self._free_tries or now - last > FORGOTTEN_AFTER:
            return 0
        doublings = min(count - self._free_tries, 20)
        wait = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
        return max(0, -int((now - last - wait).total_seconds() // 1))
