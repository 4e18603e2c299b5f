"""Episodes for a dry run: those of the live engine, with less told of each, so that many cost
little.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from msgspec import Struct

from alerts.columns.series import MICROSECONDS, Bools, Ints
from alerts.columns.verdicts import NO_ROW
from alerts.judging.batch import microseconds
from alerts.judging.edges import edges
from alerts.judging.episodes import Episodes
from alerts.judging.findings import Finding, Phase
from alerts.judging.page import Page
from alerts.judging.report import lane_of
from alerts.judging.rulings import Judged
from care.rules import ConfirmedLimit, Lane, Rule, RuleId, Severity
from vitals.kinds import PANELS, Kind

STANDING: Final = 1 << 62
"""When an episode ends that is open after the last reading."""
_MINUTE_US: Final = 60 * MICROSECONDS


class Raised(Struct, frozen=True, kw_only=True, gc=False):
    """One alert that would have been. Instants are microseconds since 1970 UTC, event time."""

    chart: int
    """In its part."""
    rule: RuleId
    kind: Kind
    severity: Severity
    lane: Lane
    late: bool
    onset: int
    opened: int
    """When it would have been known: for a confirmed value with the second of the two."""
    end: int
    """Cleared, or STANDING."""
    upward: bool | None
    """Whether a measured number is too high; None where it is no such number."""


def raised(page: Page, judged: Judged) -> Iterator[Raised]:
    """Of one rule; there is no standing state in a dry run."""
    episodes, forms = judged.folded.episodes, judged.forms.forms
    if not len(episodes.segment):
        return
    form = judged.form_of_row[episodes.last_row]
    sides = [_sides(rule) for rule in forms]
    end = np.where(
        episodes.cleared_row == NO_ROW, STANDING, page.series.at[episodes.cleared_row]
    ).tolist()
    opened = _opened(page, judged, episodes, form)
    bound = judged.verdicts.bound[episodes.worst_row].tolist()
    for index, (chart, of, onset, late) in enumerate(
        zip(
            episodes.segment.tolist(),
            form.tolist(),
            episodes.onset_at.tolist(),
            episodes.late.tolist(),
            strict=True,
        )
    ):
        rule = forms[of]
        yield Raised(
            chart=chart,
            rule=rule.id,
            kind=page.kind,
            severity=rule.severity,
            lane=lane_of(rule.lane, late=late),
            late=late,
            onset=onset,
            opened=opened[index],
            end=end[index],
            upward=sides[of].get(bound[index]),
        )


def of_finding(chart: int, finding: Finding) -> Raised | None:
    """For rules that have no rows of their own; None for a value that waits for its repeat."""
    if finding.phase is Phase.AWAITING_REPEAT:
        return None
    onset = microseconds(finding.onset_at)
    measured = finding.metric in {metric.name for metric in PANELS[finding.kind].metrics}
    return Raised(
        chart=chart,
        rule=finding.rule,
        kind=finding.kind,
        severity=finding.severity,
        lane=finding.lane,
        late=finding.late,
        onset=onset,
        opened=onset,
        end=STANDING if finding.cleared_at is None else microseconds(finding.cleared_at),
        upward=finding.bound.op.upward if measured and finding.bound else None,
    )


def _sides(rule: Rule) -> dict[int, bool]:
    """Bound -> whether beyond it is too high, where it bounds what is measured."""
    measured = {metric.name for metric in PANELS[rule.kind].metrics}
    return {index: edge.upward for index, edge in enumerate(edges(rule)) if edge.metric in measured}


def _opened(page: Page, judged: Judged, episodes: Episodes, form: Ints) -> list[int]:
    opened = page.series.at[episodes.opened_row]
    waiting = judged.verdicts.waiting
    if waiting is None:
        return [int(at) for at in opened.tolist()]
    within = np.array(
        [
            rule.within_min * _MINUTE_US if isinstance(rule, ConfirmedLimit) else 0
            for rule in judged.forms.forms
        ]
    )
    silent: Bools = np.isin(episodes.opened_row, waiting.row)
    return [int(at) for at in (opened + np.where(silent, within[form], 0)).tolist()]
