"""The form of enrolment codes, which clinic and home both know: whose it is, before it is used.

Pure. `K7QD-2M4A-…` (eight groups) is for a home's hub. With `HTTP-` before it, it is for a source
that posts its readings, which a home cannot be: asking would burn the code in vain.
"""

from typing import Final

GROUP: Final = 4
OF_A_HUB: Final = 32
"""Letters of base32: 160 bits."""
SOURCE: Final = "HTTP"


def normal(typed: str) -> str:
    """The code as made, from what a person typed."""
    letters = "".join(character for character in typed.upper() if character.isalnum())
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def for_source(code: str) -> str:
    """The same code, to be known as one of a source over HTTP."""
    return f"{SOURCE}-{code}"


def is_for_source(typed: str) -> bool:
    """Whether a hub should leave it alone."""
    code = normal(typed)
    letters = code.replace("-", "")
    return code.startswith(f"{SOURCE}-") and len(letters) == OF_A_HUB + len(SOURCE)
