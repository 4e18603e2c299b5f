"""Who is nearly there, and what has to be done by when: a call a nurse can make today. Pure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct

from billing.eligibility.programme_consent import CONSENT_TO
from billing.eligibility.result import Why
from billing.eligibility.words import against, in_minutes
from billing.forecast.outlook import Goal, Outlook, Reach
from billing.forecast.time_goals import READING
from billing.months.outlooks import PatientForecast
from console.billing.words import why_of
from console.web.formats import counted, day

SHOWS: Final = {
    "nearly": "Nearly reached",
    "blocked": "Something is missing",
    "impossible": "No longer possible",
    "reached": "Reached",
    "all": "Everybody",
}
OF_CONSENT: Final = frozenset({Why.NO_CONSENT, Why.CONSENT_NOT_WRITTEN})
PER_PAGE: Final = 50
DIGITS_MOST: Final = 4


class Task(Struct, frozen=True, kw_only=True):
    """One thing for one patient."""

    patient: PatientForecast
    outlook: Outlook
    goal: Goal | None
    """None: nothing can be reached before something is entered."""
    kind: str
    """A word of SHOWS."""
    what: str
    by: dt.date | None
    words: str

    @property
    def tel(self) -> str:
        phone = self.patient.phone or ""
        plus = "+" if phone.lstrip().startswith("+") else ""
        return plus + "".join(each for each in phone if each.isdigit())


def tasks_of(forecasts: Iterable[PatientForecast]) -> list[Task]:
    """The nearest end first."""
    found = [
        task
        for each in forecasts
        for outlook in each.forecast.outlooks
        for task in _of(each, outlook)
    ]
    return sorted(found, key=_urgency)


def chosen(tasks: Iterable[Task], show: str) -> list[Task]:
    return [each for each in tasks if show in {"all", each.kind}]


def page_of(tasks: Sequence[Task], query: Mapping[str, str]) -> tuple[Sequence[Task], int, int]:
    """What is on the page that is asked for, its number, and how many there are."""
    pages = max(-(-len(tasks) // PER_PAGE), 1)
    said = query.get("page", "")
    readable = said.isascii() and said.isdecimal() and len(said) <= DIGITS_MOST
    page = min(max(int(said), 1), pages) if readable else 1
    return tasks[(page - 1) * PER_PAGE : page * PER_PAGE], page, pages


def show_in(query: Mapping[str, str]) -> str:
    said = query.get("show", "")
    return said if said in SHOWS else "nearly"


def _of(patient: PatientForecast, outlook: Outlook) -> Iterable[Task]:
    if outlook.blocked:
        words = "; ".join(_shut(each, outlook.program) for each in outlook.blocked)
        yield _task(patient, outlook, None, "blocked", "", outlook.window.last, words)
        return
    codes = [goal for goal in outlook.goals if goal.unit != "contacts"]
    if not codes:
        # The payer takes none of them.
        return
    nearly = [goal for goal in outlook.goals if goal.nearly]
    for goal in nearly:
        yield _task(patient, outlook, goal, "nearly", needed(goal), goal.latest, goal.words)
    if nearly:
        return
    reached, ahead = outlook.reached, outlook.next
    if reached is not None:
        words = reached.words or "Reached."
        yield _task(patient, outlook, reached, "reached", reached.code, None, words)
    elif all(goal.reach is Reach.IMPOSSIBLE for goal in codes):
        last = outlook.goals[0]
        yield _task(patient, outlook, last, "impossible", needed(last), None, last.words)
    elif ahead is not None:
        yield _task(patient, outlook, ahead, "all", needed(ahead), ahead.latest, ahead.words)


def _shut(reason: Why, program: str) -> str:
    """Of a programme with a consent of its own, which one is missing."""
    own = CONSENT_TO.get(program) if reason in OF_CONSENT else None
    said = why_of(reason)
    return said if own is None else f"{said}: {own}"


def _task(
    patient: PatientForecast,
    outlook: Outlook,
    goal: Goal | None,
    kind: str,
    what: str,
    by: dt.date | None,
    words: str,
) -> Task:
    return Task(
        patient=patient, outlook=outlook, goal=goal, kind=kind, what=what, by=by, words=words
    )


def needed(goal: Goal) -> str:
    """2 more days, 4:30 min more, one live conversation."""
    match goal.unit:
        case "days":
            return f"{counted(goal.short_by, 'more day')} with readings"
        case "seconds":
            return f"{in_minutes(goal.short_by)} more of care time"
        case _:
            return "one reading from a device" if goal.code == READING else "one live conversation"


def have(task: Task) -> str:
    """So far."""
    if task.goal is None:
        return "–"  # noqa: RUF001 - a dash: nothing is counted before something is entered.
    if task.goal.unit == "days":
        return f"{task.goal.have} of {task.goal.need} days"
    if task.goal.unit == "seconds":
        return against(task.goal.have, task.goal.need)
    return "none yet"


def until(task: Task) -> str:
    """The last day of its period, and the last one on which it can be begun in time."""
    last = task.outlook.window.last
    if task.kind == "nearly" and task.by is not None and task.by != last:
        return f"{day(last)}, begun by {day(task.by)}"
    return day(last)


def _urgency(task: Task) -> tuple[int, dt.date, str, str, int]:
    order = list(SHOWS)
    goal = task.goal
    return (
        order.index(task.kind),
        task.by or dt.date.max,
        task.patient.family_name,
        task.patient.given_name,
        0 if goal is None else goal.short_by,
    )
