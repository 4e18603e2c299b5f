"""What keeps a line out of a claim is told with the patient, the line, the field, what to do."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from billing.exports.claims import Which
from billing.exports.manifest import FileKind
from billing.months.records import (
    Address,
    ClaimForm,
    EpisodeOf,
    LineOf,
    PatientMonth,
    Provider,
    Status,
)
from tests.unit.billing.exports.conftest import Writing
from tests.unit.billing.exports.making import (
    COVER,
    DOCTOR,
    EPISODE,
    HEAD,
    MADE,
    PRACTICE,
    line,
    of_lines,
    patient,
    without,
)
from tests.unit.billing.exports.readers import csv_rows, is_valid

WRONG = Provider(family_name="Okafor", given_name="Grace", npi="1245319598")


def told(written: Writing, tmp_path: Path, made: PatientMonth, **how: Any) -> list[dict[str, str]]:
    """Of this patient, whose claim is left out; somebody else's is written."""
    manifest = written(FileKind.X12, [made, patient("P-9")], **how)
    claims = manifest.claims
    assert claims is not None
    assert {each.mrn for each in claims.left_out} == {made.who.mrn}
    assert claims.totals.lines == 2
    assert all(each.reason for each in claims.left_out)
    return [
        row for row in csv_rows(tmp_path / "837p" / "problems.csv") if row["weight"] == "left out"
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "12345"}, "code"),
        ({"units": 0}, "units"),
        ({"units": 10_000}, "units"),
        ({"charge": None}, "charge"),
        ({"charge": Decimal("0.00")}, "charge"),
        ({"charge": Decimal("-52.11")}, "charge"),
        ({"charge": Decimal("52.111")}, "charge"),
        ({"diagnoses": ()}, "diagnosis"),
        ({"diagnoses": ("hypertension",)}, "diagnosis"),
        ({"diagnoses": tuple(f"E11.{n}" for n in range(13))}, "diagnosis"),
        ({"modifiers": ("GPX",)}, "modifiers"),
        ({"modifiers": ("GP", "KX", "59", "25", "76")}, "modifiers"),
        ({"place_of_service": "30"}, "place of service"),
        ({"rendering": None}, "rendering NPI"),
        ({"rendering": WRONG}, "rendering NPI"),
        ({"rendering": structs.replace(DOCTOR, npi=None)}, "rendering NPI"),
        ({"ordering": WRONG}, "ordering NPI"),
        ({"supervising": WRONG}, "supervising NPI"),
        ({"rendering": structs.replace(DOCTOR, family_name="张")}, "rendering last name"),
        ({"dos_from": dt.date(2026, 10, 31)}, "date of service"),
        ({"frequency": "7", "original_claim": "C-1"}, "correction"),
    ],
    ids=str,
)
def test_of_a_line(changes: dict[str, Any], field: str, written: Writing, tmp_path: Path) -> None:
    rows = told(written, tmp_path, of_lines("P-1", (line(**changes),)))
    assert field in {row["field"] for row in rows}
    for row in rows:
        assert row["mrn"] == "P-1"
        assert row["line_id"] == str(line(**changes).line_id)
        assert row["problem"]
        assert row["what_to_do"].endswith(".")


@pytest.mark.parametrize(
    ("of", "field", "named"),
    [
        ("who", "birth_date", "date of birth"),
        ("who", "address", "patient's address"),
        ("cover", "member_id", "member id"),
        ("cover", "payer_id", "payer id"),
    ],
)
def test_of_who_it_is_and_who_pays(
    of: str, field: str, named: str, written: Writing, tmp_path: Path
) -> None:
    rows = told(written, tmp_path, without(patient(), field, of))
    assert {row["field"] for row in rows} == {named}


def test_a_patient_without_a_payer(written: Writing, tmp_path: Path) -> None:
    rows = told(written, tmp_path, patient(cover=None))
    assert {row["field"] for row in rows} == {"payer"}


@pytest.mark.parametrize("form", [ClaimForm.INSTITUTIONAL, ClaimForm.PAPER])
def test_payers_with_other_forms_are_listed_with_why(
    form: ClaimForm, written: Writing, tmp_path: Path
) -> None:
    cover = structs.replace(COVER, claim_form=form, payer_name="Rural Health")
    (row, _) = told(written, tmp_path, patient(cover=cover))
    assert row["problem"] == f"Rural Health takes {form}, not 837P"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"city": ""}, "patient's city"),
        ({"state": "Illinois"}, "patient's state"),
        ({"zip_code": "6270"}, "patient's ZIP code"),
        ({"line_1": "12 Elm ~ Street"}, "patient's street"),
    ],
)
def test_of_where_they_live(
    change: dict[str, str], field: str, written: Writing, tmp_path: Path
) -> None:
    home = structs.replace(
        Address(line_1="1 A St", city="B", state="IL", zip_code="62704"), **change
    )
    made = patient()
    rows = told(
        written, tmp_path, structs.replace(made, who=structs.replace(made.who, address=home))
    )
    assert {row["field"] for row in rows} == {field}


