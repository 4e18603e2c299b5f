"""What is known of a patient: added, changed, cleared; and who may be the same person."""

import datetime as dt

import pytest
from msgspec import UNSET

from care.changes import list_changes
from care.errors import InvalidError, TakenError
from care.organisations import update_organisation
from care.patients import Patient, add_patient, find_alike, update_patient
from store.pool import Connection
from tests.integration.care.conftest import NOW, Clinic


async def changed(conn: Connection, clinic: Clinic, **fields: object) -> Patient:
    return await update_patient(
        conn,
        clinic.organisation.id,
        clinic.ann.id,
        actor=None,
        now=NOW,
        **fields,  # type: ignore[arg-type]
    )


async def test_nothing_is_known_until_somebody_says_it(clinic: Clinic) -> None:
    ann = clinic.ann
    assert (ann.sex, ann.phone, ann.allergies) == ("unknown", None, None)
    assert (ann.weight_unit, ann.glucose_unit, ann.temperature_unit) == ("lb", "mg/dL", "F")


async def test_new_patients_have_the_units_of_their_clinic(
    conn: Connection, clinic: Clinic
) -> None:
    whose = clinic.organisation.id
    await update_organisation(
        conn, whose, weight_unit="kg", glucose_unit="mmol/L", temperature_unit="C"
    )
    made = await add_patient(conn, whose, mrn="C-3", given_name="Cid", family_name="Cole")
    assert (made.weight_unit, made.glucose_unit, made.temperature_unit) == ("kg", "mmol/L", "C")
    made = await add_patient(
        conn, whose, mrn="C-4", given_name="Cid", family_name="Cole", weight_unit="lb"
    )
    assert made.weight_unit == "lb"


async def test_what_is_left_out_stays_and_nothing_is_something_else(
    conn: Connection, clinic: Clinic
) -> None:
    known = await changed(
        conn, clinic, phone="555 010 9999", allergies="None known",
        birth_date=dt.date(1950, 3, 5), sex="female",
    )  # fmt: skip
    again = await changed(conn, clinic, phone=UNSET, given_name="Anne")
    assert (again.phone, again.birth_date) == (known.phone, known.birth_date)
    cleared = await changed(conn, clinic, phone=None, allergies=None, birth_date=None)
    assert (cleared.phone, cleared.allergies, cleared.birth_date) == (None, None, None)
    (last, *_) = await list_changes(conn, clinic.organisation.id, clinic.ann.id)
    assert last.facts["before"]["phone"] == "555 010 9999"
    assert last.facts["after"]["phone"] is None


async def test_a_number_is_one_patients(conn: Connection, clinic: Clinic) -> None:
    with pytest.raises(TakenError, match="mrn"):
        await changed(conn, clinic, mrn="B-2")
    assert (await changed(conn, clinic, mrn="A-9")).mrn == "A-9"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sex", "F"),
        ("phone", "none"),
        ("weight_unit", "stone"),
        ("glucose_unit", "mg"),
        ("temperature_unit", "K"),
        ("birth_date", dt.date(1889, 12, 31)),
        ("birth_date", dt.date(2026, 11, 24)),
        ("allergies", "a\x07b"),
    ],
)
async def test_what_cannot_be_names_its_field(
    conn: Connection, clinic: Clinic, field: str, value: object
) -> None:
    with pytest.raises(InvalidError) as refused:
        await changed(conn, clinic, **{field: value})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("mrn", "given", "family", "born", "found"),
    [
        ("X", "ann", " ARCHER ", None, ["A-1"]),
        ("X", "Ann", "Archer", dt.date(1950, 3, 5), ["A-1"]),
        ("X", "Ann", "Archer", dt.date(1950, 3, 6), []),
        ("B-2", "Ann", "Archer", None, ["B-2", "A-1"]),
        ("X", "Anna", "Archer", None, []),
        ("X", "%", "%", None, []),
    ],
)
async def test_who_may_be_the_same_person(
    conn: Connection, clinic: Clinic, mrn: str, given: str, family: str, born: dt.date | None,
    found: list[str],
) -> None:  # fmt: skip
    await changed(conn, clinic, birth_date=dt.date(1950, 3, 5))
    alike = await find_alike(
        conn,
        clinic.organisation.id,
        mrn=mrn,
        given_name=given,
        family_name=family,
        birth_date=born,
    )
    assert [each.mrn for each in alike] == found
