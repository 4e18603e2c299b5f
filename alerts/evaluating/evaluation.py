"""One batch of the evaluation queue, in one transaction: taken, judged, reconciled, done.

A process that dies in the middle leaves everything as it was: the next one takes the same rows.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final
from uuid import UUID

from msgspec import Struct

from alerts.columns.series import Series
from alerts.evaluating import aside, taking
from alerts.evaluating.kept import Kept, read_kept
from alerts.evaluating.lateness import late_items
from alerts.evaluating.proofs import write_proofs
from alerts.evaluating.quiet import quiet_after
from alerts.evaluating.reconcile import Proof, Reconciled, Sight, reconcile
from alerts.evaluating.repeats import Wait, ask_again, end_asking, look_again
from alerts.evaluating.taking import Task
from alerts.evaluating.whose import read_gone, settle_whose
from alerts.evaluating.windows import ROWS_FLOOD, ROWS_MOST, Loaded, Window, is_cut, load_windows
from alerts.judging.batch import Batch, Chart
from alerts.judging.evaluate import Evaluation, evaluate, kinds_needed, lookback, margin
from alerts.judging.findings import Finding
from alerts.life import rows
from alerts.life.alert import Alert, State
from alerts.life.errors import TooManyReadings
from alerts.life.lifecycle import Changed, Policy
from alerts.life.policies import PolicyBook
from care.plan_shelf import PlanShelf, plans_between
from care.programme import Plan
from care.rules import ConfirmedLimit
from store.pool import Connection, Pool
from vitals.kinds import Kind

PATIENTS_MOST: Final = 1000
"""In one transaction, about. Many at once cost less each; more would hold locks longer than a nurse
waits."""


LONGEST_WAIT: Final = dt.timedelta(days=1)
"""For a repeat: care.rules.Minutes."""


class Evaluated(Struct, frozen=True, kw_only=True):
    """What one batch did."""

    readings: int = 0
    patients: int = 0
    opened: int = 0
    changed: int = 0
    failed: int = 0
    """Patients that could not be judged, and are put off: alerts.evaluating.aside."""
    oldest: dt.datetime | None = None
    more: bool = False


@dataclass(slots=True)
class Memory:
    """What an alert process knows from batch to batch; it may be lost at any time."""

    shelf: PlanShelf = field(default_factory=PlanShelf)
    policies: PolicyBook = field(default_factory=PolicyBook)
    failing: set[UUID] = field(default_factory=set)
    """Patients that could not be judged lately: each is tried alone."""


@dataclass(slots=True)
class _Outcome:
    """What a batch comes to, before it is written."""

    changes: list[Changed] = field(default_factory=list)
    facts: list[Alert] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    asked: list[tuple[Alert, dt.datetime]] = field(default_factory=list)

    def add(self, found: Reconciled) -> None:
        self.changes += found.changes
        self.facts += found.facts
        self.proofs += found.proofs


async def evaluate_batch(
    pool: Pool, memory: Memory, *, now: dt.datetime, most: int = PATIENTS_MOST
) -> Evaluated:
    """Raises what asyncpg raises when the database is away; nothing is half done then.

    What is wrong with one patient stops nobody else: that one's rows are put off, and told of.
    """
    async with pool.acquire() as conn, conn.transaction():
        taken = await taking.take(conn, now=now, most=most)
        if not taken.positions and not taken.due_ids:
            return Evaluated()
        done: list[_Outcome] = []

        async def work(tasks: Sequence[Task]) -> None:
            done.append(await _evaluated(conn, tasks, memory, now=now))

        failed = await aside.in_parts(conn, taken.tasks, work, failing=memory.failing)
        await taking.done(conn, taken)
        await aside.put_off(conn, failed, now=now)
    changes = [change for outcome in done for change in outcome.changes]
    return Evaluated(
        readings=len(taken.positions),
        patients=len(taken.tasks),
        opened=sum(change.from_state is None for change in changes),
        changed=len(changes),
        failed=len(failed),
        oldest=taken.oldest,
        more=taken.full,
    )


async def evaluate_tasks(
    conn: Connection, tasks: Sequence[Task], memory: Memory, *, now: dt.datetime
) -> Sequence[Changed]:
    """These, in the caller's transaction, who holds the patients' locks and took the tasks."""
    return (await _evaluated(conn, tasks, memory, now=now)).changes


async def _evaluated(
    conn: Connection, tasks: Sequence[Task], memory: Memory, *, now: dt.datetime
) -> _Outcome:
    outcome = await _judge(conn, tasks, memory, now=now)
    await _write(conn, outcome, now=now)
    return outcome


async def _write(conn: Connection, outcome: _Outcome, *, now: dt.datetime) -> None:
    await rows.write(conn, outcome.facts)
    await rows.save(conn, outcome.changes, now=now)
    await write_proofs(conn, outcome.proofs)
    await look_again(conn, outcome.waits)
    await ask_again(conn, outcome.asked, now=now)
    await end_asking(conn, outcome.changes, now=now)


async def _judge(
    conn: Connection, tasks: Sequence[Task], memory: Memory, *, now: dt.datetime
) -> _Outcome:
    outcome = _Outcome()
    if not tasks:
        return outcome
    tasks = await settle_whose(conn, tasks, now=now)
    sights = await _sights(conn, tasks, memory)
    if not sights:
        return outcome
    batch = await _batch(conn, sights)
    evaluation = evaluate(batch, now=now)
    await _read_policies(conn, sights, memory)
    await _hold_against(conn, sights, batch, evaluation, outcome, memory, now=now)
    return outcome


@dataclass(frozen=True)
class _Sighted:
    """One patient with all that it takes to judge them."""

    task: Task
    plans: tuple[Plan, ...]
    kept: Kept

    @property
    def chart(self) -> Chart:
        return Chart(
            patient_id=self.task.patient_id,
            plans=self.plans,
            since=self.kept.since,
            standing=self.kept.standings(),
        )

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        return kinds_needed(self.plans, self.task.kinds)


async def _sights(conn: Connection, tasks: Sequence[Task], memory: Memory) -> list[_Sighted]:
    """Patients without a plan have no limits: nothing is judged."""
    earliest = min(task.since for task in tasks) - LONGEST_WAIT
    plans = await plans_between(
        conn, [task.patient_id for task in tasks], earliest, shelf=memory.shelf
    )
    planned = [task for task in tasks if task.patient_id in plans]
    since = {task.patient_id: task.since - margin(plans[task.patient_id]) for task in planned}
    kept = await read_kept(conn, since) if since else {}
    return [_Sighted(task, plans[task.patient_id], kept[task.patient_id]) for task in planned]


async def _batch(conn: Connection, sights: Sequence[_Sighted]) -> Batch:
    windows: dict[Kind, list[Window]] = defaultdict(list)
    for segment, sight in enumerate(sights):
        for kind in sight.kinds:
            since = sight.kept.since - lookback(sight.plans, kind)
            windows[kind].append(
                Window(patient_id=sight.task.patient_id, since=since, segment=segment)
            )
    series: dict[Kind, Series] = {}
    readings: dict[Kind, Sequence[UUID]] = {}
    for kind, wanted in windows.items():
        loaded = await _loaded(conn, kind, wanted, [sight.kept.since for sight in sights])
        series[kind], readings[kind] = loaded.series, loaded.readings
    return Batch(charts=[sight.chart for sight in sights], series=series, readings=readings)


async def _loaded(
    conn: Connection, kind: Kind, wanted: Sequence[Window], judged_from: Sequence[dt.datetime]
) -> Loaded:
    """Raises TooManyReadings: an answer of a part of them would withdraw what is true."""
    for rows_most in (ROWS_MOST, ROWS_FLOOD):
        loaded = await load_windows(conn, kind, wanted, rows_most=rows_most)
        if not is_cut(loaded.series, judged_from, rows_most=rows_most):
            return loaded
    raise TooManyReadings(ROWS_FLOOD)


async def _read_policies(conn: Connection, sights: Sequence[_Sighted], memory: Memory) -> None:
    versions = {alert.plan_version_id for sight in sights for alert in sight.kept.alerts}
    versions |= {plan.id for sight in sights for plan in sight.plans}
    await memory.policies.read(conn, versions)


async def _hold_against(
    conn: Connection,
    sights: Sequence[_Sighted],
    batch: Batch,
    evaluation: Evaluation,
    outcome: _Outcome,
    memory: Memory,
    *,
    now: dt.datetime,
) -> None:
    fresh, late = _by_lateness(evaluation.findings)
    why_not: dict[UUID, dict[tuple[str, dt.datetime], str]] = defaultdict(dict)
    for each in evaluation.dismissed:
        why_not[each.patient_id][each.rule, each.first_at] = (
            f"the repeat at {each.repeat_at:%H:%M} UTC was {each.repeat_value:g}"
        )
    gone = await read_gone(conn, {sight.task.patient_id: sight.kept for sight in sights})
    for sight in sights:
        patient = sight.task.patient_id
        found = [one for one in fresh[patient] if one.kind in sight.kinds]
        reconciled = reconcile(
            Sight(
                organisation_id=sight.task.organisation_id,
                since=sight.kept.since,
                findings=found,
                why_not=why_not[patient],
                gone=gone.get(patient, {}),
                proved=sight.kept.proved,
            ),
            sight.kept.to_reconcile(sight.kinds),
            now=now,
            policy_of=lambda each: memory.policies.of(_version(each)),
            quiet_of=partial(quiet_after, plans=sight.plans),
        )
        outcome.add(reconciled)
        _wait(sight, found, reconciled, outcome)
    items = await late_items(
        conn,
        batch,
        [each for some in late.values() for each in some],
        organisations={sight.task.patient_id: sight.task.organisation_id for sight in sights},
        policies={sight.task.patient_id: _held_by(sight, memory, now=now) for sight in sights},
        now=now,
    )
    outcome.changes += items.changes
    outcome.facts += items.facts


def _by_lateness(
    findings: Sequence[Finding],
) -> tuple[dict[UUID, list[Finding]], dict[UUID, list[Finding]]]:
    fresh: dict[UUID, list[Finding]] = defaultdict(list)
    late: dict[UUID, list[Finding]] = defaultdict(list)
    for finding in findings:
        (late if finding.late else fresh)[finding.patient_id].append(finding)
    return fresh, late


def _wait(
    sight: _Sighted, found: Sequence[Finding], reconciled: Reconciled, outcome: _Outcome
) -> None:
    """Look again when the wait for a repeat is over, and ask the home for it."""
    asking = {
        rule.id
        for plan in sight.plans
        for rule in plan.rules
        if isinstance(rule, ConfirmedLimit) and rule.ask
    }
    begun = {
        (change.alert.rule, change.alert.onset_at): change.alert
        for change in reconciled.changes
        if change.alert.state is State.AWAITING_REPEAT and change.from_state is None
    }
    for finding in found:
        wait = Wait.of(finding, sight.task.organisation_id)
        if wait is None:
            continue
        outcome.waits.append(wait)
        alert = begun.get((finding.rule, finding.onset_at))
        if alert is not None and finding.rule in asking:
            outcome.asked.append((alert, wait.until))


def _version(each: Finding | Alert) -> UUID | None:
    return each.plan_version if isinstance(each, Finding) else each.plan_version_id


def _held_by(sight: _Sighted, memory: Memory, *, now: dt.datetime) -> Policy:
    """The policy in force; of plans that have all ended, the last one's."""
    begun = [plan for plan in sight.plans if plan.effective_from <= now] or sight.plans
    return memory.policies.of(max(begun, key=lambda plan: plan.effective_from).id)