NOVEMBER_3 = dt.date(2026, 11, 3)


@pytest.mark.parametrize(
    ("dos", "goes"),
    [
        (NOVEMBER_3 - dt.timedelta(days=1), True),
        (NOVEMBER_3, True),
        (NOVEMBER_3 + dt.timedelta(days=1), False),
    ],
)
def test_a_date_of_service_that_has_not_come(
    dos: dt.date,
    goes: bool,  # noqa: FBT001 - Whether it goes is what is asked.
    written: Writing,
) -> None:
    manifest = written(FileKind.X12, [of_lines("P-1", (line(dos_from=dos, dos_to=dos),))])
    assert manifest.claims is not None
    assert (manifest.claims.claims == 1) is goes


def test_it_is_today_where_the_practice_is(written: Writing) -> None:
    """At 02:00 UTC it is still the evening before in Chicago."""
    tomorrow = line(dos_from=NOVEMBER_3, dos_to=NOVEMBER_3)
    early = structs.replace(MADE, now=dt.datetime(2026, 11, 3, 2, 0, tzinfo=dt.UTC))
    claims = written(FileKind.X12, [of_lines("P-1", (tomorrow,))], asked=early).claims
    assert claims is not None
    assert claims.claims == 0
    assert "2026-11-03 lies in the future" in claims.left_out[0].reason


def ended(on: int, reason: str | None = None) -> EpisodeOf:
    return structs.replace(EPISODE, ended_on=dt.date(2026, 10, on), end_reason=reason)


@pytest.mark.parametrize(("day", "goes"), [(29, False), (30, True), (31, True)])
@pytest.mark.parametrize("reason", ["death", "moved", None])
def test_a_date_after_death_or_the_end_of_the_service(
    day: int,
    goes: bool,  # noqa: FBT001 - Whether it goes is what is asked.
    reason: str | None,
    written: Writing,
) -> None:
    made = patient(episodes=(ended(day, reason),), lines=(line(),))
    claims = written(FileKind.X12, [made]).claims
    assert claims is not None
    assert (claims.claims == 1) is goes


def test_after_a_death_no_other_service_goes_on(written: Writing) -> None:
    other = structs.replace(EPISODE, service="ccm")
    claims = written(
        FileKind.X12, [patient(episodes=(ended(20, "death"), other), lines=(line(service="ccm"),))]
    ).claims
    assert claims is not None
    assert "after the patient's death" in claims.left_out[0].reason


OPEN = {Status.APPROVED}
UNANSWERED = OPEN | {Status.EXPORTED}
EVER = UNANSWERED | {Status.ACCEPTED, Status.PAID, Status.DENIED}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize(
    ("which", "wanted"), [(Which.NEW, OPEN), (Which.AGAIN, UNANSWERED), (Which.ALL, EVER)]
)
def test_which_lines_are_claimed_of_a_locked_month(
    status: Status, which: Which, wanted: set[Status], written: Writing
) -> None:
    those = [of_lines("P-1", (line(status=status),))]
    claims = written(FileKind.X12, those, asked=structs.replace(MADE, which=which)).claims
    assert claims is not None
    assert bool(claims.claims) is (status in wanted)
    assert claims.test is (which is Which.ALL and status in EVER - OPEN)


@pytest.mark.parametrize("status", list(Status))
def test_a_draft_shows_what_nobody_has_approved_too(status: Status, written: Writing) -> None:
    those = [of_lines("P-1", (line(status=status),))]
    claims = written(FileKind.X12, those, asked=structs.replace(MADE, draft=True)).claims
    assert claims is not None
    assert bool(claims.claims) is (status in EVER | {Status.DRAFT, Status.READY})


