"""The numbers of docs/alerts-evidence.md, from the real recordings by the shipped limit files."""

import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from alerts.dry_run.limits import Limits, always, of_programme, read_limits
from alerts.dry_run.result import DryRunResult, RuleCount
from alerts.dry_run.trial import DryRun
from alerts.statistics import pressure
from care.programmes import shipped
from hearthbeat.dry_run.files import Gathered, gather
from vitals.kinds import Kind

ROOT: Final = Path(__file__).parents[4]
DATA: Final = ROOT.parent / "shared" / "data"
EXAMPLES: Final = ROOT / "docs" / "examples"
PAGE: Final = ROOT / "docs" / "alerts-evidence.md"
MARK: Final = "<!-- From here on made by `python -m tests.unit.hearthbeat.dry_run.evidence`. -->\n"
ZONE: Final = ZoneInfo("UTC")
NOW: Final = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)

GLUCOSE: Final = "smbg-aim94"
PRESSURE: Final = "home-bp"
PROGRAMMES: Final = {
    GLUCOSE: ("diabetes-type-1",),
    PRESSURE: ("hypertension-esh", "hypertension-us"),
}


def files(folder: str) -> list[Path]:
    pattern = "data-*" if folder == GLUCOSE else "*.csv"
    return sorted((DATA / folder).glob(pattern))


@cache
def recorded(folder: str) -> Gathered:
    return gather(files(folder), named=folder, zone=ZONE, now=NOW)


@cache
def example(folder: str, name: str) -> DryRunResult:
    text = (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8")
    return tried(folder, read_limits(text, name=f"{name}.toml"))


@cache
def programme(folder: str, name: str) -> DryRunResult:
    found = next(each for each in shipped() if each.id == name)
    return tried(folder, of_programme(found))


def tried(folder: str, limits: Limits) -> DryRunResult:
    gathered = recorded(folder)
    run = DryRun(limits.name, zone=ZONE, now=NOW)
    for part in gathered.columns.parts(always(limits), ZONE):
        run.add(part)
    return run.result(read=gathered.read, refused=gathered.refused)


def rule(result: DryRunResult, name: str) -> RuleCount:
    return next(each for each in result.rules if each.rule == name)


def summary() -> pressure.PressureSummary:
    """Of the one person's systolic values."""
    plan = always(read_limits("rules = []", name="none"))
    (part,) = recorded(PRESSURE).columns.parts(plan, ZONE)
    series = part.series[Kind.BLOOD_PRESSURE]
    return pressure.summary(series.at, series.values["systolic"])


def generated() -> str:
    return MARK + "\n".join([*_glucose(), *_pressure(), *_programmes()]) + "\n"


def _glucose() -> Iterator[str]:
    one = example(GLUCOSE, "glucose-one-rule")
    sides = example(GLUCOSE, "glucose-side-by-side")
    high = rule(sides, "high")
    two = rule(example(GLUCOSE, "glucose-two-of-three"), "high-two-of-three")
    page = example(GLUCOSE, "glucose-page")
    naive, readings = one.crossings, one.readings
    bundled = sum(each.patient_days for each in sides.rules)
    yield f"""
## Glucose: 40 diaries (`smbg-aim94`)

{readings.read:,} rows read, **{readings.valid:,} valid readings** of {one.patients} people on
{one.patient_days:,} patient-days ({one.patient_weeks:,.1f} patient-weeks). Not valid:

| why | rows |
| --- | ---: |"""
    for why, count in sorted(readings.refused.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"| {why} | {count:,} |"
    yield """
| how it is counted | limits | alerts | a patient-week | fewer |
| --- | --- | ---: | ---: | ---: |"""
    rows = [
        ("every reading below 70 or above 250", "glucose-one-rule", naive, naive),
        ("one for each patient, side and day", "glucose-side-by-side", bundled, naive),
        ("episodes with hysteresis 70/80 and 250/220", "glucose-side-by-side", sides.alerts, naive),
        ("only below 54 or above 300, every reading", "glucose-page", page.crossings, naive),
        ("every reading above 250", "glucose-side-by-side", high.crossings, None),
        ("… episodes, over at 220", "glucose-side-by-side", high.alerts, high.crossings),
        ("… two of the last three", "glucose-two-of-three", two.alerts, two.crossings),
    ]
    for words, file, alerts, of in rows:
        yield _row(words, file, alerts, of, weeks=one.patient_days / 7)


def _pressure() -> Iterator[str]:
    result = example(PRESSURE, "pressure-week")
    week, found = rule(result, "mean-of-the-week"), summary()
    yield f"""
## Blood pressure: one person's home (`home-bp`)

{result.readings.valid} valid readings on {result.patient_days} days; systolic mean
{found.mean:.2f} mmHg, SD {found.sd:.2f}, average real variability {found.arv:.3f}.

| how it is counted | limits | alerts | a patient-week | fewer |
| --- | --- | ---: | ---: | ---: |"""
    weeks = result.patient_days / 7
    yield _row("every reading at or above 135/85", "pressure-week", week.crossings, None, weeks)
    yield _row("one a day", "pressure-week", week.patient_days, week.crossings, weeks)
    yield _row(
        "onsets of the seven-day mean, from four days on", "pressure-week", week.alerts,
        week.crossings, weeks,
    )  # fmt: skip


def _programmes() -> Iterator[str]:
    yield """
## The shipped programmes on the same recordings

Single: readings that cross by themselves, or with which something computed does. None of these
people was in such a programme, and their recordings lack most of what a clinic would know.

| programme | rule | severity | single | alerts | a patient-week | fewer |
| --- | --- | --- | ---: | ---: | ---: | ---: |"""
    for folder, names in PROGRAMMES.items():
        for name in names:
            result = programme(folder, name)
            for each in result.rules:
                if each.crossings or each.alerts:
                    yield (
                        f"| {name} | {each.rule} | {each.severity} | {each.crossings:,} | "
                        f"{each.alerts:,} | {each.per_patient_week:.2f} | "
                        f"{_percent(each.reduction_percent)} |"
                    )
            yield (
                f"| {name} | all, and {result.needs_check:,} to be checked | | "
                f"{result.crossings:,} | {result.alerts:,} | {result.per_patient_week:.2f} | "
                f"{_percent(result.reduction_percent)} |"
            )


def _row(words: str, file: str, alerts: int, of: int | None, weeks: float) -> str:
    fewer = "" if of is None or of == alerts else _percent(100 * (1 - alerts / of))
    return f"| {words} | `{file}.toml` | {alerts:,} | {alerts / weeks:.2f} | {fewer} |"


def _percent(number: float | None) -> str:
    return "-" if number is None else f"{np.round(number, 1):.1f} %"


def main() -> None:
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(MARK)
    PAGE.write_text(before + generated(), encoding="utf-8")


if __name__ == "__main__":
    main()
