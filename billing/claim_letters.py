"""Letters that a claim can carry: the basic character set of X12, without its delimiters. Pure."""

import re
from typing import Final

_LETTERS: Final = r"A-Z0-9 !\"&'()+,\-./;?="

CARRIED: Final = re.compile(f"[{_LETTERS}]*")
"""As it stands in a claim: upper case."""
CLAIM_NUMBER: Final = re.compile(f"[{_LETTERS}a-z]{{1,50}}")
"""A payer's number (REF02), as somebody has typed it."""
