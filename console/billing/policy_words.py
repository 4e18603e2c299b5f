"""What a payer may want otherwise, as questions of a form: billing.eligibility.policy in words.
Pure.
"""

from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from billing.eligibility.policy import Policy
from care.errors import InvalidError
from console.web.forms import Form

Kind = Literal["choice", "number", "tick"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    name: str
    words: str
    kind: Kind
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""


QUESTIONS: Final = (
    Question(name="supply_dos", words="Date of service of devices", kind="choice", choices=(
        ("period_end_or_episode_end", "The last day of the 30-day period"),
        ("day_minimum_reached", "The day on which the days are reached"))),
    Question(name="mgmt_dos", words="Date of service of care time", kind="choice", choices=(
        ("month_end_or_episode_end", "The last day of the month"),
        ("day_threshold_met", "The day on which the minutes are reached"))),
    Question(name="setup_dos", words="Date of service of setting up", kind="choice", choices=(
        ("with_first_supply_window", "With the first device period"),
        ("education_date", "The day of the teaching"),
        ("day_minimum_reached", "The day on which the days are reached"))),
    Question(name="day_basis", words="A day is", kind="choice", choices=(
        ("measured", "the date of the measurement"),
        ("received", "the date on which it arrived"))),
    Question(name="period_anchor", words="The first device period begins", kind="choice", choices=(
        ("first_qualifying_reading", "with the first reading that counts"),
        ("setup_date", "on the day of setting up"),
        ("first_of_month", "on the first of the month"))),
    Question(name="time_rounding", words="Seconds of an entry", kind="choice", choices=(
        ("sum_seconds_floor_at_threshold", "count, summed over the month"),
        ("truncate_entries_to_minutes", "are cut off entry by entry"))),
    Question(name="interactive_spanning_months", words="A call over the end of a month",
             kind="choice", choices=(
        ("credit_each_month_with_connected_time", "is a live contact in both"),
        ("start_month_only", "is one in the month in which it began"))),
    Question(name="ccm_with_tcm", words="Chronic care beside care after discharge", kind="choice",
             choices=(("warn", "is pointed out"), ("block", "is refused"))),
    Question(name="setup_min_days", words="Days that setting up needs", kind="number",
             hint="Empty: as the rules say."),
    Question(name="max_99458_units", words="Most units of 99458", kind="number",
             hint="Empty: no limit."),
    Question(name="late_arrival_grace_days", words="Days that a reading may come late",
             kind="number"),
    Question(name="require_order", words="An order is needed", kind="tick"),
    Question(name="require_written_consent", words="Consent has to be in writing", kind="tick"),
    Question(name="require_reading_in_month_for_mgmt", kind="tick",
             words="Care time needs a reading in the month"),
)  # fmt: skip
NEEDED: Final = frozenset({"late_arrival_grace_days"})


def values_of(policy: Policy) -> dict[str, Any]:
    """For the form."""
    found = msgspec.to_builtins(policy)
    return {each.name: "" if found[each.name] is None else found[each.name] for each in QUESTIONS}


def typed_in(form: Form) -> dict[str, Any]:
    """As it was sent, to be shown again."""
    return {
        each.name: form.ticked(each.name) if each.kind == "tick" else form.text(each.name)
        for each in QUESTIONS
    }


def policy_in(form: Form, before: Policy) -> Policy:
    """What the form does not ask stays as it is. Raises InvalidError."""
    changes: dict[str, Any] = {}
    for each in QUESTIONS:
        if each.kind == "tick":
            changes[each.name] = form.ticked(each.name)
        elif each.kind == "number":
            changes[each.name] = _number(each.name, form.given(each.name))
        else:
            if form.text(each.name) not in dict(each.choices):
                raise InvalidError(each.name, "choose one of the list")
            changes[each.name] = form.text(each.name)
    return msgspec.convert({**msgspec.to_builtins(before), **changes}, Policy)


def _number(name: str, text: str | None) -> int | None:
    if text is None:
        if name in NEEDED:
            raise InvalidError(name, "must be a whole number")
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 2):  # noqa: PLR2004 - up to 99
        raise InvalidError(name, "must be a whole number up to 99")
    return int(text)
