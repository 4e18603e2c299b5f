"""What a locked claim says and should say: found, merged, and what becomes of a line by it."""

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from billing.months.add_ons import bases_of, lone
from billing.months.detail_finding import CHANGES
from billing.months.detail_settling import fate_of
from billing.months.details import WORDS, Difference, asked_of, differing, key_of
from billing.months.merging import practice_with, with_details, with_facts
from billing.months.records import PatientMonth, Status
from billing.rule_files import shipped
from care.errors import TakenError
from tests.unit.billing.exports.making import (
    COVER,
    DOCTOR,
    HOME,
    OTHER_DOCTOR,
    PRACTICE,
    line,
    patient,
)

LOCKED = patient(lines=(line("99454"), line("99457")))
BOTH = [each.line_id for each in LOCKED.lines]


def found(now: PatientMonth, **practice: Any) -> dict[str, tuple[str, str]]:
    made = differing(LOCKED, now, (PRACTICE, replace(PRACTICE, **practice)), BOTH)
    return {each.name: (each.was, each.now) for each in made}


def test_every_detail_has_words_and_changes_that_may_have_made_it() -> None:
    assert set(WORDS) == set(CHANGES)


def test_the_same_is_no_difference_whatever_was_measured_or_is_paid() -> None:
    lines = tuple(replace(each, charge=None, days_counted=3) for each in LOCKED.lines)
    assert found(replace(LOCKED, lines=lines, days=())) == {}
    assert key_of(()) == ""


@pytest.mark.parametrize(
    ("change", "name", "now"),
    [
        ({"who": replace(LOCKED.who, family_name="Other")}, "patient_name", "Other, "),
        ({"who": replace(LOCKED.who, birth_date=dt.date(1950, 2, 4))}, "birth_date", "1950-02-04"),
        ({"who": replace(LOCKED.who, address=replace(HOME, city="Elgin"))}, "address", "12 Elm"),
        ({"cover": replace(COVER, member_id="9AA9AA9AA99")}, "member_id", "9AA9AA9AA99"),
        ({"cover": replace(COVER, prior_auth="PA-1")}, "prior_auth", "PA-1"),
    ],
)
def test_what_is_said_of_the_patient_stands_on_every_line(
    change: dict[str, Any], name: str, now: str
) -> None:
    (one,) = differing(LOCKED, replace(LOCKED, **change), (PRACTICE, PRACTICE), BOTH)
    assert one.name == name
    assert one.now.startswith(now)
    assert one.lines == tuple(sorted(BOTH))


@pytest.mark.parametrize(
    "change",
    [
        {"cover": None},
        {"cover": replace(COVER, member_id=None)},
        {"cover": replace(COVER, payer_id="")},
        {"who": replace(LOCKED.who, address=None, birth_date=None)},
        {"lines": tuple(replace(each, rendering=None, diagnoses=()) for each in LOCKED.lines)},
        {"lines": ()},
    ],
)
def test_what_is_not_known_any_more_corrects_nothing(change: dict[str, Any]) -> None:
    assert found(replace(LOCKED, **change)) == {}


def test_an_npi_that_was_cleared_corrects_nothing_another_person_without_one_does() -> None:
    first, second = LOCKED.lines
    cleared = replace(DOCTOR, npi=None)
    assert found(replace(LOCKED, lines=(replace(first, rendering=cleared), second))) == {}
    other = replace(OTHER_DOCTOR, npi=None)
    (one,) = found(replace(LOCKED, lines=(replace(first, rendering=other), second))).items()
    assert one[0] == "rendering"
    assert one[1][1].endswith("no NPI")


def test_with_another_payer_goes_what_belongs_to_them_though_nobody_has_entered_it() -> None:
    other = replace(COVER, payer="blue", payer_name="Blue", member_id=None)
    assert found(replace(LOCKED, cover=other))["member_id"] == ("1EG4TE5MK73", "")


