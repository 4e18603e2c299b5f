"""The SQL of the outbox, loaded once from the files that hold it."""

import re
from importlib.resources import files
from typing import Final

_HEADER: Final = re.compile(r"^-- ([a-z_]+) --$", re.MULTILINE)


def load(name: str) -> str:
    return (files("gateway") / "sql" / name).read_text(encoding="utf-8")


def named(text: str) -> dict[str, str]:
    """`-- name --`, a comment line that says what for, the statement."""
    parts = _HEADER.split(text)[1:]
    return dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


SCHEMA: Final = load("schema.sql")
SQL: Final[dict[str, str]] = named(load("outbox.sql"))
