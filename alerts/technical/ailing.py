"""What a hub that is heard says of itself: trouble, and frames that it cannot decode. Pure."""

import datetime as dt
from collections.abc import Set as AbstractSet
from typing import Final
from uuid import UUID

from alerts.technical.facts import Gateway
from alerts.technical.items import FRAMES_UNDECODABLE, GATEWAY_TROUBLE, Item, Key, reason
from care.rules import Severity

LASTS: Final = dt.timedelta(minutes=5)
"""A hub that starts does not know the time yet, and an adapter may be slow: nobody comes for that.
One that stands is over with the first status that says nothing of it."""


def trouble_of(
    gateway: Gateway, *, patients: frozenset[UUID], stands: bool, now: dt.datetime
) -> Item | None:
    """`stands`: an item of it is not over."""
    if gateway.trouble is None:
        return None
    began = gateway.trouble_at or gateway.heard_at or now
    if now - began < LASTS and not stands:
        return None
    return _item(
        gateway,
        GATEWAY_TROUBLE,
        began,
        patients,
        severity=Severity.MEDIUM,
        trouble=gateway.trouble,
    )


def undecodable_of(gateway: Gateway, *, patients: frozenset[UUID], now: dt.datetime) -> Item | None:
    if not gateway.undecodable:
        return None
    return _item(
        gateway,
        FRAMES_UNDECODABLE,
        gateway.heard_at or now,
        patients,
        severity=Severity.LOW,
        count=gateway.undecodable,
    )


def unsaid(gateway: Gateway, standing: AbstractSet[Key]) -> set[Key]:
    """Keys of items of which nothing is known: its last word is too old, or it never spoke."""
    return set() if gateway.told else last_words(gateway) & standing


def last_words(gateway: Gateway) -> set[Key]:
    """Keys of what it said before it fell silent, or may have said."""
    said = {GATEWAY_TROUBLE: gateway.trouble, FRAMES_UNDECODABLE: gateway.undecodable}
    return {
        Key("gateway", gateway.id, rule)
        for rule, words in said.items()
        if words or not gateway.told
    }


def _item(
    gateway: Gateway,
    rule: str,
    began: dt.datetime,
    patients: frozenset[UUID],
    *,
    severity: Severity,
    **facts: str | int,
) -> Item:
    return Item(
        key=Key("gateway", gateway.id, rule),
        onset_at=began,
        last_at=began,
        severity=severity,
        patient_id=next(iter(patients)) if len(patients) == 1 else None,
        reason=reason(
            rule, gateway=gateway.id, label=gateway.label, patients=len(patients), **facts
        ),
    )
