"""A file of rules that somebody hands in: what is refused, and in which words."""

import datetime as dt

import pytest
from msgspec.structs import replace

from billing.parties.rule_file import Given, check_added, check_taken, given
from billing.rule_books import Stated
from billing.rule_files import shipped
from care.errors import FaultsError, InvalidError, TakenError
from tests.unit.billing.rule_texts import rules_text
from tests.unit.billing.test_rule_notice import imported

TODAY = dt.date(2026, 11, 22)


def read(text: str, file: str = "next.toml") -> Given:
    return given(text, file, today=TODAY)


def add(text: str, *stated: Stated) -> None:
    check_added(read(text), stated)


def faults_of(text: str) -> list[str]:
    with pytest.raises(FaultsError) as refused:
        read(text)
    return [each.told() for each in refused.value.faults]


def test_a_good_file_is_taken_as_it_is() -> None:
    found = read(rules_text())
    assert (found.rules.name, found.rules.version) == ("medicare-2027", 1)
    add(rules_text())


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("min_days = 16", "min_day = 16", "Object missing required field `min_days`"),
        ("= 1200, certainty", '= "x", certainty', "Expected `int`, got `str`"),
        ("confirmed_through = 2027-12-31", "", "missing required field `confirmed_through`"),
        ('["medicare-2027"]', "", "next.toml: "),
        ('["medicare-2027"]', "[", "next.toml: "),
    ],
)
def test_what_is_no_file_of_rules_is_refused_with_its_name(
    wrong: str, right: str, said: str
) -> None:
    with pytest.raises(InvalidError, match=r"next\.toml: ") as refused:
        read(rules_text().replace(wrong, right, 1))
    assert refused.value.field == "file"
    assert said in refused.value.message


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_file_is_told_so(text: str) -> None:
    with pytest.raises(InvalidError, match="must not be empty"):
        read(text)


def test_a_file_holds_one_set() -> None:
    with pytest.raises(InvalidError, match=r"one set, and holds plan-1, plan-2"):
        read(rules_text("plan-1") + rules_text("plan-2"))


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (
            "version = 1", "version = 1\nmax_unit = 3",
            "medicare-2027.max_unit: is no field of a rule set",
        ),
        (
            "max_days = 30,", "max_days = 30, min_dayz = 2,",
            "medicare-2027.supply[0].min_dayz: is no field of a rule set; did you mean 'min_days'?",
        ),
        ('"99453"', '"9945"', "medicare-2027.9945: is no code: five characters, as 99454 or G0556"),
        ('requires = "99457"', 'requires = "the base"',
         "medicare-2027.the base: is no code: five characters, as 99454 or G0556"),
        ("version = 1", "version = 0", "medicare-2027.version: is a number from 1 on"),
        ("max_days = 30", "max_days = 31",
         "medicare-2027.99454: min_days and max_days lie between 1 and 30, in this order"),
        ("each_seconds = 1200", "each_seconds = 0",
         "medicare-2027.99458: each_seconds is 1 or more"),
        ("source_read_on = 2026-11-22", "",
         "medicare-2027.source_read_on: is missing: when it was read"),
        ("source_read_on = 2026-11-22", "source_read_on = 2026-11-23",
         "medicare-2027.source_read_on: lies in the future"),
        ("confirmed_through = 2027-12-31", "confirmed_through = 2028-01-01",
         ("medicare-2027.confirmed_through: 2028-01-01 is too far off: 2027-12-31 at most, for "
         "nobody can have read what holds after it")),
        ("confirmed_through = 2027-12-31", "confirmed_through = 2026-12-31",
         "medicare-2027.confirmed_through: 2026-12-31 lies before 2027-01-01, when the set begins"),
        ("confirmed_through", "effective_to = 2026-12-31\nconfirmed_through",
         "medicare-2027.effective_to: 2026-12-31 lies before 2027-01-01, when it begins"),
        ('certainty = "V1", source = "test-page" }]', 'certainty = "sure", source = "" }]',
         "medicare-2027.99454: certainty is one of V+, V1, K, P, C"),
        ('"medicare-2027"', '"Medicare 2027"',
         "Medicare 2027: is named by its authority and a year, as medicare-2027"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_place(wrong: str, right: str, said: str) -> None:
    assert said in faults_of(rules_text().replace(wrong, right, 1))


def test_what_has_to_be_attested_is_known() -> None:
    text = rules_text() + (
        '[["medicare-2027".care]]\nprogram = "CCM"\n'
        '[["medicare-2027".care.families]]\nneeds = ["care_plans"]\n'
        'base = { code = "99490", min_seconds = 1200, certainty = "K", source = "x" }\n'
    )
    assert faults_of(text) == [
        (
            "medicare-2027.care.CCM: 'care_plans' is nothing that can be attested; did you mean "
            "'care_plan'?"
        )
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            rules_text("medicare-2025b", "2025-06-01", "2025-12-31", through="2025-12-31"),
            (
                "medicare-2025 (medicare-2025.toml) and medicare-2025b (next.toml) of medicare "
                "both hold on 2025-06-01: end the earlier one the day before"
            ),
        ),
        (
            rules_text("medicare-2023", "2023-01-01", "2023-12-30", through="2023-12-30"),
            (
                "between medicare-2023 (next.toml) and medicare-2024 (medicare-2024.toml) of "
                "medicare no rule holds: 2023-12-30 is followed by 2024-01-01"
            ),
        ),
    ],
)
def test_dates_that_overlap_or_leave_a_gap_are_told_with_file_sets_and_dates(
    text: str, said: str
) -> None:
    with pytest.raises(InvalidError) as refused:
        add(text)
    assert (refused.value.field, refused.value.message) == ("file", said)


