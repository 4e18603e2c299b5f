import pytest

from care.second_factor_secret import Seal, SealedElsewhereError

OLD, NEW = "o" * 32, "n" * 32


def test_without_a_key_it_stands_as_it_is_and_says_so() -> None:
    seal = Seal(keys=None)
    assert seal.close("SECRET") == "plain:SECRET"
    assert seal.open("plain:SECRET") == "SECRET"


def test_with_a_key_nothing_of_it_is_seen() -> None:
    kept = Seal(keys=OLD).close("SECRET")
    assert "SECRET" not in kept
    assert Seal(keys=OLD).open(kept) == "SECRET"


def test_keys_may_be_changed_one_after_the_other() -> None:
    kept = Seal(keys=OLD).close("SECRET")
    assert Seal(keys=f"{NEW}, {OLD}").open(kept) == "SECRET"
    assert Seal(keys=NEW).open(Seal(keys=f"{NEW},{OLD}").close("SECRET")) == "SECRET"


def test_a_key_that_is_set_later_does_not_shut_anybody_out() -> None:
    assert Seal(keys=NEW).open("plain:SECRET") == "SECRET"


@pytest.mark.parametrize("keys", [None, NEW])
def test_without_its_key_a_sealed_one_is_not_opened(keys: str | None) -> None:
    kept = Seal(keys=OLD).close("SECRET")
    with pytest.raises(SealedElsewhereError):
        Seal(keys=keys).open(kept)
