"""What makes a name at the broker hard to guess: a mark made from the password of its owner."""

import hashlib
from typing import Final

from wire.address import BrokerAddress

ROUNDS: Final = 100_000
"""40 ms, once: names show in logs, and must not help anybody to guess a poor password."""
MARK_BYTES: Final = 7


def secret_mark(address: BrokerAddress, owner: str) -> str:
    """What follows a name of `owner` at the broker, known only to who knows the password.

    15 characters; none where there is no password: the broker's own rules have to do it then.

    Most brokers let any client that may sign in join any shared subscription, hand it its share
    of the messages, and only then find that it may not read them; and cut off whoever already has
    the client id that it asks for. A home that knew the names could starve the clinic, or silence
    another home.
    """
    if address.password is None:
        return ""
    salt = f"hearthbeat {owner} {address.username}".encode()
    password = address.password.encode()
    return "-" + hashlib.pbkdf2_hmac("sha256", password, salt, ROUNDS, MARK_BYTES).hex()
