"""What to do next about one reading: a key of the catalogue's `advice`. Pure.

Nothing here treats anybody: it says to rest, to measure again, or to call.
"""

from typing import Final

from console.my.attention import Looked
from console.my.verdict import Side, Verdict
from vitals.kinds import Kind

CALL_SOON: Final = 2
CALL_NOW: Final = 3
REST_FIRST: Final = frozenset({Kind.BLOOD_PRESSURE, Kind.OXIMETRY, Kind.HEART_RATE})
"""What moving about changes within minutes."""
NOTHING: Final = frozenset({"fine", "none"})
SCALE: Final = frozenset({Kind.WEIGHT, Kind.BODY_COMPOSITION})


def advice(
    kind: Kind,
    verdict: Verdict,
    looked: Looked,
    *,
    not_sure: bool,
    old: bool = False,
    due: bool = False,
) -> str:
    """`old`: more than a day has gone by, so that what it asks for now is a new one. `due`: the
    plan asks for another one now, so that "nothing more to do" would not be true.
    """
    if verdict.out and looked is Looked.DONE:
        return "told"
    if verdict.out and old:
        return "old"
    found = _of_fresh(kind, verdict, looked, not_sure=not_sure)
    return "due" if due and found in NOTHING else found


def _of_fresh(kind: Kind, verdict: Verdict, looked: Looked, *, not_sure: bool) -> str:
    if verdict.grade >= CALL_NOW:
        return "rest_and_call" if kind in REST_FIRST else "call_now"
    if looked is Looked.REPEAT:
        return "repeat"
    if kind is Kind.GLUCOSE and verdict.side is Side.DOWN and verdict.out:
        return "sugar_low"
    if not_sure:
        return "again"
    return _of_verdict(kind, verdict)


def _of_verdict(kind: Kind, verdict: Verdict) -> str:
    if not verdict.out:
        return "none" if verdict.word is None else "fine"
    if verdict.relative:
        return "weight_changed" if kind in SCALE else "changed"
    if verdict.grade >= CALL_SOON:
        return "rest_and_repeat" if kind in REST_FIRST else "call_today"
    return "a_little"
