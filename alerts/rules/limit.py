"""`limit`: one reading crosses a bound."""

import numpy as np

from alerts.columns.series import Series
from alerts.columns.verdicts import NO_BOUND, Verdicts
from alerts.rules.bounds import judged
from care.rules import Limit


def limit(series: Series, rule: Limit) -> Verdicts:
    """A doubtful reading is not known: alerts.judging.artefacts judges it beside."""
    columns = [series.metric(bound.metric) for bound in rule.bounds]
    known, breach, hold, value, which = judged(columns, rule.bounds)
    sure = known & ~series.doubt
    return Verdicts(
        known=sure,
        breach=breach & sure,
        hold=hold & sure,
        value=np.where(sure, value, np.nan),
        bound=np.where(sure, which, NO_BOUND),
        count=sure.astype(np.int64),
    )
