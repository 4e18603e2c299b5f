"""A segment: its id and elements, some of which have components. As text, and back. Pure."""

from collections.abc import Iterable
from typing import Final, TypeAlias

from billing.exports.errors import NotCarriedError
from billing.exports.x12.charset import DELIMITERS

Element: TypeAlias = str | tuple[str, ...]
Segment: TypeAlias = tuple[Element, ...]

ELEMENT: Final = "*"
COMPONENT: Final = ":"
REPETITION: Final = "^"
END: Final = "~"


def encode(segment: Segment) -> str:
    """Without the empty elements at its end. X12 cannot escape: raises NotCarriedError for a text
    in which there is a delimiter, or what is not printable ASCII.
    """
    elements = _shortened(_element(each) for each in segment)
    return ELEMENT.join(elements) + END


def decode(text: str) -> Segment:
    """What `encode` made."""
    if not text.endswith(END):
        raise ValueError(f"a segment ends in {END}")
    parts = text.removesuffix(END).split(ELEMENT)
    return tuple(tuple(each.split(COMPONENT)) if COMPONENT in each else each for each in parts)


def _element(element: Element) -> str:
    if isinstance(element, str):
        return _checked(element)
    return COMPONENT.join(_shortened(map(_checked, element)))


def _checked(text: str) -> str:
    if any(each in DELIMITERS for each in text) or not (text.isascii() and text.isprintable()):
        raise NotCarriedError("has a character that a claim cannot carry")
    return text


def _shortened(parts: Iterable[str]) -> list[str]:
    kept = list(parts)
    while kept and not kept[-1]:
        kept.pop()
    return kept
