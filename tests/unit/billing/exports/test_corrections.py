"""What a file takes back of what was sent before, and what goes again with it."""

from typing import Any

import pytest
from msgspec import structs

from billing.exports.claims import Which, claims_of
from billing.exports.corrections import Corrections, corrections_of
from billing.months.records import ClaimForm, LineOf, PatientMonth, Standing, Status, TakenBack
from tests.unit.billing.exports.making import COVER, line, patient

REPLACING = structs.replace(COVER, corrects_by="replacement", filing_code="CI")


def standing(lines: tuple[LineOf, ...], gone: tuple[TakenBack, ...], **numbers: str) -> Standing:
    """With the payer's numbers by code."""
    made = patient("P-1", lines=lines, cover=REPLACING)
    return Standing(
        **{name: getattr(made, name) for name in PatientMonth.__struct_fields__},
        claim_numbers={each.line_id: numbers[f"c{each.code}"] for each in lines
                       if f"c{each.code}" in numbers},
        taken_back=gone,
    )  # fmt: skip


def gone(code: str = "99457", number: str | None = "C-1", **changes: Any) -> TakenBack:
    was = line(code, status=Status.CORRECTED, exported_before=True, original_claim=number)
    return structs.replace(TakenBack(line=was, cover=REPLACING), **changes)


def paid(code: str = "99454") -> LineOf:
    return line(code, status=Status.PAID, exported_before=True)


def found(of: PatientMonth, which: Which = Which.NEW, *, draft: bool = False) -> Corrections:
    return corrections_of(of, which, draft=draft)


def test_where_nothing_stands_the_claim_is_void() -> None:
    (void,) = found(standing((paid(),), (gone(),), c99454="C-2")).voids
    assert (void.line.frequency, void.line.original_claim) == ("8", "C-1")


def test_where_something_stands_it_is_replaced_without_what_is_gone() -> None:
    told = found(standing((paid(), paid("99453")), (gone(),), c99454="C-1", c99453="C-2"))
    assert told.voids == ()
    assert {number: len(those) for number, those in told.dropped.items()} == {"C-1": 1}
    (again, other) = told.lines
    assert (again.status, again.frequency, again.original_claim) == (Status.APPROVED, "7", "C-1")
    assert (other.status, other.frequency) == (Status.PAID, "1")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"line": gone(number=None).line}, "original claim"),
        ({"cover": COVER}, "reopening"),
        ({"cover": None}, "payer"),
        ({"cover": structs.replace(REPLACING, claim_form=ClaimForm.PAPER)}, "claim form"),
    ],
)
def test_what_no_claim_can_take_back_is_named(changes: dict[str, Any], field: str) -> None:
    told = found(standing((), (gone(**changes),)))
    ((_, fault),) = told.refused
    assert fault.field == field
    assert told.voids == ()
    assert told.dropped == {}


def test_what_was_sent_to_another_payer_is_void_there_and_touches_nothing_here() -> None:
    other = structs.replace(REPLACING, payer="other", payer_name="Other")
    told = found(standing((paid(),), (gone(cover=other),), c99454="C-1"))
    assert [each.cover for each in told.voids] == [other]
    assert [each.status for each in told.lines] == [Status.PAID]


@pytest.mark.parametrize(
    ("which", "count"), [(Which.NEW, 0), (Which.AGAIN, 1), (Which.ALL, 1)], ids=str
)
def test_what_was_taken_back_goes_again_only_when_it_is_asked_for(which: Which, count: int) -> None:
    assert len(found(standing((), (gone(told=True),)), which).voids) == count


def test_a_draft_takes_nothing_back() -> None:
    told = found(standing((paid(),), (gone(),), c99454="C-1"), draft=True)
    assert (told.voids, told.dropped, told.refused) == ((), {}, ())
    assert told.lines == (paid(),)


def test_a_replacement_goes_whole_or_not_at_all() -> None:
    told = found(standing((paid(), paid("99453")), (gone(),), c99454="C-1", c99453="C-1"))
    assert told.broken(claims_of(told.lines)) == {}
    assert told.broken(claims_of(told.lines[:1])) == {
        "C-1": "another line of the payer's claim C-1 cannot be sent"
    }
    apart = (told.lines[0], structs.replace(told.lines[1], place_of_service="19"))
    assert "do not go into one claim" in told.broken(claims_of(apart))["C-1"]
