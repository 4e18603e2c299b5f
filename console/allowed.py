"""Which values a field of a request may have, where it has only some: read off its type."""

from collections.abc import Iterator, Sequence

from msgspec import Struct, inspect


def allowed(kind: type[Struct], pointer: str) -> list[str]:
    """At a JSON pointer into a `kind`; empty where it is no field of a few known values."""
    found = [inspect.type_info(kind)]
    for token in pointer.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        found = [below for each in found for below in _below(each, key)]
    return [str(value) for each in _plain(found) for value in _values(each)]


def _below(kind: inspect.Type, key: str) -> Iterator[inspect.Type]:
    for each in _plain([kind]):
        match each:
            case inspect.StructType(fields=fields):
                yield from (one.type for one in fields if one.encode_name == key)
            case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
                yield item
            case inspect.SetType(item_type=item) | inspect.FrozenSetType(item_type=item):
                yield item
            case inspect.DictType(value_type=value):
                yield value


def _plain(kinds: Sequence[inspect.Type]) -> Iterator[inspect.Type]:
    """Without what is said about them, and each possibility by itself."""
    for each in kinds:
        match each:
            case inspect.Metadata(type=inner):
                yield from _plain([inner])
            case inspect.UnionType(types=types):
                yield from _plain(types)
            case _:
                yield each


def _values(kind: inspect.Type) -> Iterator[object]:
    match kind:
        case inspect.EnumType(cls=cls):
            yield from (member.value for member in cls)
        case inspect.LiteralType(values=values):
            yield from values