def test_a_set_before_the_first_one_may_reach_to_its_eve_and_no_further() -> None:
    for last, good in (("2023-12-30", False), ("2023-12-31", True), ("2024-01-01", False)):
        text = rules_text("medicare-2023", "2023-01-01", last, through="2023-12-30")
        if good:
            add(text)
            continue
        with pytest.raises(InvalidError):
            add(text)


def test_after_an_imported_set_with_an_end_the_next_follows_at_once() -> None:
    first = imported(rules_text(ends="2027-06-30"))
    for begins, good in (("2027-06-30", False), ("2027-07-01", True), ("2027-07-02", False)):
        text = rules_text("medicare-2027b", begins)
        if good:
            add(text, first)
            continue
        with pytest.raises(InvalidError, match="2027-06-30"):
            add(text, first)


def test_a_set_that_is_there_is_never_edited() -> None:
    there = imported(rules_text())
    with pytest.raises(TakenError, match="version 1 is here already, word for word"):
        add(rules_text(), there)
    with pytest.raises(
        TakenError,
        match=r"medicare-2027 version 1 is here already, from x.toml, and is never edited: give "
        r"what has changed version = 2",
    ):
        add(rules_text(minutes=25), there)
    add(rules_text(minutes=25, version=2), there)


def test_a_set_that_is_shipped_is_not_imported_under_its_name() -> None:
    with pytest.raises(TakenError, match="medicare-2026 comes with Hearthbeat"):
        add(rules_text("medicare-2026", version=2))


def test_another_authority_may_be_imported_beside() -> None:
    add(rules_text("plan-2026", "2026-01-01"))


def taken(text: str, *replaces: str, through: dt.date | None = None) -> tuple[str, ...]:
    """Where medicare-2026 is confirmed through the end of 2026, or for longer."""
    sets = [
        replace(each, confirmed_through=through)
        if through and each.name == "medicare-2026"
        else each
        for each in shipped().sets()
    ]
    return check_taken(read(text), sets, replaces)


@pytest.mark.parametrize(
    ("begins", "ends", "through", "takes"),
    [
        ("2026-12-30", "", None, True),
        ("2026-12-31", "", None, True),
        ("2027-01-01", "", None, False),
        ("2027-01-01", "", dt.date(2027, 1, 1), True),
        ("2027-01-02", "", dt.date(2027, 1, 1), False),
        ("2026-01-01", "2026-06-30", None, True),
    ],
)
def test_confirmed_days_are_taken_only_from_a_set_that_is_named(
    begins: str,
    ends: str,
    through: dt.date | None,
    takes: bool,  # noqa: FBT001
) -> None:
    text = rules_text("medicare-next", begins)
    if ends:
        text = text.replace("confirmed_through", f"effective_to = {ends}\nconfirmed_through", 1)
    if not takes:
        assert taken(text, through=through) == ()
        with pytest.raises(InvalidError, match="is no set of which it takes a confirmed day") as no:
            taken(text, "medicare-2026", through=through)
        assert no.value.field == "replaces"
        return
    with pytest.raises(InvalidError, match="or say that it replaces medicare-2026, and why") as no:
        taken(text, through=through)
    assert no.value.field == "replaces"
    assert taken(text, "medicare-2026", through=through) == ("medicare-2026",)


def test_of_another_authority_nothing_is_taken() -> None:
    assert taken(rules_text("plan-2026", "2026-01-01")) == ()
