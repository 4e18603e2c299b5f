"""Where settings come from: a TOML file, the environment, files with secrets. Refuses in words."""

import math
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from hearthbeat.did_you_mean import meant
from hearthbeat.errors import SettingsError
from hearthbeat.settings_fields import Field, fields

PREFIX: Final = "HB_"
NOT_SETTINGS: Final = ("HB_CONFIG", "HB_DEBUG", "HB_TEST_")
"""Beginnings of names that mean something else: the file, tracebacks, the tests."""
SECRET_BYTES_MAX: Final = 64 * 1024

Layer = dict[tuple[str, str], tuple[str, object]]
"""(section, key) -> (where it was said, what was said)."""

S = TypeVar("S", bound=msgspec.Struct)


def toml_layer(file: Path, settings: type[msgspec.Struct]) -> Layer:
    """The keys of a TOML file; a relative path in it is relative to the file."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # Of its syntax, its encoding, or a number of 5,000 digits.
        raise SettingsError(f"{file}: is not TOML: {error}") from error
    except RecursionError:
        raise SettingsError(f"{file}: is no settings file: brackets within brackets") from None
    known = _by_key(settings)
    sections = sorted({section for section, _ in known})
    layer: Layer = {}
    for section, table in document.items():
        if section not in sections:
            raise SettingsError(
                f"{file}: unknown section [{section}]{meant(section, sections)}; "
                f"there are {', '.join(sections)}"
            )
        if not isinstance(table, dict):
            raise SettingsError(f"{file}: {section} is a section; write [{section}] above its keys")
        for key, value in table.items():
            _add(layer, known, section, key, value, said=f"{file}: {section}.{key}", base=file)
    return layer


def environment_layer(variables: Mapping[str, str], settings: type[msgspec.Struct]) -> Layer:
    """HB_<SECTION>_<KEY>; an HB_ variable that means nothing is refused, as a typing error."""
    known = _by_key(settings)
    by_variable = {_variable(section, key): (section, key) for section, key in known}
    layer: Layer = {}
    for name in sorted(variables):
        if not name.startswith(PREFIX) or name.startswith(NOT_SETTINGS):
            continue
        if name not in by_variable:
            raise SettingsError(
                f"environment: unknown setting {name}{meant(name, by_variable)}; "
                "docs/configuration.md lists them all"
            )
        section, key = by_variable[name]
        _add(layer, known, section, key, variables[name], said=f"environment: {name}", base=None)
    return layer


def merge(layers: Iterable[Layer], settings: type[S]) -> S:
    """Later layers win; every value is checked with the name of the place that said it."""
    tables: dict[str, dict[str, object]] = {}
    known = _by_key(settings)
    merged: Layer = {}
    for layer in layers:
        merged.update(layer)
    for (section, key), (said, value) in merged.items():
        tables.setdefault(section, {})[key] = _checked(known[section, key], said, value)
    return msgspec.convert(tables, settings, dec_hook=_as_is)


def _add(
    layer: Layer,
    known: Mapping[tuple[str, str], Field],
    section: str,
    key: str,
    value: object,
    *,
    said: str,
    base: Path | None,
) -> None:
    field = known.get((section, key))
    if field is None:
        keys = [name for inside, name in known if inside == section]
        raise SettingsError(
            f"{said}: unknown key{meant(key, keys)}; [{section}] has {', '.join(keys)}"
        )
    if base is not None and isinstance(value, str) and (field.is_path or field.names_file(key)):
        value = str(base.parent / Path(value).expanduser())
    if field.names_file(key):
        value = _secret(Path(str(value)), said)
    if (section, field.key) in layer:
        raise SettingsError(f"{said}: {field.key} and {field.key}_file are both given; keep one")
    layer[section, field.key] = (said, value)


def _secret(file: Path, said: str) -> str:
    try:
        with file.open(encoding="utf-8") as stream:
            return stream.read(SECRET_BYTES_MAX).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{said}: {file} cannot be read: {error}") from error


def _checked(field: Field, said: str, value: object) -> object:
    # A variable is text whatever it means; a file can tell 8080 from "8080", and must.
    lax = said.startswith("environment")
    if isinstance(value, str) and not _writable(value):
        raise SettingsError(f"{said}: the value holds a NUL, or is not UTF-8")
    try:
        converted = msgspec.convert(value, field.type, strict=not lax, dec_hook=_path)
    except (msgspec.ValidationError, TypeError) as error:
        shown = "the value" if field.secret else repr(value)
        raise SettingsError(f"{said}: {shown} is not {field.allowed}") from error
    if isinstance(converted, float) and math.isinf(converted):
        raise SettingsError(f"{said}: {value!r} is not {field.allowed}")
    return converted


def _writable(text: str) -> bool:
    """Whether it can stand in a file name and in the settings of a child process."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _path(wanted: type, value: Any) -> Any:
    if wanted is Path and isinstance(value, str) and value:
        return Path(value).expanduser()
    raise TypeError(wanted)


def _as_is(wanted: type, value: Any) -> Any:
    if isinstance(value, wanted):
        return value
    raise TypeError(wanted)


def _by_key(settings: type[msgspec.Struct]) -> dict[tuple[str, str], Field]:
    known: dict[tuple[str, str], Field] = {}
    for field in fields(settings):
        known[field.section, field.key] = field
        if field.secret:
            known[field.section, f"{field.key}_file"] = field
    return known


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section}_{key}".upper()
