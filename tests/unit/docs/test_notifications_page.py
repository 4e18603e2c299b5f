"""docs/notifications.md holds every text to the letter, every stop word and every wait."""

import datetime as dt
from pathlib import Path

import pytest

from alerts.telling.notices import NOT_FOR_EMERGENCIES, TEST
from alerts.telling.patient_words import ENGLISH, SPANISH, Words, not_watched, receipt, reminder
from alerts.telling.quiet_hours import OF_PATIENTS
from alerts.telling.stop_words import START_WORDS, STOP_WORDS

PAGE = (Path(__file__).parents[3] / "docs" / "notifications.md").read_text(encoding="utf-8")
AT = dt.datetime(2026, 11, 23, 8, 2)  # noqa: DTZ001 - on the patient's wall
TONIGHT = AT.replace(hour=17, minute=0)


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("es", SPANISH)])
def test_what_patients_are_told_is_on_the_page(language: str, words: Words) -> None:
    texts = [
        reminder(AT, language=language, by_sms=False),
        receipt(AT, count=1, following=TONIGHT, language=language, by_sms=False),
        receipt(AT, count=3, following=None, language=language, by_sms=False),
    ]
    for text in texts:
        assert f"| {text.body} |" in PAGE
        assert f"| {text.subject} |" in PAGE
    for said in (words.how_to_stop, words.stopped, words.started):
        assert f"| {said} |" in PAGE
    refused = not_watched(language=language, phone="+1 202 555 0100", emergency="911")
    assert f"| {refused} |" in PAGE


def test_what_people_of_the_clinic_are_told_is_on_the_page() -> None:
    for said in (TEST.subject, TEST.body, NOT_FOR_EMERGENCIES):
        assert f"| {said} |" in PAGE


def test_every_stop_and_start_word_is_on_the_page() -> None:
    for word in STOP_WORDS | START_WORDS:
        assert word.upper() in PAGE


def test_the_usual_quiet_hours_are_on_the_page() -> None:
    assert f"{OF_PATIENTS.start} to {OF_PATIENTS.end}" in PAGE
