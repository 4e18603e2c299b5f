"""What everybody meets, signed in or not: the same in every language, and easy to read."""

import re

import pytest

from console.account.words import catalogue
from console.web.speaking import best_of
from console.web.words import LANGUAGES
from tests.unit.console.test_my_words import (
    GRADE_MOST,
    LONG_WORDS,
    PHRASE,
    grade,
    placeholders,
    syllables,
    words_in,
)

ENGLISH = catalogue("en").texts
KNOWN = LONG_WORDS | {"camera"}
STAFFS = {"you.credential", "tab.preferences"}
"""Labels that no patient meets."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_parts(language: str) -> None:
    texts = catalogue(language).texts
    assert set(texts) == set(ENGLISH)
    assert [n for n, each in texts.items() if placeholders(each) != placeholders(ENGLISH[n])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_shouts(language: str) -> None:
    for name, text in catalogue(language).texts.items():
        assert text.strip() == text != "", name
        assert not {"!", "¡"} & set(text), name


def test_spanish_is_spanish_and_says_usted() -> None:
    spanish = catalogue("es").texts
    assert [name for name, text in ENGLISH.items() if text == spanish[name]] == []
    familiar = re.compile(r"\b(tú|tu|tus|te|tienes|puedes|contigo|tuyo|tuya)\b", re.IGNORECASE)
    assert [text for text in spanish.values() if familiar.search(text)] == []


@pytest.mark.parametrize("name", sorted(set(ENGLISH) - STAFFS))
def test_a_text_is_read_with_six_years_of_school(name: str) -> None:
    text = ENGLISH[name]
    if len(words_in(text)) >= PHRASE:
        assert grade(text) <= GRADE_MOST, f"{grade(text):.1f}: {text}"
        return
    assert {each.lower() for each in words_in(text) if syllables(each) > 2} <= KNOWN, text


@pytest.mark.parametrize("table", sorted({name.split(".")[0] for name in ENGLISH}))
def test_a_page_as_a_whole_is_read_with_six_years_of_school(table: str) -> None:
    texts = [
        text for name, text in ENGLISH.items()
        if name.startswith(f"{table}.") and len(words_in(text)) >= PHRASE
    ]  # fmt: skip
    if texts:
        assert grade(" ".join(f"{text}." for text in texts)) <= GRADE_MOST


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"), ("en-US,en;q=0.9,es;q=0.8", "en"), ("", "en"),
        ("de,es;q=0.5,en;q=0.4", "es"), ("de,fr", "en"), ("es;q=0", "en"), ("es;q=x", "en"),
        ("en;q=0.2,es;q=0.3", "es"), ("*", "en"), ("es,en", "es"), (",,;;q=", "en"),
    ],
)  # fmt: skip
def test_the_language_that_the_browser_likes_best_is_taken(header: str, language: str) -> None:
    assert best_of(header) == language
