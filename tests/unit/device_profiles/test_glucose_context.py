"""Joining a glucose measurement with the context that follows it."""

import pytest

from device_profiles import glucose_context
from device_profiles.catalog import by_name
from device_profiles.decoding import decode, join
from device_profiles.errors import DecodeError
from vitals.flags import Meal, Special

CARESENS = by_name("caresens")
FASTING = bytes.fromhex("022a0003")
KETONE = bytes.fromhex("022a0006")


def glucose(concentration: str) -> bytes:
    """Record 42 with a context to follow."""
    return bytes.fromhex(f"122a00ea070b16070f00{concentration}11")


def test_the_meal_joins_its_measurement() -> None:
    joined = join(decode("2a18", glucose("62b0")), glucose_context.decode(FASTING))
    assert joined.values == {"glucose": 98.0}
    assert joined.context == {
        "sample": "capillary_whole_blood",
        "site": "finger",
        "meal": Meal.FASTING,
    }
    assert joined.details["context_meal"] == 3
    assert "context_follows" not in joined.details


def test_the_context_of_another_record_is_refused() -> None:
    with pytest.raises(DecodeError) as refusal:
        join(decode("2a18", glucose("62b0")), glucose_context.decode(bytes.fromhex("022b0003")))
    assert refusal.value.code == "sequence_mismatch"


def test_a_caresens_ketone_is_never_a_glucose_value() -> None:
    measurement = decode("2a18", glucose("0cb0"), profile=CARESENS)
    context = glucose_context.decode(KETONE, meals=CARESENS.meals)
    joined = join(measurement, context, profile=CARESENS)
    assert joined.values == {}
    assert joined.special == {}
    assert joined.context == {
        "sample": "capillary_whole_blood",
        "site": "finger",
        "analyte": "ketone",
        "ketone_mmol_per_l": 1.2,
    }


def test_meal_6_of_any_other_meter_stays_an_unnamed_code() -> None:
    joined = join(decode("2a18", glucose("62b0")), glucose_context.decode(KETONE))
    assert joined.values == {"glucose": 98.0}
    assert joined.details["context_meal"] == 6
    assert "meal" not in joined.context


@pytest.mark.parametrize(
    ("concentration", "values", "special"),
    [
        ("13b0", {}, {"glucose": Special.LO}),  # 19
        ("14b0", {"glucose": 20.0}, {}),
        ("58b2", {"glucose": 600.0}, {}),
        ("59b2", {}, {"glucose": Special.HI}),  # 601
    ],
)
def test_a_caresens_number_beyond_its_range_is_hi_or_lo(
    concentration: str, values: dict[str, float], special: dict[str, Special]
) -> None:
    context = glucose_context.decode(FASTING, meals=CARESENS.meals)
    joined = join(
        decode("2a18", glucose(concentration), profile=CARESENS), context, profile=CARESENS
    )
    assert joined.values == values
    assert joined.special == special


@pytest.mark.parametrize(("code", "meal"), [(1, "before_meal"), (2, "after_meal"), (5, "bedtime")])
def test_the_standard_meals_have_their_names(code: int, meal: str) -> None:
    assert glucose_context.decode(bytes((2, 1, 0, code))).context == {"meal": meal}


@pytest.mark.parametrize("code", [0, 6, 255])
def test_a_reserved_meal_is_kept_as_a_number(code: int) -> None:
    context = glucose_context.decode(bytes((2, 1, 0, code)))
    assert context.context == {}
    assert context.details == {"meal": code}


def test_an_amount_that_is_no_number_is_named_in_the_details() -> None:
    context = glucose_context.decode(bytes.fromhex("01010001ff07"))
    assert context.context == {"carbohydrate": "breakfast"}
    assert context.details == {"carbohydrate": 1, "carbohydrate_g": "nan"}
