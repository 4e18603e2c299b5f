"""What letters a claim can carry: the basic character set of X12, without its delimiters. Pure."""

import unicodedata
from typing import Final

from billing.claim_letters import CARRIED
from billing.exports.errors import NotCarriedError

DELIMITERS: Final = "*:^~"
"""Between elements, components, repetitions and segments, as in the ISA that we write."""
QUOTES: Final = {0x2018: "'", 0x2019: "'", 0x60: "'", 0xB4: "'", 0x201C: '"', 0x201D: '"'}
DASHES: Final = dict.fromkeys((0x2010, 0x2011, 0x2013, 0x2014, 0x5F), "-")
LETTERS: Final = {
    0xDF: "SS", 0xE6: "AE", 0xC6: "AE", 0x153: "OE", 0x152: "OE", 0xF8: "O", 0xD8: "O",
    0x142: "L", 0x141: "L", 0x111: "D", 0x110: "D", 0xF0: "D", 0xD0: "D", 0xFE: "TH",
    0xDE: "TH", 0x131: "I",
}  # fmt: skip
ALIKE: Final = QUOTES | DASHES | LETTERS | {0x23: " "}
"""What Unicode does not take apart by itself; the # of an apartment is a blank."""


def carried(text: str, *, most: int) -> str:
    """As a claim has it: upper case, without accents, on one line. Nothing is left out of a name
    in silence: raises NotCarriedError for what has no Latin likeness, and for what is too long.
    """
    plain = unicodedata.normalize("NFKD", text.translate(ALIKE))
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    found = " ".join(letters.split()).upper()
    if not CARRIED.fullmatch(found):
        odd = sorted({each for each in found if not CARRIED.fullmatch(each)})
        named = ", ".join(_named(each) for each in odd[:3])
        raise NotCarriedError(f"has {named}, which a claim cannot carry")
    if len(found) > most:
        raise NotCarriedError(f"is longer than {most} characters")
    return found


def _named(letter: str) -> str:
    """Unseen ones have no look to be shown by."""
    if letter.isprintable() and not letter.isspace():
        return f"“{letter}”"
    return unicodedata.name(letter, f"U+{ord(letter):04X}").lower()
