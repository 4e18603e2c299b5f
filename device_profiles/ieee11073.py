"""IEEE 11073-20601 numbers: SFLOAT (16 bits) and FLOAT (32 bits), decimal floating point.

The value is mantissa x 10^exponent, both two's complement, little endian in GATT. Five words of
each are not numbers and are kept by name. All arithmetic is done so that the result is the double
nearest to the decimal that the device meant: 366 x 10^-1 is 36.6, not 36.6 and a bit.
"""

from dataclasses import dataclass
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
    return _nearest_word(value, shift=shift, form=_SFLOAT)


def float32_word(value: float | Special) -> int:
    """The word for a number, to the nearest of 23 bits, or for a special."""
    if isinstance(value, Special):
        return _FLOAT_WORD[_inner(value)]
    return _nearest_word(value, shift=0, form=_FLOAT)


def _inner(special: Special) -> Special:
    """A meter's HI and LO travel as infinities."""
    return {Special.HI: Special.PLUS_INF, Special.LO: Special.MINUS_INF}.get(special, special)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How many bits a format has, and which of its words are no numbers."""

    mantissa_bits: int
    exponent_bits: int
    special: dict[int, Special]

    def word(self, mantissa: int, exponent: int) -> int | None:
        """None where the two do not fit, or would make a special word."""
        half, reach = 1 << self.mantissa_bits - 1, 1 << self.exponent_bits - 1
        if not (-half <= mantissa < half and -reach <= exponent < reach):
            return None
        exponent &= 2 * reach - 1
        word = exponent << self.mantissa_bits | mantissa & 2 * half - 1
        return None if word in self.special else word


_SFLOAT: Final = _Form(mantissa_bits=12, exponent_bits=4, special=SFLOAT_SPECIAL)
_FLOAT: Final = _Form(mantissa_bits=24, exponent_bits=8, special=FLOAT_SPECIAL)


def _nearest_word(value: float, *, shift: int, form: _Form) -> int:
    """As many digits as fit, as few as say it."""
    exact = Decimal(repr(float(value)))
    if not exact.is_finite():
        raise EncodeError(f"{value} is not a number: send it as a special value")
    number = exact.scaleb(-shift)
    for digits in range(len(str(1 << form.mantissa_bits - 1)), 0, -1):
        rounded = Context(prec=digits, rounding=ROUND_HALF_EVEN).plus(number)
        word = _word(rounded, form)
        if word is not None:
            return word
    raise EncodeError(f"{value} is too large for {form.mantissa_bits} bits and a power of ten")


def _word(number: Decimal, form: _Form) -> int | None:
    """Whole numbers with exponent 0 where that fits, as cuffs send them; else the shortest."""
    whole = form.word(int(number), 0) if number == number.to_integral_value() else None
    if whole is not None:
        return whole
    reach = 1 << form.exponent_bits - 1
    exponent = min(max(int(number.normalize().as_tuple().exponent), -reach), reach - 1)
    return form.word(int(number.scaleb(-exponent).to_integral_value(ROUND_HALF_EVEN)), exponent)
