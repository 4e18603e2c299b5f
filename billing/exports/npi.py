"""National provider identifiers: ten digits, the last of which checks the others. Pure."""

from typing import Final

LENGTH: Final = 10
PREFIX: Final = 24
"""What the digits 80840 of health in the United States add to Luhn's sum."""


def sound(npi: str) -> bool:
    """By Luhn's algorithm, with the prefix. It does not say that anybody has this number."""
    if len(npi) != LENGTH or not (npi.isascii() and npi.isdigit()) or npi[0] not in "12":
        return False
    total = PREFIX
    for place, letter in enumerate(reversed(npi)):
        digit = int(letter)
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - The sum of two digits.
    return total % 10 == 0
