"""An owner at a known address is counted apart from strangers."""

from console.acquaintances import Acquaintances

HOME, AWAY = "192.0.2.1", "198.51.100.9"


def test_an_account_is_counted_apart_where_it_has_signed_in() -> None:
    known = Acquaintances()
    known.remember("ada", HOME)
    assert known.counted_as("ada", HOME) != known.counted_as("ada", AWAY)
    assert known.counted_as("ada", AWAY) == "ada"
    assert known.counted_as("ben", HOME) == "ben"


def test_no_name_can_be_chosen_that_counts_for_somebody_at_home() -> None:
    known = Acquaintances()
    known.remember("ada", HOME)
    assert known.counted_as(f"ada\0{HOME}", AWAY) != known.counted_as("ada", HOME)


def test_the_memory_is_bounded_and_keeps_the_latest() -> None:
    known = Acquaintances(most=2)
    for account in ("ada", "ben", "ada", "cay"):
        known.remember(account, HOME)
    assert known.counted_as("ben", HOME) == "ben"
    assert known.counted_as("ada", HOME) != "ada"
    assert known.counted_as("cay", HOME) != "cay"
