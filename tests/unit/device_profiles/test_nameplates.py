"""Every model that a profile is named after has its maker; who that is, is written once."""

from device_profiles.catalog import CATALOG, GENERIC
from vitals.nameplates import NAMEPLATES, UNKNOWN, nameplate_of


def test_every_profile_but_the_generic_one_says_who_makes_it_and_none_is_of_nobody() -> None:
    assert set(NAMEPLATES) == set(CATALOG) - {GENERIC.name}
    assert all(each.maker for each in NAMEPLATES.values())


def test_of_the_generic_profile_and_of_unknown_ones_nothing_is_made_up() -> None:
    assert nameplate_of(GENERIC.name) == nameplate_of("typed") == nameplate_of("") == UNKNOWN
    assert UNKNOWN.maker == UNKNOWN.model == UNKNOWN.basis == ""
