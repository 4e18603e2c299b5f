"""What can go wrong on the line between home and clinic.

WireError
├── BadAddress            the broker's address can't be understood
├── BadTopic              not a topic of version 1, or not a gateway id
├── Unreadable            a payload that is not a message of version 1 (pointer, error)
├── Unsendable            a message that the other end would refuse (pointer, error)
└── LineError
    ├── LinkDown          not connected, or the connection ended before the answer came: try again
    ├── LoginRefused      the broker answered CONNECT with a refusal
    ├── SubscriptionRefused   the broker does not let us read a filter
    ├── PublishRefused    the broker answered PUBLISH with a refusal (0x87: not authorised)
    └── TooLarge          over the size that the line or this broker takes: trying again won't help
"""

# ruff: noqa: N818 (the names in the tree say what happened)


class WireError(Exception):
    """Something is wrong on the line between home and clinic."""


class BadAddress(WireError):
    """The broker's address can't be understood."""


class BadTopic(WireError):
    """Not a topic of version 1, or not a gateway id."""


class _Pointed(WireError):
    """Carries the JSON pointer (RFC 6901) of the place, and plain words."""

    def __init__(self, error: str, pointer: str = "") -> None:
        super().__init__(f"{error} (at {pointer or 'the whole message'})")
        self.error = error
        self.pointer = pointer


class Unreadable(_Pointed):
    """The payload is not a message of version 1."""


class Unsendable(_Pointed):
    """The other end would refuse this message."""


class LineError(WireError):
    """The broker, or the way to it, said no."""


class LinkDown(LineError):
    """Not connected, or the connection ended before the answer came. Trying again is right."""


class _Refused(LineError):
    """The broker said no; `code` is its MQTT reason code."""

    def __init__(self, what: str, *, code: int, reason: str) -> None:
        super().__init__(f"{what}: {reason} (0x{code:02x})")
        self.code = code
        self.reason = reason


class LoginRefused(_Refused):
    """The broker answered CONNECT with a refusal."""


class SubscriptionRefused(_Refused):
    """The broker does not let us read a filter."""


class PublishRefused(_Refused):
    """The broker took the message off the wire and refused it."""


class TooLarge(LineError):
    """Over the size that the line or this broker takes: trying again will not help."""

    def __init__(self, *, size: int, limit: int) -> None:
        super().__init__(f"{size} bytes, where {limit} are allowed")
        self.size = size
        self.limit = limit
