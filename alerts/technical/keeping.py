"""What should be in the queue against what is: which items begin, change, are over. Pure.

An item that a person resolved stays resolved until its cause has ended once, or has stood for a
quiet time more. Judging the same twice changes nothing.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from alerts.evaluating.reconcile import NAMESPACE
from alerts.life.alert import UNTOUCHED, Alert, Outcome, State
from alerts.life.events import Cleared, Event, Opened, Recurred, Worse
from alerts.life.lifecycle import Changed, Policy, opened, step
from alerts.technical.items import (
    AMBIGUOUS,
    BATTERY_LOW,
    BOND_LOST,
    CLOCK_FAULT,
    FRAMES_UNDECODABLE,
    GATEWAY_TROUBLE,
    LABELS,
    QUARANTINED,
    Item,
    Judged,
    Key,
)
from care.rules import RANK

QUIET: Final = dt.timedelta(days=7)

NEXT: Final = dt.timedelta(microseconds=1)

WITHOUT_ONSET: Final = frozenset(
    {BATTERY_LOW, BOND_LOST, CLOCK_FAULT, GATEWAY_TROUBLE, FRAMES_UNDECODABLE}
)
"""Known only as they are now: that they began anew is no guess from when the device was seen."""

_OVER: Final = {
    "gateway-offline": "the hub is heard again",
    "gateway-never-online": "the hub has been heard",
    GATEWAY_TROUBLE: "the hub says nothing of it any more, or is not in use any more",
    FRAMES_UNDECODABLE: "the hub keeps no such data any more, or is not in use any more",
    "device-unseen": "the device was seen again, or is not in use any more",
    "battery-low": "the battery is fuller, or the device is not in use any more",
    "clock-fault": "the clock is right again, or the device is not in use any more",
    "bond-lost": "the device is paired again, or is not in use any more",
    QUARANTINED: "no reading is held back any more that nobody has seen",
    AMBIGUOUS: "it is known of every reading whose it is",
    "missed-measurements": "nothing is expected any more",
}


class Kept(Struct, frozen=True, kw_only=True):
    """What the judgement comes to."""

    changes: tuple[Changed, ...] = ()
    facts: tuple[Alert, ...] = ()
    """Alerts whose facts moved on: no version, no history."""


def keep(
    judged: Judged,
    kept: Mapping[Key, Alert],
    *,
    organisation_id: UUID,
    now: dt.datetime,
    policy_of: Callable[[UUID | None], Policy],
) -> Kept:
    """`kept`: the latest alert of each key that is wanted, or not over."""
    work = _Work(organisation_id, now, policy_of)
    for key, item in judged.wanted.items():
        work.wanted(item, kept.get(key))
    for key, alert in kept.items():
        if key not in judged.wanted and key not in judged.unknown:
            work.gone(key, alert, judged)
    return Kept(changes=tuple(work.changes), facts=tuple(work.facts))


def _is_other(item: Item, ended: Alert) -> bool:
    """Another trouble than the one that was dealt with, or more frames than there were then."""
    now, then = item.reason["facts"], ended.reason["facts"]
    if item.key.rule == GATEWAY_TROUBLE:
        return bool(now["trouble"] != then["trouble"])
    return item.key.rule == FRAMES_UNDECODABLE and bool(now["count"] > then["count"])


class _Work:
    def __init__(
        self,
        organisation_id: UUID,
        now: dt.datetime,
        policy_of: Callable[[UUID | None], Policy],
    ) -> None:
        self.changes: list[Changed] = []
        self.facts: list[Alert] = []
        self._organisation_id = organisation_id
        self._now = now
        self._policy_of = policy_of

    def wanted(self, item: Item, alert: Alert | None) -> None:
        if alert is None:
            self._begin(item, min(item.onset_at, self._now))
        elif alert.state.standing:
            self._go_on(item, alert)
        else:
            again = self._again(item, alert)
            if again is not None:
                self._followed(alert, again)
                self._begin(item, again)

    def gone(self, key: Key, alert: Alert, judged: Judged) -> None:
        """Its cause has ended, or is another's consequence, which is no end to who resolved it."""
        if alert.cleared_at is not None or alert.state is State.WITHDRAWN:
            return
        explained = judged.explained.get(key)
        why = explained or judged.why_over.get(key) or _OVER[key.rule]
        if alert.state.standing:
            self._step(alert, Cleared(at=max(self._now, alert.onset_at), why=why))
        elif explained is None:
            over = replace(alert, cleared_at=self._now, cleared_why=why, updated_at=self._now)
            self.facts.append(over)

    def _again(self, item: Item, ended: Alert) -> dt.datetime | None:
        """When a new one begins after one that was ended; None: it rests."""
        at = ended.ended_at or ended.updated_at
        by_hand = ended.state is State.RESOLVED and ended.outcome is not Outcome.AUTO_CLEARED
        another = at < item.onset_at <= self._now and item.key.rule not in WITHOUT_ONSET
        another = another or _is_other(item, ended)
        if by_hand and ended.cleared_at is None and not another:
            if self._now < at + QUIET:
                return None
            at += QUIET
        # Later than the one before, whatever a hub's clock said: an onset is an item's name.
        return max(min(item.onset_at, self._now), at, ended.onset_at + NEXT)

    def _followed(self, ended: Alert, at: dt.datetime) -> None:
        if ended.cleared_at is None and ended.state is State.RESOLVED:
            why = "followed by another item"
            over = replace(ended, cleared_at=at, cleared_why=why, updated_at=self._now)
            self.facts.append(over)

    def _begin(self, item: Item, onset_at: dt.datetime) -> None:
        alert = self._new(item, onset_at)
        policy = self._policy_of(item.plan_version)
        self.changes.append(opened(alert, Opened(), policy=policy))

    def _go_on(self, item: Item, alert: Alert) -> None:
        columns = {"reason": item.reason, "readings": item.readings, "last_at": item.last_at}
        told = {"reason": alert.reason, "readings": alert.readings}
        same = told == {"reason": item.reason, "readings": item.readings}
        moved = alert if same else replace(alert, **columns)
        if RANK[item.severity] > RANK[alert.severity]:
            self._step(moved, Worse(severity=item.severity))
        elif alert.cleared_at is not None:
            self._step(moved, Recurred())
        elif not same:
            self.facts.append(replace(moved, updated_at=self._now))

    def _step(self, alert: Alert, event: Event) -> None:
        answer = step(alert, event, now=self._now, policy=self._policy_of(alert.plan_version_id))
        if isinstance(answer, Changed):
            self.changes.append(answer)

    def _new(self, item: Item, onset_at: dt.datetime) -> Alert:
        kind, subject, rule = item.key
        name = f"{self._organisation_id}/{kind}/{subject}/{rule}/{onset_at.isoformat()}"
        return Alert(
            id=uuid5(NAMESPACE, name),
            organisation_id=self._organisation_id,
            patient_id=item.patient_id,
            subject_kind=kind,
            subject=subject,
            lane=item.lane,
            rule=rule,
            label=LABELS[rule],
            plan_version_id=item.plan_version,
            kind=None,
            metric=None,
            severity=item.severity,
            peak=item.severity,
            state=State.OPEN,
            onset_reading=None,
            onset_at=onset_at,
            last_at=max(item.last_at, onset_at),
            readings=item.readings,
            value=None,
            worst=None,
            bound=None,
            reason=item.reason,
            late=False,
            latch=False,
            opened_at=self._now,
            updated_at=self._now,
            **UNTOUCHED,
        )
