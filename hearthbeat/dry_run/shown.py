"""A dry run's result for people."""

from collections.abc import Sequence
from typing import Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from alerts.dry_run.result import DryRunResult, Moved, PagedCount, RuleCount, StepCount

RIGHT: Final = ("alerts", "a week", "patients", "single", "days", "fewer")


def show(result: DryRunResult, console: Console) -> None:
    for line in _readings(result):
        console.print(line, markup=False, highlight=False)
    for line in unjudged(result):
        console.print(line, markup=False, highlight=False, style="yellow")
    console.print(_rules(result))
    console.print(
        "  alerts: episodes; a week: per patient-week, seven days with a reading\n"
        "  single: readings that cross by themselves; days: one for each patient, day and side of "
        "those\n  fewer: alerts against single",
        style="dim",
        highlight=False,
    )
    for line in [*_apart(result), *_paged(result.paged), *_against(result), *_past(result)]:
        console.print(line, markup=False, highlight=False)


def _readings(result: DryRunResult) -> list[str]:
    readings, span = result.readings, ""
    if result.since is not None and result.until is not None:
        span = f", {result.since:%Y-%m-%d} to {result.until:%Y-%m-%d}"
    first = (
        f"{result.limits}: {_many(readings.read, 'reading')} read, {readings.valid:,} valid, of "
        f"{_many(result.patients, 'patient')} in {_many(result.patient_days, 'patient-day')}{span}"
    )
    lines = [first, *(f"  refused: {why}: {count:,}" for why, count in readings.refused.items())]
    lines += [
        f"  in doubt: {why.replace('_', ' ')}: {count:,}"
        for why, count in readings.doubtful.items()
    ]
    if readings.late:
        lines.append(f"  arrived late: {readings.late:,}")
    return lines


def unjudged(result: DryRunResult) -> list[str]:
    """A warning where these rules look at nothing that was read; a remark where at a part of it."""
    without = result.kinds_without_rules
    read = ", ".join(f"{count:,} of {kind.replace('_', ' ')}" for kind, count in without.items())
    if not without:
        return []
    if sum(without.values()) < result.readings.valid:
        return [f"  no rule judges: {read}"]
    judged = sorted({rule.kind.replace("_", " ") for rule in result.rules})
    return [
        "WARNING: no reading is of a kind that these rules judge: nothing was tried.",
        f"  they judge: {', '.join(judged) or 'nothing'}; read were: {read}",
    ]


def _rules(result: DryRunResult) -> Table:
    # Fits into eighty columns; a longer rule id is folded.
    table = Table(box=SIMPLE, pad_edge=False, collapse_padding=True)
    table.add_column("rule", min_width=16, overflow="fold")
    table.add_column("severity", no_wrap=True)
    for name in RIGHT:
        table.add_column(name, justify="right", no_wrap=True)
    for rule in result.rules:
        table.add_row(*_cells(rule))
    table.add_section()
    table.add_row(
        "all", "", f"{result.alerts:,}", f"{result.per_patient_week:.2f}", "",
        f"{result.crossings:,}", "", _percent(result.reduction_percent), style="bold",
    )  # fmt: skip
    return table


def _cells(rule: RuleCount) -> Sequence[str]:
    return (
        rule.rule, rule.severity, f"{rule.alerts:,}", f"{rule.per_patient_week:.2f}",
        f"{rule.patients:,}", f"{rule.crossings:,}", f"{rule.patient_days:,}",
        _percent(rule.reduction_percent),
    )  # fmt: skip


def _percent(number: float | None) -> str:
    return "-" if number is None else f"{number:.1f} %"


def _apart(result: DryRunResult) -> list[str]:
    lines = []
    if result.needs_check:
        lines.append(f"  needs a check, apart from these: {_many(result.needs_check, 'item')}")
    lines += [
        f"  late, to be read and nobody called: {rule.rule}: {_many(rule.late, 'episode')}"
        for rule in result.rules
        if rule.late
    ]
    return lines


def _paged(paged: Sequence[PagedCount]) -> list[str]:
    lines = ["", "Who would have been told, if nobody took an alert on:"] if paged else []
    for one in paged:
        lines.append(
            f"  {one.severity}: {_many(one.alerts, 'alert')}, {one.in_hours:,} in working hours "
            f"and {one.out_of_hours:,} outside"
        )
        lines += [f"    {_step(step)}" for step in one.steps]
        if not one.steps:
            lines.append("    nobody: it waits in the list")
    return lines


def _step(step: StepCount) -> str:
    if step.hours == "working":
        after = f"after {step.after_min} working minutes" if step.after_min else "when staffed"
    else:
        after = f"after {step.after_min} minutes" if step.after_min else "at once"
    outside = f", {step.out_of_hours:,} of them while closed" if step.out_of_hours else ""
    return f"{step.to}, {after}: {step.in_hours + step.out_of_hours:,}{outside}"


def _against(result: DryRunResult) -> list[str]:
    other = result.against
    if other is None:
        return []
    told = (
        f"Against {other.name}: {_many(other.alerts, 'alert')}, {other.per_patient_week:.2f} per "
        f"patient-week.\n  New: {other.new:,}, and {other.graver:,} graver than what was; "
        f"lost: {other.lost:,}, and {other.milder:,} of which only something milder is left"
    )
    return [
        "",
        told,
        *_moved("new", other.new_by_rule),
        *_moved("lost", other.lost_by_rule),
    ]


def _past(result: DryRunResult) -> list[str]:
    past = result.acted_on
    if past is None:
        return []
    told = f"{past.lost:,} would be lost" if past.lost else "none would be lost"
    if past.milder:
        told += f", of {past.milder:,} only something milder would be left"
    return [
        "",
        f"Of {_many(past.alerts, 'alert')} that somebody acted on, {told}",
        *_moved("lost", past.lost_by_rule),
        *(f"    {alert}" for alert in past.lost_alerts),
    ]


def _moved(word: str, moved: Sequence[Moved]) -> list[str]:
    return [
        f"  {word}: {one.rule}: {one.unmatched:,} of {one.alerts:,}"
        + (f", and {one.milder:,} by severity" if one.milder else "")
        for one in moved
    ]


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
