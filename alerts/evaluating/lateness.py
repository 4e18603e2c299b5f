"""Which of the readings just judged came late, and into which backlog item they go."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import numpy as np
from msgspec import Struct
from structlog import get_logger

from alerts.evaluating.backlog import ONE_ARRIVAL, Arrivals, backlog
from alerts.judging.batch import Batch, Chart, microseconds, moment
from alerts.judging.findings import Finding
from alerts.life import rows
from alerts.life.alert import Alert
from alerts.life.lifecycle import Changed, Policy
from store.pool import Connection
from store.queries import load

log = get_logger()

QUERIES: Final = load("alerts", "evaluation.sql")


class Span(Struct, frozen=True, kw_only=True):
    """Late readings of one patient that arrived together."""

    patient_id: UUID
    first: dt.datetime
    last: dt.datetime


class Late(Struct, frozen=True, kw_only=True):
    """What the backlog items of a batch come to."""

    changes: tuple[Changed, ...] = ()
    facts: tuple[Alert, ...] = ()


def spans(arrivals: Iterable[dt.datetime], patient_id: UUID) -> list[Span]:
    """Instants of arrival in groups with gaps of no more than ONE_ARRIVAL inside."""
    found: list[Span] = []
    for at in sorted(arrivals):
        if found and at - found[-1].last <= ONE_ARRIVAL:
            found[-1] = Span(patient_id=patient_id, first=found[-1].first, last=at)
        else:
            found.append(Span(patient_id=patient_id, first=at, last=at))
    return found


def late_arrivals(batch: Batch, late_after: Mapping[UUID, dt.timedelta]) -> dict[UUID, set[int]]:
    """Patient -> instants, in microseconds, at which late readings of theirs arrived."""
    allowed = np.array(
        [late_after[chart.patient_id] // dt.timedelta(microseconds=1) for chart in batch.charts],
        dtype=np.int64,
    )
    since = np.array([_judged_from(chart) for chart in batch.charts], dtype=np.int64)
    found: dict[UUID, set[int]] = {}
    for series in batch.series.values():
        if not len(series):
            continue
        late = series.received_at - series.at > allowed[series.segment]
        late &= series.at >= since[series.segment]
        for row in np.flatnonzero(late):
            patient = batch.charts[int(series.segment[row])].patient_id
            found.setdefault(patient, set()).add(int(series.received_at[row]))
    return found


def _judged_from(chart: Chart) -> int:
    """What was measured before there was any plan is history, not a backlog."""
    planned = min((microseconds(plan.effective_from) for plan in chart.plans), default=0)
    return planned if chart.since is None else max(planned, microseconds(chart.since))


async def late_items(
    conn: Connection,
    batch: Batch,
    findings: Sequence[Finding],
    *,
    organisations: Mapping[UUID, UUID],
    policies: Mapping[UUID, Policy],
    now: dt.datetime,
) -> Late:
    """`findings` rest on late readings alone."""
    late_after = {
        patient: dt.timedelta(hours=policy.silence.late_after_hours)
        for patient, policy in policies.items()
    }
    arrived = late_arrivals(batch, late_after)
    if not arrived:
        return Late()
    items = {
        row["patient_id"]: rows.from_row(dict(row))
        for row in await conn.fetch(QUERIES["backlog_items"], list(arrived))
    }
    wanted = [span for patient, at in arrived.items() for span in _new_spans(patient, at, items)]
    changes: list[Changed] = []
    facts: list[Alert] = []
    for row in await _arrivals(conn, wanted, late_after):
        patient = row.patient_id
        theirs = [each for each in findings if each.patient_id == patient]
        made, moved = backlog(
            Arrivals(
                organisation_id=organisations[patient],
                patient_id=patient,
                count=row.count,
                first_measured=row.first_measured,
                last_measured=row.last_measured,
                first_received=row.first_received,
                last_received=row.last_received,
            ),
            theirs,
            _continued(items.get(patient), row.first_received),
            now=now,
            policy=policies[patient],
        )
        changes += made
        facts += moved
        if made:
            items[patient] = made[-1].alert
    return Late(changes=tuple(changes), facts=tuple(facts))


def _new_spans(patient: UUID, at: Iterable[int], items: Mapping[UUID, Alert]) -> list[Span]:
    """Of arrivals that no item counts yet; those that go on with a standing item begin with it."""
    arrivals = [moment(each) for each in at]
    item = items.get(patient)
    if item is None:
        return spans(arrivals, patient)
    last = _arrived(item)
    if not item.state.standing:
        return spans([each for each in arrivals if each > last], patient)
    newer = spans([last, *(each for each in arrivals if each >= last)], patient)
    first = newer[0]
    return [Span(patient_id=patient, first=item.onset_at, last=first.last), *newer[1:]]


def _continued(item: Alert | None, first_received: dt.datetime) -> Alert | None:
    if item is None or not item.state.standing or item.onset_at != first_received:
        return None
    return item


def _arrived(item: Alert) -> dt.datetime:
    return dt.datetime.fromisoformat(item.reason["facts"]["arrived"])


class _Row(Struct, frozen=True):
    patient_id: UUID
    first_received: dt.datetime
    last_received: dt.datetime
    count: int
    first_measured: dt.datetime
    last_measured: dt.datetime


async def _arrivals(
    conn: Connection, wanted: Sequence[Span], late_after: Mapping[UUID, dt.timedelta]
) -> list[_Row]:
    if not wanted:
        return []
    found = await conn.fetch(
        QUERIES["arrivals"],
        [span.patient_id for span in wanted],
        [span.first for span in wanted],
        [span.last for span in wanted],
        [late_after[span.patient_id] for span in wanted],
    )
    return [_Row(**dict(row)) for row in found]
