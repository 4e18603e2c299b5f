"""Words that pages make of keys and texts: small things that strangers notice."""

import datetime as dt

import pytest

from console.desk.system import readings
from console.my.advice import advice
from console.my.attention import Looked, nurse_word
from console.my.verdict import Side, Verdict, Word
from console.web.formats import capitalised, day, long_day, programme_name
from console.web.templates import environment
from vitals.kinds import Kind

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("mrn is taken", "Mrn is taken"), ("the MRN is taken", "The MRN is taken"), ("", ""),
     ("copd", "COPD"), ("é", "É")],
)  # fmt: skip
def test_a_sentence_begins_large_and_keeps_its_abbreviations(text: str, shown: str) -> None:
    assert capitalised(text) == shown
    assert environment().from_string("{{ it|capitalize }}").render(it=text) == shown


def test_what_a_filter_has_made_is_still_escaped() -> None:
    assert environment().from_string("{{ it|capitalize }}").render(it="<b>") == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("key", "name"),
    [("copd", "COPD"), ("hypertension-us", "Hypertension US"), ("heart-failure", "Heart failure"),
     ("hypertension-esh", "Hypertension ESH")],
)  # fmt: skip
def test_a_programme_without_a_title_is_spelled_as_people_do(key: str, name: str) -> None:
    assert programme_name(key) == name


def test_days_are_written_one_way() -> None:
    assert (day(NOW.date()), long_day(NOW.date())) == ("22 Nov 2026", "Sun 22 Nov 2026")


@pytest.mark.parametrize(("seconds", "told"), [(0.0, "0.1 s"), (0.04, "0.1 s"), (0.26, "0.3 s")])
def test_nothing_takes_no_time_at_all(seconds: float, told: str) -> None:
    facts = {"last_reading": NOW, "carried_s": seconds, "readings": 2}
    assert readings(facts, now=NOW).about.endswith(f"95 in 100 were here within {told}.")


@pytest.mark.parametrize(
    ("looked", "out", "word"),
    [
        (Looked.NOT_YET, False, "not_yet_in_range"),
        (Looked.NOT_YET, True, "not_yet"),
        (Looked.SEEN, False, "seen"),
        (Looked.NOT_ASKED, False, "not_asked"),
    ],
)
def test_whoever_is_in_range_is_not_told_that_nobody_has_looked(
    looked: Looked, word: str, *, out: bool
) -> None:
    assert nurse_word(looked, out=out) == word


@pytest.mark.parametrize(("due", "key"), [(True, "due"), (False, "fine")])
def test_who_has_one_due_now_is_not_told_that_there_is_nothing_to_do(
    key: str, *, due: bool
) -> None:
    fine = Verdict(word=Word.IN_RANGE)
    assert advice(Kind.WEIGHT, fine, Looked.NOT_ASKED, not_sure=False, due=due) == key
    out = Verdict(word=Word.VERY_HIGH, side=Side.UP, grade=3)
    assert advice(Kind.WEIGHT, out, Looked.NOT_ASKED, not_sure=False, due=due) == "call_now"
