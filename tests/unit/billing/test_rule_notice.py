"""When somebody is told that rules end, and for how long they may be confirmed."""

import datetime as dt

import pytest

from billing.parties.rule_sets import check_confirmed
from billing.rule_books import Stated, book_of, in_words
from billing.rule_files import shipped
from billing.rule_notice import horizon, notices
from care.errors import InvalidError
from tests.unit.billing.rule_texts import rules_text

TODAY = dt.date(2026, 11, 22)
THROUGH = dt.date(2026, 12, 31)


def stated(kind: str, name: str, through: str, *, number: int = 1, **changes: object) -> Stated:
    return Stated(
        id=number, kind=kind, name=name, file="x.toml", sha256="",  # type: ignore[arg-type]
        version=changes.get("version", 1), body=changes.get("body"),  # type: ignore[arg-type]
        confirmed_through=dt.date.fromisoformat(through), reason="read", recorded_by="",
        recorded_at=dt.datetime(2026, 11, 22, tzinfo=dt.UTC),
    )  # fmt: skip


def imported(
    text: str, name: str = "medicare-2027", *, number: int = 1, version: int = 1
) -> Stated:
    return stated("imported", name, "2027-12-31", number=number, body=text, version=version)


@pytest.mark.parametrize(
    ("today", "told", "over"),
    [
        ("2026-10-31", False, False),
        ("2026-11-01", True, False),
        ("2026-12-30", True, False),
        ("2026-12-31", True, False),
        ("2027-01-01", True, True),
    ],
)
def test_from_sixty_days_before_the_rules_end_somebody_is_told(
    today: str, *, told: bool, over: bool
) -> None:
    found = notices(shipped(), dt.date.fromisoformat(today))
    assert [(each.name, each.rule_set, each.confirmed_through, each.over) for each in found] == (
        [("Medicare", "medicare-2026", THROUGH, over)] if told else []
    )


@pytest.mark.parametrize(
    ("followed", "told"),
    [(["medicare"], 1), (["medicare_ffs"], 1), (["plan"], 0), ([], 0), (None, 1)],
)
def test_only_rules_that_a_payer_follows_are_told_of(followed: list[str] | None, told: int) -> None:
    assert len(notices(shipped(), TODAY, followed)) == told


def test_a_set_that_follows_and_is_confirmed_ends_the_warning() -> None:
    book = book_of((imported(rules_text()),))
    assert notices(book, TODAY) == []
    [later] = notices(book, dt.date(2027, 11, 1))
    assert (later.rule_set, later.over) == ("medicare-2027", False)


@pytest.mark.parametrize(
    ("through", "said"),
    [
        ("2026-12-30", "is confirmed through 2026-12-31 already"),
        ("2026-12-31", "is confirmed through 2026-12-31 already"),
        ("2027-01-01", None),
        ("2027-12-31", None),
        ("2028-01-01", "2027-12-31 at most"),
    ],
)
def test_a_set_is_confirmed_for_longer_only_and_to_the_end_of_next_year_at_most(
    through: str, said: str | None
) -> None:
    rules = shipped().sets()[-1]
    if said is None:
        check_confirmed(rules, dt.date.fromisoformat(through), today=TODAY)
        return
    with pytest.raises(InvalidError, match=said) as refused:
        check_confirmed(rules, dt.date.fromisoformat(through), today=TODAY)
    assert refused.value.field == "through"


def test_a_set_is_not_confirmed_past_its_own_end() -> None:
    rules = book_of((imported(rules_text(ends="2027-06-30", through="2027-03-31")),)).sets()[-1]
    check_confirmed(rules, dt.date(2027, 6, 30), today=TODAY)
    with pytest.raises(InvalidError, match="medicare-2027 ends on 2027-06-30"):
        check_confirmed(rules, dt.date(2027, 7, 1), today=TODAY)


@pytest.mark.parametrize(
    ("today", "last"),
    [("2026-12-31", "2027-12-31"), ("2027-01-01", "2028-12-31")],
)
def test_the_horizon_moves_with_the_year(today: str, last: str) -> None:
    assert horizon(dt.date.fromisoformat(today)) == dt.date.fromisoformat(last)


def test_what_is_confirmed_holds_for_that_version_and_the_longest_counts() -> None:
    said = (
        stated("confirmed", "medicare-2026", "2027-03-31"),
        stated("confirmed", "medicare-2026", "2027-02-28", number=2),
        stated("confirmed", "medicare-2026", "2027-09-30", number=3, version=2),
    )
    rules = book_of(said).sets()[-1]
    assert rules.confirmed_through == dt.date(2027, 3, 31)
    assert {each.confirmed_through for each in rules.rows()} == {dt.date(2027, 3, 31)}
    assert in_words(rules) == "medicare-2026, confirmed through 2027-03-31"
    assert in_words(shipped().sets()[-1]) == "medicare-2026"


def test_a_new_version_stands_in_place_of_the_one_before() -> None:
    said = (
        imported(rules_text()),
        stated("confirmed", "medicare-2027", "2028-03-31", number=2),
        imported(rules_text(version=2, minutes=25), number=3, version=2),
    )
    rules = book_of(said).sets()[-1]
    assert (rules.version, rules.mgmt_base[0].min_seconds) == (2, 1500)
    assert rules.confirmed_through == dt.date(2027, 12, 31)
    assert in_words(rules) == "medicare-2027 version 2"


@pytest.mark.parametrize(
    ("name", "begins", "ends", "holding"),
    [
        # What ships later of the same days gives way, what follows it does not.
        ("medicare-2025", "2025-01-01", None, {"2025-12-31": "medicare-2025",
                                               "2026-01-01": "medicare-2026"}),
        ("medicare-2025b", "2025-01-01", "2025-12-31", {"2025-06-01": "medicare-2025b",
                                                        "2026-01-01": "medicare-2026"}),
        ("medicare-2025b", "2025-06-01", "2025-12-31", {"2025-05-31": "medicare-2025",
                                                        "2025-06-01": "medicare-2025b"}),
        ("medicare-2025b", "2025-01-01", "2026-03-31", {"2026-03-31": "medicare-2025b",
                                                        "2026-04-01": "medicare-2026"}),
    ],
)  # fmt: skip
def test_a_later_release_changes_nothing_under_what_a_practice_has_imported(
    name: str, begins: str, ends: str | None, holding: dict[str, str]
) -> None:
    book = book_of((imported(rules_text(name, begins, ends), name),))
    for day, known in holding.items():
        rules = book.of("medicare_ffs", dt.date.fromisoformat(day))
        assert rules is not None
        assert (rules.name, book.file_of(name)) == (known, "x.toml")