def test_a_copy_of_what_was_sent_is_a_test_file(written: Writing, tmp_path: Path) -> None:
    sent = of_lines("P-1", (line(status=Status.PAID, exported_before=True),))
    claims = written(FileKind.X12, [sent, patient("P-2")]).claims
    assert claims is not None
    assert claims.test
    assert claims.exported_before == 1
    file = tmp_path / "837p" / "claims-2026-10.837"
    head = file.read_text().splitlines()[0]
    assert head.split("*")[15] == "T"
    assert len(head) == 106
    assert is_valid(file)
    newly = structs.replace(MADE, which=Which.NEW)
    new = written(FileKind.X12, [sent, patient("P-2")], asked=newly)
    assert new.claims is not None
    assert not new.claims.test
    assert [each.mrn for each in new.claims.left_out] == ["P-1"]


def test_what_went_out_and_was_changed_is_no_original_again(
    written: Writing, tmp_path: Path
) -> None:
    changed = line(exported_before=True, status=Status.APPROVED)
    told(written, tmp_path, of_lines("P-1", (changed,)))
    replacing = structs.replace(COVER, corrects_by="replacement")
    rows = told(written, tmp_path, patient(cover=replacing, lines=(changed,)))
    assert {row["field"] for row in rows} == {"original claim"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("npi", None),
        ("npi", "1234567890"),
        ("tax_id", "12345678"),
        ("taxonomy", None),
        ("phone", None),
        ("address", None),
        ("submitter_id", None),
        ("submitter_id", "A" * 16),
        ("receiver_id", "A*B"),
        ("name", "Клиника"),
        ("contact_name", ""),
    ],
)
def test_a_practice_that_lacks_something_sends_nothing_and_is_told(
    field: str, value: str | None, written: Writing, tmp_path: Path
) -> None:
    head = structs.replace(HEAD, practice=structs.replace(PRACTICE, **{field: value}))
    claims = written(FileKind.X12, [patient()], head=head).claims
    assert claims is not None
    assert claims.claims == 0
    assert claims.left_out_totals.lines == 2
    assert all(each.reason.startswith("practice ") for each in claims.left_out)
    (row,) = csv_rows(tmp_path / "837p" / "problems.csv")
    assert row["mrn"] == "(practice)"
    assert not (tmp_path / "837p" / "claims-2026-10.837").exists()


def test_what_is_only_doubtful_is_sent_and_pointed_out(written: Writing, tmp_path: Path) -> None:
    cover = structs.replace(COVER, member_id="123456789A")
    box = Address(line_1="P.O. Box 7", city="Chicago", state="IL", zip_code="60611")
    head = structs.replace(HEAD, practice=structs.replace(PRACTICE, address=box))
    claims = written(FileKind.X12, [patient(cover=cover)], head=head).claims
    assert claims is not None
    assert claims.claims == 1
    rows = csv_rows(tmp_path / "837p" / "problems.csv")
    assert {row["weight"] for row in rows} == {"look at"}
    assert {row["what_to_do"] for row in rows if row["field"] == "member id"} == {
        "Compare it with the card: Billing, the patient, Coverage and enrolment."
    }
    assert {row["field"] for row in rows} == {"practice ZIP code", "practice street", "member id"}


def test_what_is_left_out_stands_before_what_is_only_doubtful(
    written: Writing, tmp_path: Path
) -> None:
    doubtful = patient(cover=structs.replace(COVER, member_id="123456789A"))
    without = patient(cover=structs.replace(COVER, member_id=None))
    written(FileKind.X12, [doubtful, without, doubtful])
    weights = [row["weight"] for row in csv_rows(tmp_path / "837p" / "problems.csv")]
    assert weights == sorted(weights, key=["left out", "look at"].index)
    assert set(weights) == {"left out", "look at"}


def test_an_unknown_sex_is_sent_as_such_and_pointed_out(written: Writing, tmp_path: Path) -> None:
    made = patient()
    unknown = structs.replace(made, who=structs.replace(made.who, sex=""))
    claims = written(FileKind.X12, [unknown]).claims
    assert claims is not None
    assert claims.claims == 1
    assert "DMG*D8*19500203*U~" in (tmp_path / "837p" / "claims-2026-10.837").read_text()
    rows = csv_rows(tmp_path / "837p" / "problems.csv")
    assert {(row["weight"], row["field"]) for row in rows} == {("look at", "sex")}


def test_what_the_checks_overlook_is_left_out_too(
    written: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object) -> list[LineOf]:
        return []

    monkeypatch.setattr("billing.exports.x12_file.problems_of", nothing)
    made = patient()
    odd = structs.replace(made, who=structs.replace(made.who, family_name="A~B"))
    claims = written(FileKind.X12, [odd, patient("P-9")]).claims
    assert claims is not None
    assert claims.claims == 1
    assert {each.mrn for each in claims.left_out} == {"P-1"}
