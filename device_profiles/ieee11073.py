"""IEEE 11073-20601 numbers: SFLOAT (16 bits) and FLOAT (32 bits), decimal floating point.

The value is mantissa x 10^exponent, both two's complement, little endian in GATT. Five words of
each are not numbers and are kept by name. All arithmetic is done so that the result is the double
nearest to the decimal that the device meant: 366 x 10^-1 is 36.6, not 36.6 and a bit.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from device_profiles.errors import EncodeError
from vitals.flags import Special

SFLOAT_SPECIAL: Final[dict[int, Special]] = {
    0x07FE: Special.PLUS_INF,
    0x07FF: Special.NAN,
    0x0800: Special.NRES,
    0x0801: Special.RESERVED,
    0x0802: Special.MINUS_INF,
}
FLOAT_SPECIAL: Final[dict[int, Special]] = {
    0x007FFFFE: Special.PLUS_INF,
    0x007FFFFF: Special.NAN,
    0x00800000: Special.NRES,
    0x00800001: Special.RESERVED,
    0x00800002: Special.MINUS_INF,
}
_SFLOAT_WORD: Final = {special: word for word, special in SFLOAT_SPECIAL.items()}
_FLOAT_WORD: Final = {special: word for word, special in FLOAT_SPECIAL.items()}

_PLAIN_BELOW: Final = 0x07FE
"""Words below this have exponent 0 and a positive mantissa: nearly all that real cuffs send."""
_POWERS: Final = tuple(10.0**n for n in range(23))
"""Powers of ten that a double holds exactly, so that one rounding is the only one."""


def sfloat(word: int, *, shift: int = 0) -> float | Special:
    """The number in a 16-bit word, times 10^shift; or the name of a word that is none."""
    if word < _PLAIN_BELOW and not shift:
        return float(word)
    special = SFLOAT_SPECIAL.get(word)
    if special is not None:
        return special
    mantissa = word & 0x0FFF
    if mantissa & 0x0800:
        mantissa -= 0x1000
    exponent = word >> 12
    if exponent & 0x8:
        exponent -= 0x10
    return scaled(mantissa, exponent + shift)


def float32(word: int) -> float | Special:
    """The number in a 32-bit word, or the name of a word that is none."""
    special = FLOAT_SPECIAL.get(word)
    if special is not None:
        return special
    mantissa = word & 0x00FFFFFF
    if mantissa & 0x00800000:
        mantissa -= 0x01000000
    exponent = word >> 24
    if exponent & 0x80:
        exponent -= 0x100
    return scaled(mantissa, exponent)


def scaled(mantissa: int, exponent: int) -> float:
    """Mantissa x 10^exponent, correctly rounded."""
    if 0 <= exponent < len(_POWERS):
        return mantissa * _POWERS[exponent]
    if -len(_POWERS) < exponent < 0:
        return mantissa / _POWERS[-exponent]
    return float(f"{mantissa}e{exponent}")


def sfloat_word(value: float | Special, *, shift: int = 0) -> int:
    """The word for a number divided by 10^shift, to the nearest of 11 bits, or for a special."""
    if isinstance(value, Special):
        return _SFLOAT_WORD[_inner(value)]
    mantissa, exponent = _decimal(value, shift=shift, largest=2045, exponents=range(-8, 8))
    return (exponent & 0xF) << 12 | mantissa & 0x0FFF


def float32_word(value: float | Special) -> int:
    """The word for a number, to the nearest of 23 bits, or for a special."""
    if isinstance(value, Special):
        return _FLOAT_WORD[_inner(value)]
    mantissa, exponent = _decimal(value, shift=0, largest=0x7FFFFD, exponents=range(-128, 128))
    return (exponent & 0xFF) << 24 | mantissa & 0x00FFFFFF


def _inner(special: Special) -> Special:
    """A meter's HI and LO travel as infinities."""
    return {Special.HI: Special.PLUS_INF, Special.LO: Special.MINUS_INF}.get(special, special)


def _decimal(value: float, *, shift: int, largest: int, exponents: range) -> tuple[int, int]:
    """Mantissa and exponent, as few digits as say it, as many as fit."""
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        raise EncodeError(f"{value} is not a number: send it as a special value")
    if not exact:
        return 0, 0
    number = exact.scaleb(-shift)
    for digits in range(len(str(largest)), 0, -1):
        rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(number).normalize()
        mantissa, exponent = _fit(rounded, exponents)
        if abs(mantissa) <= largest and exponent in exponents:
            return mantissa, exponent
    raise EncodeError(f"{value} does not fit in 10^{exponents[-1]} x {largest}")


def _fit(number: Decimal, exponents: range) -> tuple[int, int]:
    """An integer mantissa; whole numbers with exponent 0 where that is possible."""
    exponent = int(number.as_tuple().exponent)
    if exponent > 0:
        exponent = 0 if abs(number) < 2000 else min(exponent, exponents[-1])  # noqa: PLR2004
    exponent = max(exponent, exponents[0])
    return int(number.scaleb(-exponent).to_integral_value(ROUND_HALF_EVEN)), exponent
