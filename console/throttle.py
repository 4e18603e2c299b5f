"""How often somebody may try to sign in: by account and by address, so neither can be worn down."""

import datetime as dt
from typing import Final

FREE_TRIES: Final = 5
"""Mistypings that cost nothing but time."""
FREE_TRIES_OF_ADDRESS: Final = 50
"""Which a whole clinic may share."""
FIRST_WAIT: Final = dt.timedelta(seconds=10)
LONGEST_WAIT: Final = dt.timedelta(minutes=15)
"""Doubled with each further failure up to here: guessing stops, the owner is not shut out."""
FORGOTTEN_AFTER: Final = dt.timedelta(hours=1)


def wait_s(failures: int, last_at: dt.datetime, *, free_tries: int, now: dt.datetime) -> int:
    """Whole seconds until another try is allowed; 0 where it is now."""
    if failures < free_tries or now - last_at > FORGOTTEN_AFTER:
        return 0
    doublings = min(failures - free_tries, 20)
    wait = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
    return max(0, -int((now - last_at - wait).total_seconds() // 1))
