"""What a form says of lines: which, and as they were when somebody looked at them. Pure."""

from collections.abc import Iterable
from uuid import UUID

from care.errors import InvalidError
from console.replies import id_or_none


def versions_in(values: Iterable[str]) -> dict[UUID, int]:
    """Of "<id>:<version>" each; raises InvalidError for what no form of ours sends."""
    found = {}
    for each in values:
        name, _, version = each.partition(":")
        line = id_or_none(name)
        if line is None or not (version.isascii() and version.isdecimal() and len(version) < 10):  # noqa: PLR2004
            raise InvalidError("line", "names no line: open the page anew")
        found[line] = int(version)
    return found


def version_in(text: str, line: UUID) -> dict[UUID, int]:
    return versions_in([f"{line}:{text}"])
