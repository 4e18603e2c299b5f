from store.views import COMMON, UNIT_SUFFIX, create_view, view_columns
from vitals.kinds import PANELS, Kind
from vitals.units import Unit


def test_every_unit_has_a_name_for_columns() -> None:
    assert set(UNIT_SUFFIX) == set(Unit)


def test_units_stand_in_the_names_of_the_columns() -> None:
    assert view_columns(Kind.BLOOD_PRESSURE)[len(COMMON) :] == (
        "systolic_mmhg",
        "diastolic_mmhg",
        "mean_mmhg",
        "pulse_per_min",
    )


def test_a_view_shows_one_kind_with_the_rights_of_its_reader() -> None:
    statement = create_view(PANELS[Kind.GLUCOSE])
    assert "security_invoker = true" in statement
    assert "WHERE kind = 'glucose'" in statement
