"""What the settings structure says about itself: keys, defaults, what is allowed or secret."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_type_hints

import msgspec
from msgspec import inspect as shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting."""

    section: str
    key: str
    type: Any
    default: object
    description: str
    allowed: str
    """In words, to follow "is not" and to stand in the documentation."""
    secret: Literal["whole", "password"] | None
    is_path: bool

    @property
    def variable(self) -> str:
        return f"HB_{self.section}_{self.key}".upper()

    def names_file(self, key: str) -> bool:
        """Whether `key` is this secret's `_file` form."""
        return self.secret is not None and key == f"{self.key}_file"


def fields(settings: type[msgspec.Struct]) -> Iterator[Field]:
    """Every setting, section by section, in the order of the code."""
    for section, table in get_type_hints(settings).items():
        hints = get_type_hints(table, include_extras=True)
        for field in msgspec.structs.fields(table):
            yield _field(section, field, hints[field.name])


def sections(settings: type[msgspec.Struct]) -> dict[str, str]:
    """Section name -> what it is about."""
    return {name: (table.__doc__ or "") for name, table in get_type_hints(settings).items()}


def _field(section: str, field: msgspec.structs.FieldInfo, hint: Any) -> Field:
    description, secret = "", None
    kind = shape.type_info(hint)
    if isinstance(kind, shape.Metadata):
        description = (kind.extra_json_schema or {}).get("description", "")
        secret = (kind.extra or {}).get("secret")
        kind = kind.type
    return Field(
        section=section,
        key=field.name,
        type=hint,
        default=field.default,
        description=description,
        allowed=_allowed(kind),
        secret=secret,
        is_path=_is_path(kind),
    )


def _is_path(kind: shape.Type) -> bool:
    if isinstance(kind, shape.UnionType):
        return any(_is_path(one) for one in kind.types)
    return isinstance(kind, shape.CustomType) and kind.cls is Path


def _allowed(kind: shape.Type) -> str:
    match kind:
        case shape.UnionType():
            return " or ".join(
                _allowed(one) for one in kind.types if not isinstance(one, shape.NoneType)
            )
        case shape.BoolType():
            return "true or false"
        case shape.IntType() | shape.FloatType():
            number = "a whole number" if isinstance(kind, shape.IntType) else "a number"
            return number + _range(kind)
        case shape.LiteralType():
            return "one of " + ", ".join(map(str, kind.values))
        case shape.CustomType() if kind.cls is Path:
            return "a path"
        case _:
            plain = isinstance(kind, shape.StrType) and kind.pattern is not None
            return "text without control characters" if plain else "text"


def _range(kind: shape.IntType | shape.FloatType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f" from {kind.ge:g} to {kind.le:g}"
    if kind.ge is not None:
        return f", {kind.ge:g} or more"
    return f" above {kind.gt:g}" if kind.gt is not None else ""
