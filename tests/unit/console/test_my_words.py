"""What the patient's pages say: the same in every language, and in English in short plain words."""

import re
import string

import pytest

from console.my.words import LANGUAGES, catalogue, words_of
from vitals.kinds import Kind

ENGLISH = catalogue("en").texts
GRADE_MOST = 6.0
PHRASE = 4
"""The formula is about sentences. Shorter texts, which are labels, are held by their words."""
LONG_WORDS = {
    # Three syllables or more, each known to everybody who lives by a clock or has the device.
    "afternoon", "evening", "family", "later", "oxygen", "temperature", "tomorrow", "yesterday",
    "minutes",
}  # fmt: skip


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def syllables(word: str) -> int:
    """Groups of vowels, less the endings that are not spoken."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", letters))
    if count > 1 and letters.endswith("e") and not letters.endswith(("le", "ee")):
        count -= 1
    if count > 1 and re.search(r"[^td]ed$", letters):
        count -= 1
    return max(count, 1)


def words_in(text: str) -> list[str]:
    return re.findall(r"[A-Za-z']+", re.sub(r"\{\w+\}", "Ann", text))


def grade(text: str) -> float:
    """Flesch-Kincaid: the year of school in the United States in which it is understood."""
    sentences = [part for part in re.split(r"[.:?!]+", text) if words_in(part)]
    words = words_in(text)
    per_sentence = len(words) / max(len(sentences), 1)
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


@pytest.mark.parametrize(
    ("word", "count"),
    [("cuff", 1), ("reading", 2), ("emergency", 4), ("table", 2), ("these", 1), ("rested", 2),
     ("looked", 1), ("take", 1), ("free", 1), ("temperature", 4)],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_formula_tells_easy_from_hard() -> None:
    assert grade("Sit down and rest. Then take it once more.") < 2
    assert grade("Antihypertensive medication necessitates individualised titration.") > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_parts(language: str) -> None:
    texts = catalogue(language).texts
    assert set(texts) == set(ENGLISH)
    differing = {
        name for name, text in texts.items() if placeholders(text) != placeholders(ENGLISH[name])
    }
    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_shouts(language: str) -> None:
    for name, text in catalogue(language).texts.items():
        assert text.strip() == text != "", name
        assert not {"!", "¡"} & set(text), name


def test_spanish_is_spanish_and_says_usted() -> None:
    spanish = catalogue("es").texts
    same = {name for name, text in ENGLISH.items() if text == spanish[name] and words_in(text)}
    assert same <= {"people.who", "when.before"}  # Only parts, with commas between.
    familiar = re.compile(r"\b(tú|tu|tus|te|tienes|puedes|contigo|tuyo|tuya)\b", re.IGNORECASE)
    assert [text for text in spanish.values() if familiar.search(text)] == []


@pytest.mark.parametrize("name", sorted(ENGLISH))
def test_a_text_is_read_with_six_years_of_school(name: str) -> None:
    text = ENGLISH[name]
    if len(words_in(text)) >= PHRASE:
        assert grade(text) <= GRADE_MOST, f"{grade(text):.1f}: {text}"
        return
    hard = {word.lower() for word in words_in(text) if syllables(word) > 2}
    assert hard <= LONG_WORDS, text


@pytest.mark.parametrize("table", sorted({name.split(".")[0] for name in ENGLISH}))
def test_a_page_as_a_whole_is_read_with_six_years_of_school(table: str) -> None:
    texts = [
        text for name, text in ENGLISH.items()
        if name.startswith(f"{table}.") and len(words_in(text)) >= PHRASE
    ]  # fmt: skip
    if texts:
        assert grade(" ".join(f"{text}." for text in texts)) <= GRADE_MOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_others_read_stands_for_a_text_of_the_patients(language: str) -> None:
    words = catalogue(language)
    others = {name for name in words.texts if name.startswith("other.")}
    for name in others:
        own = words.texts[name.removeprefix("other.")]
        assert placeholders(words.texts[name]) <= placeholders(own) | {"about"}
        assert words.texts[name] != own
    theirs = words.for_other("Ada")
    assert theirs("shell.emergency", number="911") != words("shell.emergency", number="911")
    assert "Ada" in theirs("shell.emergency", number="911")
    assert theirs("shell.today") == words("shell.today")


def test_nothing_names_a_disease_or_a_drug() -> None:
    said = " ".join(ENGLISH.values()).lower()
    for word in ("hypertension", "diabetes", "stroke", "heart attack", "failure", "insulin",
                 "hypoglycemia", "fever", "disease", "patient"):  # fmt: skip
        assert word not in said


@pytest.mark.parametrize("kind", list(Kind))
def test_there_are_steps_for_every_kind(kind: Kind) -> None:
    for name in ("drawing", "step1", "step4", "error1", "error2"):
        assert f"how.{kind.value}.{name}" in ENGLISH


@pytest.mark.parametrize(
    ("tag", "language"),
    [("es", "es"), ("es-MX", "es"), ("es_US", "es"), ("spa", "es"), ("Spanish", "es"),
     ("en-GB", "en"), ("de", "en"), ("", "en"), (None, "en"), ("../es", "en")],
)  # fmt: skip
def test_a_language_that_we_do_not_have_is_english(tag: str | None, language: str) -> None:
    assert words_of(tag).language == language
