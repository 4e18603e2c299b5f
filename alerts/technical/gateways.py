"""A hub that is silent: one item, whoever waits behind it. Pure."""

import datetime as dt
from typing import Final
from uuid import UUID

from alerts.technical.facts import Gateway
from alerts.technical.items import GATEWAY_NEVER_ONLINE, GATEWAY_OFFLINE, Item, Key, iso, reason
from alerts.technical.line import Line
from care.programme import Silence
from care.rules import Severity

INSTALL_WITHIN: Final = dt.timedelta(hours=24)
"""From enrolment to the first word: a hub that was made ready in the clinic travels home first."""


def silent(
    gateway: Gateway,
    *,
    patients: frozenset[UUID],
    silence: Silence,
    line: Line,
    stands_since: dt.datetime | None,
    now: dt.datetime,
) -> Item | None:
    """The item, while it stands. What only posts readings (HTTP) is not expected to be heard.

    `stands_since`: the onset of an item that is not over: only a word of the hub ends it.
    """
    if gateway.transport != "mqtt":
        return None
    if gateway.heard_at is None:
        return _never(gateway, patients, now=now)
    allowed = dt.timedelta(minutes=silence.gateway_offline_min)
    unheard = stands_since is not None and gateway.heard_at <= stands_since
    counted = _counted_from(gateway, gateway.heard_at, line, now=now)
    if now - counted < allowed and not unheard:
        return None
    return Item(
        key=Key("gateway", gateway.id, GATEWAY_OFFLINE),
        onset_at=gateway.heard_at,
        last_at=gateway.heard_at,
        severity=_severity(patients),
        patient_id=_only(patients),
        reason=reason(
            GATEWAY_OFFLINE,
            gateway=gateway.id,
            label=gateway.label,
            heard_at=iso(gateway.heard_at),
            patients=len(patients),
        ),
    )


def _counted_from(
    gateway: Gateway, heard_at: dt.datetime, line: Line, *, now: dt.datetime
) -> dt.datetime:
    """Its own silence: where the line was down, only what came after counts. A hub of which the
    broker itself said that it left is silent by itself, whatever the line did.
    """
    if gateway.online is False:
        return heard_at
    if line.silent_since is not None:
        return now
    return heard_at if line.open_since is None else max(heard_at, line.open_since)


def _never(gateway: Gateway, patients: frozenset[UUID], *, now: dt.datetime) -> Item | None:
    if now - gateway.enrolled_at < INSTALL_WITHIN:
        return None
    return Item(
        key=Key("gateway", gateway.id, GATEWAY_NEVER_ONLINE),
        onset_at=gateway.enrolled_at,
        last_at=gateway.enrolled_at,
        severity=_severity(patients),
        patient_id=_only(patients),
        reason=reason(
            GATEWAY_NEVER_ONLINE,
            gateway=gateway.id,
            label=gateway.label,
            enrolled_at=iso(gateway.enrolled_at),
            patients=len(patients),
        ),
    )


def _severity(patients: frozenset[UUID]) -> Severity:
    """Nobody waits behind a hub in a cupboard."""
    return Severity.MEDIUM if patients else Severity.LOW


def _only(patients: frozenset[UUID]) -> UUID | None:
    """So that the care team of the one patient is told."""
    return next(iter(patients)) if len(patients) == 1 else None
