"""Settings for people: `--print-config` with secrets masked, and the table of the documentation."""

import json
import re
from pathlib import Path
from typing import Final

import msgspec

from hearthbeat.settings import Settings
from hearthbeat.settings_fields import Field, fields, sections

MASK: Final = "********"
_PASSWORD: Final = re.compile(r"(?<=://)(?P<user>[^:/@]*):(?P<password>.*)@(?=[^@]*$)")


def as_toml(settings: Settings, *, secrets: bool = False) -> str:
    """The resolved settings as TOML; with `secrets` it can be read back."""
    lines: list[str] = []
    for section in sections(Settings):
        lines.append(f"[{section}]")
        values = getattr(settings, section)
        for field in (one for one in fields(Settings) if one.section == section):
            value = getattr(values, field.key)
            if value is None:
                lines.append(f"# {field.key} is not set")
            else:
                lines.append(f"{field.key} = {_toml(field, value, secrets=secrets)}")
        lines.append("")
    return "\n".join(lines)


def masked(field: Field, value: str) -> str:
    """A secret as it may be shown: nothing of it, or the address without its password."""
    if field.secret == "password":  # noqa: S105 - The kind of secret, not one.
        return _PASSWORD.sub(rf"\g<user>:{MASK}@", value)
    return MASK if field.secret else value


def _toml(field: Field, value: object, *, secrets: bool = False) -> str:
    if isinstance(value, Path):
        value = str(value)
    if isinstance(value, str) and not secrets:
        value = masked(field, value)
    # A JSON string, number or boolean is a TOML one too.
    return json.dumps(value, ensure_ascii=False)


def as_markdown() -> str:
    """The tables of docs/configuration.md."""
    parts: list[str] = []
    for section, about in sections(Settings).items():
        rows = [_row(field) for field in fields(Settings) if field.section == section]
        head = ["| key | environment | default | allowed | |", "| --- | --- | --- | --- | --- |"]
        parts.append("\n".join([f"### [{section}]", about, "", *head, *rows]))
    return "\n\n".join(parts) + "\n"


def _row(field: Field) -> str:
    key = f"`{field.key}`" + (f" or `{field.key}_file`" if field.secret else "")
    default = (
        "" if field.default in {None, msgspec.NODEFAULT} else f"`{_toml(field, field.default)}`"
    )
    return f"| {key} | `{field.variable}` | {default} | {field.allowed} | {field.description} |"
