"""Plans and readings to findings: the whole of what rules say of a batch of patients, as of `now`.

A pure function of readings in event time. The order in which readings came does not matter, nor
who else is in the batch, nor how often it is done.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from alerts.judging import artefacts
from alerts.judging.batch import Batch, microseconds
from alerts.judging.findings import Dismissed, Finding
from alerts.judging.in_force import Versions, forms_of, versions
from alerts.judging.needs_check import checked
from alerts.judging.page import Page, page
from alerts.judging.report import dismissed, reported
from alerts.judging.rulings import Judged, judged
from alerts.judging.together import together
from alerts.rules.dispatch import lookback_us, wait_us
from care.programme import Plan
from care.rules import Together
from vitals.kinds import Kind


class Evaluation(Struct, frozen=True, kw_only=True):
    findings: list[Finding]
    """Ordered by chart, onset, rule."""
    dismissed: list[Dismissed]


def lookback(plans: Iterable[Plan], kind: Kind) -> dt.timedelta:
    """How far before `Chart.since` readings of the kind are needed to judge those after it."""
    rules = [lookback_us(rule) for plan in plans for rule in plan.rules if rule.kind is kind]
    # A doubtful reading among those looked back at must be known as one.
    span = max(rules, default=0) + artefacts.lookback_us(kind)
    return dt.timedelta(microseconds=span)


def margin(plans: Iterable[Plan]) -> dt.timedelta:
    """How far before the earliest new reading to begin: earlier ones may wait for it."""
    span = max((wait_us(rule) for plan in plans for rule in plan.rules), default=0)
    return dt.timedelta(microseconds=span)


def kinds_needed(plans: Iterable[Plan], kinds: Iterable[Kind]) -> frozenset[Kind]:
    """The kinds to look at when readings of some came: what is judged together is looked at so."""
    needed = set(kinds)
    for plan in plans:
        kind_of = {rule.id: rule.kind for rule in plan.rules}
        for rule in plan.rules:
            if isinstance(rule, Together):
                joint = {rule.kind, *(kind_of[one] for one in rule.of if one in kind_of)}
                if joint & needed:
                    needed |= joint
    return frozenset(needed)


def evaluate(batch: Batch, *, now: dt.datetime) -> Evaluation:
    """Only kinds that are keys of `batch.series` are looked at: see `kinds_needed`.

    Charts need all plan versions in force from the onset of what they have standing.
    """
    found: list[tuple[int, Finding]] = []
    answers: list[Dismissed] = []
    force, now_us = versions(batch.charts), microseconds(now)
    for ready, results in looked_at(batch, force, now_us):
        for result in results:
            found += reported(ready, result)
            answers += dismissed(ready, result)
        found += checked(ready)
    found += together(batch, force, found, now_us=now_us)
    found.sort(key=lambda one: (one[0], one[1].onset_at, one[1].rule))
    answers.sort(key=lambda one: (one.first_at, one.patient_id, one.rule))
    return Evaluation(findings=[finding for _, finding in found], dismissed=answers)


def looked_at(
    batch: Batch, force: Versions, now_us: int
) -> Iterator[tuple[Page, Iterator[Judged]]]:
    """Each kind's readings, and what each rule of a kind says of them: all but `together`.

    For those who only count (dry_run.trial): a finding in words costs more than to come to it.
    """
    for kind in batch.series if force.plans else ():
        ready = page(batch, kind, force, now_us)
        yield ready, _results(ready)


def _results(ready: Page) -> Iterator[Judged]:
    for forms in forms_of(ready.force.plans, ready.kind):
        if not isinstance(forms.forms[0], Together):
            yield judged(ready, forms)
