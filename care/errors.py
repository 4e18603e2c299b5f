"""What can go wrong in care, in words for the person who asked.

CareError
├── InvalidError     a field holds what it cannot hold
│   └── FaultsError  a programme or the overrides of a plan: with every fault there is
├── NotFoundError    nothing of this organisation has that name
├── TakenError       the name, or the span of time, belongs to something else
└── RefusedError     a code, password or session that is not, or no longer, good
"""

from collections.abc import Sequence

from typing_extensions import override

from care.faults import Fault


class CareError(Exception):
    """What was asked for cannot be done; `field` names the input that is in the way."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class InvalidError(CareError):
    """A field holds what it cannot hold."""


class FaultsError(InvalidError):
    """Programme data that cannot be used; `faults` are all that were found, in order."""

    def __init__(self, faults: Sequence[Fault], *, name: str = "") -> None:
        first = faults[0]
        super().__init__(first.key or name or "data", first.message)
        self.faults = tuple(faults)
        self.name = name
        """Of the file, where it was one."""

    @override
    def __str__(self) -> str:
        return "\n".join(fault.told(self.name) for fault in self.faults)


class NotFoundError(CareError):
    """Nothing of this organisation has that name."""


class TakenError(CareError):
    """The name, or the span of time, belongs to something else."""


class RefusedError(CareError):
    """A code, password or session that is not, or no longer, good. Says nothing of which."""
