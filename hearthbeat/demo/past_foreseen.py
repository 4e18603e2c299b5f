"""At which moments of a span something will happen: one look at all of its readings together.

Judging is the same whatever the order of readings: what it finds of all of them says when each
alert will begin, be confirmed, grow worse and clear.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from msgspec import Struct

from alerts.evaluating.windows import ROWS_FLOOD, Window, load_windows
from alerts.judging.batch import Batch, Chart
from alerts.judging.evaluate import evaluate, lookback
from alerts.judging.findings import Finding
from care.plan_shelf import PlanShelf, plans_between
from care.snapshot import Snapshot
from hearthbeat.demo.past_readings import Arrived
from hearthbeat.demo.past_stored import stored
from store.pool import Connection
from vitals.kinds import Kind

EVIDENCE_LOOKED_AT: Final = 3
"""Of an episode, at the first so many readings; then only at those that are worse."""


class Foreseen(Struct, frozen=True, kw_only=True):
    """When to look."""

    moments: tuple[dt.datetime, ...] = ()
    evidence: Mapping[str, Sequence[dt.datetime]] = {}
    """By rule: when a reading is bad, in order."""

    def after(self, rule: str, at: dt.datetime) -> dt.datetime | None:
        """The first bad one after it."""
        times = self.evidence.get(rule, ())
        place = bisect_right(times, at)
        return times[place] if place < len(times) else None


async def foreseen(
    conn: Connection,
    snapshot: Snapshot,
    hub: str,
    patient: UUID,
    arriving: Sequence[Arrived],
    *,
    since: dt.datetime,
    until: dt.datetime,
) -> Foreseen:
    """By the plans that hold now; one that is changed meanwhile is judged when that happens."""
    looking = conn.transaction()
    await looking.start()
    try:
        await stored(conn, snapshot, hub, arriving, now=until)
        findings = await _findings(conn, patient, since=since, until=until)
    finally:
        # It is for looking only: each comes in again in its own time.
        await looking.rollback()
    return _moments(findings, since)


async def _findings(
    conn: Connection, patient: UUID, *, since: dt.datetime, until: dt.datetime
) -> list[Finding]:
    plans = (await plans_between(conn, [patient], since, shelf=PlanShelf())).get(patient, ())
    series, readings = {}, {}
    for kind in {rule.kind for plan in plans for rule in plan.rules} & set(Kind):
        window = Window(patient_id=patient, since=since - lookback(plans, kind), segment=0)
        loaded = await load_windows(conn, kind, [window], rows_most=ROWS_FLOOD)
        series[kind], readings[kind] = loaded.series, loaded.readings
    charts = [Chart(patient_id=patient, plans=plans)]
    batch = Batch(charts=charts, series=series, readings=readings)
    return evaluate(batch, now=until).findings


def _moments(findings: Sequence[Finding], since: dt.datetime) -> Foreseen:
    times: set[dt.datetime] = set()
    evidence: dict[str, list[dt.datetime]] = {}
    for finding in findings:
        evidence.setdefault(finding.rule, []).extend(each.at for each in finding.readings)
        times.add(finding.onset_at)
        times.update(each.at for each in finding.readings[:EVIDENCE_LOOKED_AT])
        times.update(_worse(finding))
        if finding.cleared_at is not None:
            times.add(finding.cleared_at)
    return Foreseen(
        moments=tuple(sorted(at for at in times if at > since)),
        evidence={rule: sorted(each) for rule, each in evidence.items()},
    )


def _worse(finding: Finding) -> list[dt.datetime]:
    """Readings further from where it began than any before them: they may be graver."""
    if not finding.readings:
        return []
    begun = finding.readings[0].value
    found, far = [], 0.0
    for each in finding.readings:
        away = abs(each.value - begun)
        if away > far * 1.25 + 1e-9:
            far = away
            found.append(each.at)
    return found
