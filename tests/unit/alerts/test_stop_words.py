"""What a message to our number asks for."""

import pytest

from alerts.telling.stop_words import START_WORDS, STOP_WORDS, Wish, wish_of


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_every_stop_word_stops_however_it_is_written(word: str) -> None:
    for typed in (word, word.upper(), f" {word.title()}. ", f"{word}!", f"Please {word}"):
        assert wish_of(typed) is Wish.STOP


@pytest.mark.parametrize("word", sorted(START_WORDS))
def test_every_start_word_starts(word: str) -> None:
    for typed in (word, word.upper(), f" {word.title()}. "):
        assert wish_of(typed) is Wish.START


@pytest.mark.parametrize(
    "text", ["STOP ALL", "Stop texting me", "stop!!! please", "UNSUBSCRIBE ME", "opt-out",
             "Alto, por favor"],
)  # fmt: skip
def test_a_few_words_that_begin_with_it_stop_too(text: str) -> None:
    assert wish_of(text) is Wish.STOP


@pytest.mark.parametrize(
    "text",
    ["", "184/110", "I feel unwell", "my dizziness did not stop since this morning", "don't stop",
     "Stop the water pill or take it on", "end of pain", "starting tomorrow", "😀", "yes",
     "STOP " * 60, "\x00", "cancel my visit"],
)  # fmt: skip
def test_anything_else_is_no_wish_of_ours(text: str) -> None:
    assert wish_of(text) is Wish.NONE
