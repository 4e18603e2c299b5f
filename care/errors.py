"""What can go wrong in care, in words for the person who asked.

CareError
├── InvalidError     a field holds what it cannot hold
├── NotFoundError    nothing of this organisation has that name
├── TakenError       the name, or the span of time, belongs to something else
└── RefusedError     a code, password or session that is not, or no longer, good
"""


class CareError(Exception):
    """What was asked for cannot be done; `field` names the input that is in the way."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class InvalidError(CareError):
    """A field holds what it cannot hold."""


class NotFoundError(CareError):
    """Nothing of this organisation has that name."""


class TakenError(CareError):
    """The name, or the span of time, belongs to something else."""


class RefusedError(CareError):
    """A code, password or session that is not, or no longer, good. Says nothing of which."""
