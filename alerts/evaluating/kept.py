"""The alerts of the patients that are judged: what the findings are held against."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import Struct

from alerts.evaluating.reconcile import Proved
from alerts.judging.batch import Standing
from alerts.judging.findings import Reason, greater_is_worse
from alerts.life import rows
from alerts.life.alert import Alert, State
from care.rules import Bound
from store.pool import Connection
from store.queries import load
from vitals.kinds import Kind

QUERIES: Final = load("alerts", "evaluation.sql")


class Kept(Struct, frozen=True, kw_only=True):
    """One patient's alerts that an evaluation from `since` on may touch, locked."""

    since: dt.datetime
    alerts: tuple[Alert, ...] = ()
    proved: Mapping[UUID, Proved] = {}
    """Of those that began before `since` and have readings after it."""

    def standings(self) -> list[Standing]:
        """The latest episode of each rule that began before `since`, as it stood then."""
        latest: dict[str, Alert] = {}
        for alert in self.alerts:
            if alert.onset_at >= self.since or alert.state is State.WITHDRAWN:
                continue
            held = latest.get(alert.rule)
            if held is None or held.onset_at < alert.onset_at:
                latest[alert.rule] = alert
        return [self._standing(alert) for alert in latest.values()]

    def to_reconcile(self, kinds: frozenset[Kind]) -> list[Alert]:
        """Those that began, or were not over, at `since`; of the kinds that were looked at."""
        return [
            alert
            for alert in self.alerts
            if alert.kind in kinds
            and (
                alert.onset_at >= self.since
                or alert.cleared_at is None
                or alert.cleared_at >= self.since
            )
        ]

    def _standing(self, alert: Alert) -> Standing:
        proved = self.proved.get(alert.id)
        bound = None if alert.bound is None else msgspec.convert(alert.bound, Bound)
        reason = msgspec.convert(alert.reason, Reason)
        upward = greater_is_worse(bound, reason)
        cleared = alert.cleared_at
        return Standing(
            rule=alert.rule,
            onset_at=alert.onset_at,
            onset_reading=alert.onset_reading,
            cleared_at=cleared if cleared is not None and cleared < self.since else None,
            count=alert.readings if proved is None else proved.count,
            worst=_or_nan(_worst(alert, proved, upward=upward)),
            upward=upward,
            limit=0.0 if bound is None else bound.value,
            value=_or_nan(alert.value if proved is None else proved.latest),
            last_at=alert.last_at if proved is None else proved.last_at,
            last_reading=_last_reading(alert, proved),
            late=alert.late,
            plan_version=alert.plan_version_id,
            reason=reason,
        )


def _worst(alert: Alert, proved: Proved | None, *, upward: bool) -> float | None:
    """The alert's own while its reading stands: numbers of several metrics are not compared."""
    if proved is None or proved.has_worst:
        return alert.worst
    return proved.greatest if upward else proved.least


def _last_reading(alert: Alert, proved: Proved | None) -> UUID | None:
    """Kept beside the alert, and asked for only where readings came late."""
    if proved is not None:
        return proved.last_reading
    return alert.onset_reading if alert.last_at == alert.onset_at else None


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


async def read_kept(conn: Connection, since: Mapping[UUID, dt.datetime]) -> dict[UUID, Kept]:
    """By patient; every patient asked for has an entry."""
    touched = await conn.fetch(QUERIES["touched"], list(since), list(since.values()))
    # Onsets and ends are moved by evaluations only, and this patient's is ours: what was chosen
    # without a lock is still what is to be locked.
    ids = [row["id"] for row in touched]
    found = await conn.fetch(QUERIES["kept"], ids) if ids else []
    alerts: dict[UUID, list[Alert]] = defaultdict(list)
    for row in found:
        alerts[row["patient_id"]].append(rows.from_row(dict(row)))
    proved = await _proved(conn, [each for some in alerts.values() for each in some], since)
    return {
        patient: Kept(
            since=at,
            alerts=tuple(alerts[patient]),
            proved={each.id: proved[each.id] for each in alerts[patient] if each.id in proved},
        )
        for patient, at in since.items()
    }


async def _proved(
    conn: Connection, alerts: Sequence[Alert], since: Mapping[UUID, dt.datetime]
) -> dict[UUID, Proved]:
    """Asked only where readings came late: else the alert's own columns say it."""
    cut = [
        (alert.id, since[alert.patient_id])
        for alert in alerts
        if alert.patient_id is not None
        and alert.onset_at < since[alert.patient_id] <= alert.last_at
    ]
    if not cut:
        return {}
    found = await conn.fetch(
        QUERIES["proof_before"], [each for each, _ in cut], [at for _, at in cut]
    )
    return {
        row["alert_id"]: Proved(
            count=row["readings"],
            greatest=row["greatest"],
            least=row["least"],
            last_at=row["last_at"],
            latest=row["latest"],
            last_reading=row["last_reading"],
            has_worst=row["has_worst"],
        )
        for row in found
    }
