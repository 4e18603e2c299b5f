"""`limit`: one reading crosses a bound."""

import numpy as np

from alerts.rules.bounds import judged
from alerts.series import Series
from alerts.verdicts import NO_BOUND, Verdicts
from care.rules import Limit


def limit(series: Series, rule: Limit) -> Verdicts:
    """A doubtful reading is not known: alerts.artefacts judges it beside."""
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