def test_lines_of_different_people_are_told_apart_and_dead_ones_are_not_told() -> None:
    first, second = LOCKED.lines
    now = replace(LOCKED, lines=(replace(first, rendering=OTHER_DOCTOR), second))
    (one,) = differing(LOCKED, now, (PRACTICE, PRACTICE), BOTH)
    assert (one.name, one.lines) == ("rendering", (first.line_id,))
    assert differing(LOCKED, now, (PRACTICE, PRACTICE), [second.line_id]) == ()
    assert differing(LOCKED, now, (PRACTICE, PRACTICE), []) == ()


def test_a_missing_charge_is_added_and_another_fee_is_not() -> None:
    bare = patient(lines=(line("99454", charge=None),))
    now = patient(lines=(line("99454"),))
    those = [each.line_id for each in bare.lines]
    (one,) = differing(bare, now, (PRACTICE, PRACTICE), those)
    assert (one.name, one.now) == ("charge", "$52.11")
    assert with_details(bare, now, (one,)).lines[0].charge == now.lines[0].charge


def test_facts_bring_no_details_and_details_no_facts() -> None:
    now = replace(
        LOCKED,
        cover=replace(COVER, member_id="9AA9AA9AA99"),
        days=(),
        lines=(
            *(replace(each, rendering=OTHER_DOCTOR, days_counted=20) for each in LOCKED.lines),
            line("99458", rendering=OTHER_DOCTOR),
        ),
    )
    facts = with_facts(LOCKED, now)
    assert (facts.cover, facts.days) == (COVER, ())
    assert [each.rendering for each in facts.lines] == [DOCTOR] * 3
    assert [each.days_counted for each in facts.lines] == [20, 20, 17]
    asked = differing(LOCKED, now, (PRACTICE, PRACTICE), BOTH)
    details = with_details(LOCKED, now, asked)
    assert (details.cover, details.days) == (now.cover, LOCKED.days)
    assert [each.rendering for each in details.lines] == [OTHER_DOCTOR] * 2
    assert [each.days_counted for each in details.lines] == [17, 17]
    # One after the other, in whichever order, is what is known now.
    assert with_facts(details, now).lines == now.lines
    assert differing(facts, now, (PRACTICE, PRACTICE), [each.line_id for each in facts.lines])


def test_a_number_that_is_not_known_any_more_takes_none_off_the_claim() -> None:
    was = LOCKED.lines[0]
    assert was.ordering is not None
    assert was.ordering.npi
    nameless = replace(was, ordering=replace(was.ordering, npi=None))
    now = replace(LOCKED, lines=(nameless, LOCKED.lines[1]))
    assert found(now) == {}
    asked = differing(LOCKED, now, (PRACTICE, PRACTICE), BOTH)
    assert with_details(LOCKED, now, asked) == LOCKED
    other = replace(was, ordering=replace(was.ordering, family_name="Other", npi=None))
    assert set(found(replace(LOCKED, lines=(other, LOCKED.lines[1])))) == {"ordering"}


def test_what_was_left_as_locked_is_not_asked_with_the_next_detail_that_changes() -> None:
    now = replace(
        LOCKED,
        who=replace(LOCKED.who, sex="male"),
        cover=replace(COVER, member_id="9AA9AA9AA99"),
    )
    both = differing(LOCKED, now, (PRACTICE, PRACTICE), BOTH)
    sex, member = both
    assert asked_of(both, {member.key}, other_payer=False) == (sex,)
    assert asked_of(both, {member.key, sex.key}, other_payer=False) == ()
    third = (member.name, member.was, "8BB8BB8BB88")
    assert asked_of(both, {third}, other_payer=False) == both
    taken = with_details(LOCKED, now, (sex,))
    assert (taken.who.sex, taken.cover) == ("male", COVER)


