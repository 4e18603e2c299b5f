"""What the patient's pages say: their own texts, laid over those that all pages share."""

from functools import cache
from typing import Final

from console.web.words import ENGLISH, LANGUAGES, NAMES, Words, laid_over, spoken

__all__ = ["LANGUAGES", "NAMES", "Words", "catalogue", "words_of"]

PACKAGE: Final = __name__


def words_of(language: str | None) -> Words:
    """By the first part of a language tag; English where we have none."""
    return catalogue(spoken(language) or ENGLISH)


@cache
def catalogue(language: str) -> Words:
    return laid_over(PACKAGE, language)
