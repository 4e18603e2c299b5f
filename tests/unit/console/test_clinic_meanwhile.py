"""Two people change one record: what one did not touch is the other's."""

import pytest

from console.clinic.meanwhile import base_of, merged, shown_in

WAS = {
    "mrn": "N-1", "given_name": "Ann", "family_name": "Able", "birth_date": "1948-03-05",
    "sex": "female", "phone": "1", "language": "en", "time_zone": "UTC", "weight_unit": "lb",
    "glucose_unit": "mg/dL", "temperature_unit": "F", "allergies": "", "allergies_asked": "no",
}  # fmt: skip


def test_a_field_that_nobody_touched_takes_what_is_on_record() -> None:
    told = merged(WAS | {"sex": "other"}, WAS, WAS | {"phone": "2"})
    assert (told.values, told.faults) == (WAS | {"sex": "other", "phone": "2"}, {})
    assert shown_in(told.base) == WAS | {"phone": "2"}


def test_what_both_changed_alike_is_no_question() -> None:
    assert merged(WAS | {"phone": "2"}, WAS, WAS | {"phone": "2"}).faults == {}


@pytest.mark.parametrize(
    ("mine", "theirs", "field", "words"),
    [
        ({"phone": "2"}, {"phone": "3"}, "phone", "You have: 2. On record now: 3."),
        ({"phone": ""}, {"phone": "3"}, "phone", "You have: nothing. On record now: 3."),
        ({"sex": "other"}, {"sex": "male"}, "sex", "You have: Other. On record now: Male."),
        ({"allergies_asked": "none"}, {"allergies_asked": "yes", "allergies": "Latex"},
         "allergies",
         "You have: Asked: none known. On record now: Asked: these, Latex."),
    ],
)  # fmt: skip
def test_what_both_changed_is_asked_with_both_values(
    mine: dict[str, str], theirs: dict[str, str], field: str, words: str
) -> None:
    told = merged(WAS | mine, WAS, WAS | theirs)
    assert {name: said for name, said in told.faults.items() if name} == {field: words}
    assert told.values == WAS | mine


def test_a_form_whose_beginning_cannot_be_read_asks_about_all_that_differs() -> None:
    told = merged(WAS | {"phone": "2"}, shown_in("0123456789abcdef"), WAS)
    assert set(told.faults) == {"", "phone"}
    assert merged(WAS, shown_in(base_of(WAS)), WAS).faults == {}
