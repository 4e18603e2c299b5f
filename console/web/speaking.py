"""In which language a page speaks, and what it takes to say it to somebody at home."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from console.access import CAREGIVER, Caller
from console.web.words import ENGLISH, LANGUAGES, NAMES, Words, spoken

ASKED: Final = "language"
"""In the address, and in forms of people who are not signed in."""
TAGS_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """A link to the same page in another language."""

    language: str
    name: str
    address: str


def of_caller(caller: Caller) -> str:
    """What they chose; else the patient's language. The staff's pages are in English."""
    if not caller.at_home:
        return ENGLISH
    chosen = caller.preferences.get("language")
    return (
        (spoken(chosen) if isinstance(chosen, str) else None) or spoken(caller.language) or ENGLISH
    )


def of_stranger(request: web.Request, typed: str | None = None) -> str:
    """What a form or the address asks for; else what the browser would like best."""
    asked = spoken(typed) or spoken(request.query.get(ASKED))
    return asked or best_of(request.headers.get("Accept-Language", ""))


def best_of(header: str) -> str:
    """The one of ours that is liked most; English where none is."""
    liked = [
        (weight, -place, language)
        for place, part in enumerate(header.split(",")[:TAGS_MOST])
        for language, weight in [_liked(part)]
        if language is not None and weight > 0
    ]
    return max(liked)[2] if liked else ENGLISH


def _liked(part: str) -> tuple[str | None, float]:
    tag, _, weight = part.partition(";")
    given = weight.strip().removeprefix("q=")
    try:
        return spoken(tag), float(given) if weight else 1.0
    except ValueError:
        return spoken(tag), 0.0


def as_read_by(caller: Caller, words: Words) -> Words:
    """Whoever cares for somebody reads of them, and not of themselves."""
    return words.for_other(words("shell.them")) if caller.role == CAREGIVER else words


def query_of(language: str, **kept: str | None) -> str:
    """For an address: what it has to keep; the language only where it is not the usual one."""
    held = {name: value for name, value in kept.items() if value}
    return urlencode(held if language == ENGLISH else {**held, ASKED: language})


def switches(path: str, words: Words, kept: Mapping[str, str | None]) -> list[Switch]:
    """To all other languages, with what the address has to keep."""
    held = {name: value for name, value in kept.items() if value}
    return [
        Switch(
            language=code,
            name=NAMES[code],
            address=f"{path}?{urlencode({ASKED: code, **held})}",
        )
        for code in LANGUAGES
        if code != words.language
    ]
