"""JSON Schema (2020-12) of the messages of version 1, made from the structs and the registry.

`python -m wire.json_schema docs/wire` writes the files; a test holds them fresh.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from vitals.kinds import Kind
from wire.messages import Commands, Readings, Receipts, Status
from wire.soundness import METRICS_OF, MOST_CONTEXT

MESSAGES: Final[dict[str, type[msgspec.Struct]]] = {
    "readings": Readings,
    "receipts": Receipts,
    "status": Status,
    "commands": Commands,
}


def documents() -> dict[str, str]:
    """File name to text."""
    return {f"{name}-v1.schema.json": _text(name, kind) for name, kind in MESSAGES.items()}


def write(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in documents().items():
        (directory / name).write_text(text, encoding="utf-8")


def _text(name: str, kind: type[msgspec.Struct]) -> str:
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Hearthbeat {name}, version 1",
        **msgspec.json.schema(kind),
    }
    if kind is Readings:
        _add_rules(schema["$defs"]["Reading"])
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _add_rules(reading: dict[str, Any]) -> None:
    """What `wire.soundness` asks beyond the types."""
    reading["properties"]["frame"]["pattern"] = "^([0-9a-fA-F]{2})*$"
    reading["properties"]["context"]["maxProperties"] = MOST_CONTEXT
    reading["allOf"] = [_panel(kind) for kind in Kind]


def _panel(kind: Kind) -> dict[str, Any]:
    names = {"propertyNames": {"enum": sorted(METRICS_OF[kind])}}
    return {
        "if": {"properties": {"kind": {"const": kind.value}}},
        "then": {"properties": {"values": names, "special": names}},
    }


if __name__ == "__main__":
    write(Path(sys.argv[1]))
