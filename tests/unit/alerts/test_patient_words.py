"""What patients read: plain, in their language, and nothing about their health."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest

from alerts.telling.patient_words import (
    ENGLISH,
    SPANISH,
    Words,
    not_watched,
    receipt,
    reminder,
    words_for,
)

GRADE_MOST = 6.0
AT = dt.datetime(2026, 11, 23, 8, 2)  # noqa: DTZ001 - on the patient's wall, a Monday
LANGUAGES = ["en", "es"]


def every_text(language: str) -> Iterator[str]:
    words = words_for(language)
    for hour in (5, 13, 18):
        for by_sms in (True, False):
            yield reminder(AT.replace(hour=hour), language=language, by_sms=by_sms).body
    for count in (1, 3):
        for days in range(7):
            for hour in (9, 14, 18):
                coming = AT.replace(hour=hour) + dt.timedelta(days=days)
                yield receipt(
                    AT, count=count, following=coming, language=language, by_sms=True
                ).body
    yield words.stopped
    yield words.started
    for phone, emergency in ((None, None), ("+1 202 555 0100", "911")):
        yield not_watched(language=language, phone=phone, emergency=emergency)


def sentences(text: str) -> list[str]:
    return [each for each in re.split(r"[.!?:]+(?:\s|$)", text) if re.search(r"[a-zA-Z]", each)]


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)


def syllables_english(word: str) -> int:
    plain = word.lower()
    groups = len(re.findall(r"[aeiouy]+", plain))
    silent = plain.endswith("e") and not plain.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def syllables_spanish(word: str) -> int:
    """Each strong vowel, or a weak one that stands alone or with an accent, is a syllable."""
    plain = re.sub(r"(?<=[qg])u(?=[eiéí])", "", word.lower())
    groups: list[str] = re.findall(r"[aeiouáéíóúü]+", plain)
    return max(1, sum(max(1, len(re.findall(r"[aeoáéóíú]", group))) for group in groups))


def grade_english(text: str) -> float:
    """Flesch-Kincaid (Kincaid et al. 1975)."""
    words = words_of(text)
    per_word = sum(map(syllables_english, words)) / len(words)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * per_word - 15.59


def grade_spanish(text: str) -> float:
    """Crawford (1984), for Spanish of primary schools: by sentences and syllables in 100 words."""
    words = words_of(text)
    per_hundred = 100 / len(words)
    return (
        -0.205 * len(sentences(text)) * per_hundred
        + 0.049 * sum(map(syllables_spanish, words)) * per_hundred
        - 3.407
    )


def test_the_measure_tells_plain_words_from_learned_ones() -> None:
    learned = "Antihypertensive medication necessitates continuous ambulatory documentation."
    assert grade_english(learned) > 12
    assert grade_english("Please call your clinic.") < 4
    aprendido = "La documentación ambulatoria ininterrumpida posibilita intervenciones oportunas"
    assert grade_spanish(aprendido) > 6
    assert grade_spanish("Por favor, llame a su clínica.") < 5


@pytest.mark.parametrize("text", sorted(set(every_text("en"))))
def test_english_is_at_or_below_sixth_grade(text: str) -> None:
    assert grade_english(text) <= GRADE_MOST


@pytest.mark.parametrize("text", sorted(set(every_text("es"))))
def test_spanish_is_at_or_below_sixth_grade(text: str) -> None:
    assert grade_spanish(text) <= GRADE_MOST


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_a_measurement_a_value_or_an_illness(language: str) -> None:
    told = re.compile(
        r"pressure|presi[oó]n|weight|\bpeso|gluc|sugar|azúcar|oxygen|oxígeno|heart|coraz|\bhigh|"
        r"\blow|\balto|\bbaj[oa]|normal|\bgood|\bbad\b|\bbien|\bmal\b|mmhg|mg/dl|\bkg|\blb",
        re.IGNORECASE,
    )
    for text in every_text(language):
        assert told.search(text.replace("ALTO", "")) is None, text
        digits = re.findall(r"\d+", text)
        assert set(digits) <= {"08", "02", "1", "202", "555", "0100", "911"}, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_short_message_says_how_to_end_them_and_a_mail_does_not(language: str) -> None:
    stop = words_for(language).how_to_stop
    assert reminder(AT, language=language, by_sms=True).body.endswith(stop)
    assert stop not in reminder(AT, language=language, by_sms=False).body


@pytest.mark.parametrize("text", sorted(set(every_text("en"))))
def test_an_english_message_is_one_sms(text: str) -> None:
    assert text.isascii()
    assert len(text) <= 160


@pytest.mark.parametrize("text", sorted(set(every_text("es"))))
def test_a_spanish_message_is_at_most_three_parts(text: str) -> None:
    assert len(text) <= 3 * 67


@pytest.mark.parametrize(
    ("tag", "words"),
    [("es", SPANISH), ("es-MX", SPANISH), ("ES_us", SPANISH), ("en", ENGLISH), ("en-US", ENGLISH),
     ("et", ENGLISH), ("", ENGLISH), (None, ENGLISH), ("zh", ENGLISH)],
)  # fmt: skip
def test_the_language_is_the_first_part_of_its_tag(tag: str | None, words: Words) -> None:
    assert words_for(tag) is words


def test_a_receipt_says_when_and_what_comes_next() -> None:
    tonight = AT.replace(hour=17, minute=0)
    said = receipt(AT, count=1, following=tonight, language="en", by_sms=False).body
    assert said == "Thanks. Your reading came in at 08:02. Next one: tonight."
    tomorrow = tonight.replace(hour=4) + dt.timedelta(days=1)
    said = receipt(AT, count=3, following=tomorrow, language="es", by_sms=False).body
    assert said == "Gracias. Sus medidas llegaron a las 08:02. La próxima: mañana por la mañana."
    thursday = tonight + dt.timedelta(days=3)
    said = receipt(AT, count=2, following=thursday, language="en", by_sms=False).body
    assert said.endswith("Next one: on Thursday.")
    said = receipt(AT, count=2, following=None, language="en", by_sms=False).body
    assert said == "Thanks. Your readings came in at 08:02."
