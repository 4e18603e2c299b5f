"""Where each account has signed in: there a stranger's guesses do not hold its owner off."""

from collections import OrderedDict
from typing import Final

MOST_PAIRS: Final = 10_000
"""Only a successful sign-in makes one: nobody fills this up by guessing."""


class Acquaintances:
    """Accounts and the addresses at which they signed in. In memory: a restart forgets them."""

    def __init__(self, *, most: int = MOST_PAIRS) -> None:
        self._most = most
        self._pairs: OrderedDict[tuple[str, str], None] = OrderedDict()

    def remember(self, account: str, address: str) -> None:
        self._pairs[account, address] = None
        self._pairs.move_to_end((account, address))
        if len(self._pairs) > self._most:
            self._pairs.popitem(last=False)

    def counted_as(self, account: str, address: str) -> str:
        """Under what failures are counted: the account, or the account at an address it knows.

        Neither can pass for the other: no address holds a NUL, and no name either may.
        """
        known = (account, address) in self._pairs
        return f"{account}\0{address}" if known else account.replace("\0", "")