def test_another_payer_is_left_whole_or_asked_about_whole() -> None:
    """One payer's number under another payer's name would be nobody's."""
    other = replace(COVER, payer="blue", payer_name="Blue", payer_id="777", member_id="BL1")
    now = replace(LOCKED, who=replace(LOCKED.who, sex="male"), cover=other)
    found = differing(LOCKED, now, (PRACTICE, PRACTICE), BOTH)
    of_cover = {each.key for each in found if each.name != "sex"}
    assert [each.name for each in asked_of(found, of_cover, other_payer=True)] == ["sex"]
    left = of_cover - {next(each.key for each in found if each.name == "member_id")}
    assert asked_of(found, left, other_payer=True) == found
    only = [each for each in found if each.name == "sex"]
    assert with_details(LOCKED, now, only).cover == COVER
    assert with_details(LOCKED, now, found).cover == other


def test_the_practice_is_as_it_was_locked_but_for_what_was_asked() -> None:
    today = replace(PRACTICE, npi="1245319599", tax_id=None, name="Other")
    assert practice_with(PRACTICE, today, {"billing_npi", "sex"}) == replace(
        PRACTICE, npi="1245319599"
    )


def test_the_key_is_of_what_differs_and_not_of_where() -> None:
    one = Difference(name="sex", was="male", now="female", lines=(BOTH[0],))
    assert key_of((one,)) == key_of((replace(one, lines=tuple(BOTH)),))
    assert key_of((one,)) != key_of((replace(one, was="unknown"),))


def row(**changes: Any) -> dict[str, Any]:
    usual = {"status": "exported", "code": "99454", "exported": True, "claim_number": None,
             "original_claim": None, "replaces": None}  # fmt: skip
    return usual | changes


@pytest.mark.parametrize(
    ("of", "answer", "other", "exported", "original"),
    [
        ({"status": "approved", "exported": False}, None, False, False, None),
        ({"status": "approved", "exported": False, "original_claim": "A"}, None, False, False, "A"),
        ({}, "exported", False, True, None),
        ({"claim_number": "A"}, "accepted", False, True, "A"),
        ({"claim_number": "B", "original_claim": "A"}, "paid", False, True, "B"),
        ({"status": "denied", "claim_number": "A"}, "denied", False, True, "A"),
        ({"status": "denied"}, "denied", False, False, None),
        ({"status": "denied", "claim_number": "A"}, "denied", True, False, None),
        ({"status": "approved", "claim_number": "A"}, "denied", True, False, None),
    ],
)
def test_as_what_a_line_goes_again_follows_from_what_the_payer_has(
    of: dict[str, Any], answer: str | None, *, other: bool, exported: bool, original: str | None
) -> None:
    fate = fate_of(row(**of), answer=answer, other_payer=other)
    assert (fate.status, fate.exported, fate.original_claim) == (
        Status.APPROVED, exported, original,
    )  # fmt: skip


@pytest.mark.parametrize("status", ["exported", "accepted", "paid", "approved"])
def test_nothing_goes_to_another_payer_that_the_first_might_pay(status: str) -> None:
    with pytest.raises(TakenError, match="has not denied it"):
        fate_of(row(status=status), answer="accepted", other_payer=True)


@pytest.mark.parametrize("status", ["held", "ready", "draft"])
def test_what_is_not_billed_stays_where_it_stands(status: str) -> None:
    kept = fate_of(row(status=status, exported=False), answer=None, other_payer=True)
    assert (kept.status, kept.exported) == (status, False)


def test_an_add_on_without_its_base_goes_nowhere() -> None:
    bases = bases_of(shipped())
    base, more = line("99457"), line("99458")
    assert lone([base, more], [more], bases) == [more]
    assert lone([base, more], [base, more], bases) == []
    assert lone([replace(base, status=Status.PAID), more], [more], bases) == []
    assert lone([replace(base, status=Status.DENIED), more], [more], bases) == [more]
    other = replace(base, window_from=dt.date(2026, 9, 1), status=Status.PAID)
    assert lone([other, more], [more], bases) == [more]
    assert bases["99439"] == {"99490"}
