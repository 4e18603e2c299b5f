"""Whether a claim adds up, looked at in its own segments, before it is written. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from billing.exports.x12.segments import Segment

LINES_MOST: Final = 50


def unbalanced(segments: Sequence[Segment]) -> str:
    """What is the matter; empty where CLM02 is the sum of SV102, and lines are 1 to 50."""
    total = next(Decimal(str(each[2])) for each in segments if each[0] == "CLM")
    charges = [Decimal(str(each[2])) for each in segments if each[0] == "SV1"]
    if not 1 <= len(charges) <= LINES_MOST:
        return f"a claim has 1 to {LINES_MOST} lines, and this one {len(charges)}"
    if total != sum(charges):
        return f"its total {total} is not the sum of its lines, {sum(charges)}"
    return ""
