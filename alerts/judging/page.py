"""One kind of a batch's readings, made ready for its rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from alerts.columns.series import MICROSECONDS, Bools, Ints, Series
from alerts.judging.artefacts import Codes, doubts
from alerts.judging.batch import Batch, Chart, Standing
from alerts.judging.in_force import Versions, since_mask
from care.rules import RuleId
from vitals.kinds import Kind

_HOUR_US = 3600 * MICROSECONDS


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    kind: Kind
    charts: Sequence[Chart]
    standing: Mapping[RuleId, Mapping[int, Standing]]
    """Rule -> chart -> its episode at `since`."""
    force: Versions
    series: Series
    """With `doubt`."""
    readings: Sequence[UUID]
    codes: Codes
    """Of alerts.judging.artefacts.Doubt."""
    plan_of_row: Ints
    part: Bools
    """Rows that are judged; the others are looked back at."""
    late: Bools
    now_us: int


def page(batch: Batch, kind: Kind, force: Versions, now_us: int) -> Page:
    series = batch.series[kind]
    codes = doubts(series, kind)
    plan_of_row = force.at_rows(series)
    late_us = np.array(
        [plan.silence.late_after_hours * _HOUR_US for plan in force.plans] + [0], dtype=np.int64
    )
    return Page(
        kind=kind,
        charts=batch.charts,
        standing=standing_by_rule(batch.charts),
        force=force,
        series=replace(series, doubt=codes > 0),
        readings=batch.readings[kind],
        codes=codes,
        plan_of_row=plan_of_row,
        part=since_mask(batch.charts, series),
        late=series.received_at - series.at > late_us[plan_of_row],
        now_us=now_us,
    )


def standing_by_rule(charts: Sequence[Chart]) -> Mapping[RuleId, Mapping[int, Standing]]:
    found: dict[RuleId, dict[int, Standing]] = {}
    for index, chart in enumerate(charts):
        for one in chart.standing:
            found.setdefault(one.rule, {})[index] = one
    return found
