"""What a short message to our number asks for: to stop, to start again, or nothing. Pure."""

import re
import unicodedata
from enum import StrEnum
from typing import Final

STOP_WORDS: Final = frozenset(
    {
        "stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
        "alto", "parar", "pare", "para", "detener", "cancelar", "terminar", "fin", "salir", "baja",
    }
)  # fmt: skip
UNMISTAKABLE: Final = frozenset({"stop", "stopall", "unsubscribe", "alto"})
"""Also as the first of a few words: "stop texting me"."""
START_WORDS: Final = frozenset(
    {"start", "unstop", "resume", "empezar", "comenzar", "iniciar", "reanudar"}
)
POLITE: Final = frozenset({"please", "pls", "por", "favor"})
FEW: Final = 4


class Wish(StrEnum):
    STOP = "stop"
    START = "start"
    NONE = "none"


def wish_of(text: str) -> Wish:
    """By the whole message; a stop word within a long one may be part of a story."""
    if len(text) > 200:  # noqa: PLR2004 - nobody says stop at that length
        return Wish.NONE
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    words = [word for word in re.findall(r"[a-z]+", plain.replace("-", "")) if word not in POLITE]
    if not words or len(words) > FEW:
        return Wish.NONE
    alone = words[0] if len(words) == 1 else None
    if words[0] in UNMISTAKABLE or alone in STOP_WORDS:
        return Wish.STOP
    return Wish.START if alone in START_WORDS else Wish.NONE
