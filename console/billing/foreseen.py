"""A month that is still running: instead of "the window is open", how far each code is, and what
the days that are left can still bring. Pure.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from billing.eligibility.result import Why
from billing.forecast.outlook import Goal, Outlook, Reach
from billing.months.outlooks import PatientForecast
from billing.months.views import Cell, Review, ReviewRow, Verdict
from console.web.formats import day

CONTACTS = "contacts"


def with_forecasts(review: Review, forecasts: Iterable[PatientForecast]) -> Review:
    """What is decided stays as it is."""
    known: Mapping[UUID, PatientForecast] = {each.patient_id: each for each in forecasts}
    rows = tuple(_row(row, known.get(row.patient_id)) for row in review.rows)
    return msgspec.structs.replace(review, rows=rows)


def _row(row: ReviewRow, found: PatientForecast | None) -> ReviewRow:
    """Cells of open windows give way; a window that ends in a later month is shown here too."""
    if found is None:
        return row
    outlooks = [each for each in found.forecast.outlooks if not each.blocked]
    told = {each.scope for each in outlooks}
    kept = [each for each in row.cells if each.reason != Why.WINDOW_OPEN or each.scope not in told]
    ahead = [cell for each in outlooks for cell in _cells(each)]
    return msgspec.structs.replace(row, cells=(*kept, *ahead))


def _cells(outlook: Outlook) -> list[Cell]:
    """The highest that is reached, the next that can be, and the first that no longer can."""
    goals = [each for each in outlook.goals if each.unit != CONTACTS]
    reached = [each for each in goals if each.reach is Reach.REACHED][-1:]
    possible = [each for each in goals if each.reach is Reach.POSSIBLE][:1]
    lost = [each for each in goals if each.reach is Reach.IMPOSSIBLE][:1]
    talks = [
        each for each in outlook.goals if each.unit == CONTACTS and each.reach is not Reach.REACHED
    ]
    return [_cell(outlook, each) for each in (*reached, *possible, *lost, *talks)]


def _cell(outlook: Outlook, goal: Goal) -> Cell:
    days, seconds = goal.unit == "days", goal.unit == "seconds"
    return Cell(
        code="" if goal.unit == CONTACTS else goal.code,
        service=outlook.program.lower(),
        scope=outlook.scope,
        verdict=Verdict.IMPOSSIBLE if goal.reach is Reach.IMPOSSIBLE else Verdict.NOT_YET,
        why=_why(outlook, goal),
        reason=Why.WINDOW_OPEN,
        window_from=outlook.window.first,
        window_to=outlook.window.last,
        days_counted=goal.have if days else None,
        days_missing=goal.short_by if days else None,
        seconds_counted=goal.have if seconds else None,
        seconds_missing=goal.short_by if seconds else None,
    )


def _why(outlook: Outlook, goal: Goal) -> str:
    words = goal.words[:1].upper() + goal.words[1:]
    if goal.reach is Reach.REACHED:
        return f"Reached so far, {goal.words}; decided after {day(outlook.window.last)}"
    return words
