"""What many people choose is refused; what nobody else has thought of is not."""

import pytest

from care.common_passwords import WORDS, is_common
from care.errors import InvalidError
from care.passwords import hash_password

WANTED = 3_000
"""ASVS 5.0, 6.2.4."""


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password2026!", "P@ssw0rd1234", "iloveyou iloveyou", "1234welcome!",
        "summer-winter", "my password 1", "contraseña123", "administrator", "tequiero2024",
        "xxxxxxxxxxxx", "abcabcabcabc", "19481122 1975", "!!!!!!!!!!!!", "qwertyuiopas",
        "1qaz2wsx3edc", "qweasdzxc123", "112233445566", "zxcvbnmasdfgh", "qwertyuiop10",
    ],
)  # fmt: skip
def test_what_is_guessed_early_is_common(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery", "three words in a row", "  four words with space  ",
        "lamp river button", "Kf7 pt2q 9mzu", "my aunt's green tractor", "password for the lamp",
    ],
)  # fmt: skip
def test_what_is_ones_own_is_not(password: str) -> None:
    assert not is_common(password)


def test_far_more_are_refused_than_are_asked_for() -> None:
    years = {f"{word}{year}" for word in WORDS for year in range(1950, 2030)}
    long = [each for each in years if len(each) >= 12]
    assert len(long) > WANTED
    assert all(map(is_common, long))


async def test_none_is_ever_set() -> None:
    with pytest.raises(InvalidError, match="many people use"):
        await hash_password("Password2026!")
