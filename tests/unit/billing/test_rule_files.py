"""The rule sets that are shipped, and what is said of files that contradict themselves."""

import datetime as dt

import pytest

from billing.eligibility.rule_set import Family, RuleSet
from billing.eligibility.words import ATTESTED
from billing.errors import RuleSetError
from billing.rule_files import book, confirmed, read, shipped

YEARS = (2024, 2025, 2026)


def of(year: int) -> RuleSet:
    found = shipped().of("medicare_ffs", dt.date(year, 7, 1))
    assert found is not None
    return found


def families() -> list[Family]:
    return [each for year in YEARS for care in of(year).care for each in care.families]


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_its_own_set(year: int) -> None:
    assert of(year).name == f"medicare-{year}"
    assert of(year).confirmed_through == dt.date(year, 12, 31)
    assert shipped().of("medicare_ffs", dt.date(year, 1, 1)) is of(year)
    assert shipped().of("medicare_ffs", dt.date(year, 12, 31)) is of(year)


def test_before_the_first_set_nothing_holds_and_after_the_last_nothing_is_confirmed() -> None:
    assert shipped().of("medicare_ffs", dt.date(2023, 12, 31)) is None
    later = shipped().of("medicare_ffs", dt.date(2027, 1, 1))
    assert later is of(2026)
    assert later.confirmed_through < dt.date(2027, 1, 1)


@pytest.mark.parametrize("year", YEARS)
def test_every_row_says_where_it_comes_from_how_sure_it_is_and_until_when(year: int) -> None:
    for row in of(year).rows():
        assert row.certainty in {"V+", "V1", "K", "P", "C"}, row.code
        assert row.source, row.code
        assert row.source_read_on == dt.date(2026, 11, 22), row.code
        assert row.confirmed_through == of(year).confirmed_through, row.code
        assert row.version == 1, row.code
    for rule in of(year).exclusions:
        assert rule.certainty
        assert rule.source


def test_every_attestation_that_a_row_needs_has_words() -> None:
    needed = {name for each in families() for name in each.needs}
    days = {name for each in families() for rule in each.within for name in (rule.since, rule.then)}
    asked = {
        name
        for year in YEARS
        for each in of(year).care
        for name in (each.asked_by, each.dos)
        if name
    }
    assert needed | days | asked == set(ATTESTED)


def test_the_short_codes_of_2026_do_not_exist_before_it() -> None:
    new = {"99445", "99470", "98979", "98984", "98985", "98986"}
    assert {each.code for each in of(2026).rows()} >= new
    assert not new & {each.code for each in of(2025).rows()}
    advanced = {"G0556", "G0557", "G0558"}
    assert {each.code for each in of(2025).rows()} >= advanced
    assert not advanced & {each.code for each in of(2024).rows()}


def test_codes_are_numbers_and_nobody_elses_words() -> None:
    for year in YEARS:
        for row in of(year).rows():
            assert len(row.code) == 5
            assert row.code[1:].isdigit()


def one(name: str, begins: str, ends: str | None) -> str:
    until = "" if ends is None else f"effective_to = {ends}"
    return f"""
["{name}"]
effective_from = {begins}
{until}
confirmed_through = 2026-12-31
supply = []
setup = {{ code = "99453", min_days = 2 }}
mgmt_base = [{{ code = "99457", min_seconds = 1200 }}]
mgmt_addon = {{ code = "99458", each_seconds = 1200 }}
"""


BOTH = (
    "acme-1 (a.toml) and acme-2 (b.toml) of acme both hold on 2025-01-01: "
    "end the earlier one the day before"
)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (
            "2024-12-30",
            (
                "between acme-1 (a.toml) and acme-2 (b.toml) of acme no rule holds: 2024-12-30 is "
                "followed by 2025-01-01"
            ),
        ),
        ("2024-12-31", None),
        (
            "2025-01-01",
            BOTH,
        ),
        (
            None,
            BOTH,
        ),
        ("2023-12-31", "acme-1 (a.toml) ends on 2023-12-31, before it begins on 2024-01-01"),
    ],
)
def test_a_gap_or_an_overlap_is_told_with_file_sets_and_dates(
    ends: str | None, said: str | None
) -> None:
    texts = {
        "a.toml": one("acme-1", "2024-01-01", ends),
        "b.toml": one("acme-2", "2025-01-01", None),
    }
    if said is None:
        assert [each.name for each in book(texts).sets()] == ["acme-1", "acme-2"]
        return
    with pytest.raises(RuleSetError) as refused:
        book(texts)
    assert str(refused.value) == said


def test_two_files_with_the_same_set_are_refused() -> None:
    text = one("acme-1", "2024-01-01", None)
    with pytest.raises(RuleSetError, match=r"b\.toml and a\.toml both have a set 'acme-1'"):
        book({"a.toml": text, "b.toml": text})


def test_a_file_that_is_no_toml_or_has_another_kind_of_value_is_named() -> None:
    with pytest.raises(RuleSetError, match=r"^x\.toml: "):
        read("[", where="x.toml")
    wrong = one("acme-1", "2024-01-01", None).replace("1200", '"twenty"')
    with pytest.raises(RuleSetError, match=r"^x\.toml: Expected `int`, got `str`"):
        read(wrong, where="x.toml")


def test_a_row_may_end_before_its_set_does() -> None:
    text = one("acme-1", "2024-01-01", None).replace(
        'code = "99458"', 'code = "99458", confirmed_through = 2025-06-30'
    )
    [rules] = read(text, where="x.toml").values()
    assert rules.mgmt_addon.confirmed_through == dt.date(2025, 6, 30)
    assert rules.setup.confirmed_through == dt.date(2026, 12, 31)


def test_an_administrator_confirms_a_set_and_the_rows_that_ended_with_it() -> None:
    later = confirmed(of(2026), dt.date(2027, 3, 31))
    assert {each.confirmed_through for each in later.rows()} == {dt.date(2027, 3, 31)}
    found = shipped().having(later).of("medicare_ffs", dt.date(2027, 2, 1))
    assert found is not None
    assert found.confirmed_through == dt.date(2027, 3, 31)
    assert of(2026).confirmed_through == dt.date(2026, 12, 31)
