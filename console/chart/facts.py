"""What can be said of a span in numbers, each with what it rests on. Pure.

Formulas are those of alerts.statistics. Below its minimum a statistic is None: "not enough data".
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.columns.series import DAY_US, Bools, Floats
from alerts.statistics import basic, glucose, pressure, weight
from console.chart import sufficiency
from console.chart.figure import Fact, MealRow
from console.chart.ranges import Range
from console.chart.record import KindRecord
from console.chart.sufficiency import Minimum, Sample
from console.web.formats import Units, counted
from vitals.flags import Meal
from vitals.kinds import Kind

MINUS: Final = "\u2212"
SENSOR_DAYS: Final = 14
SLOPE_DAYS: Final = 14
WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Material:
    """Readings of a span that count, and how many were asked for."""

    found: KindRecord
    span: Range
    units: Units
    expected: int
    now_us: int

    @property
    def rows(self) -> Bools:
        inside: Bools = self.found.counts & self.found.inside(self.span)
        return inside

    def values(self, metric: str, rows: Bools) -> Floats:
        return self.found.series.metric(metric)[rows]

    def sample(self, rows: Bools, *, expected: bool = False) -> Sample:
        days = self.found.series.local_day[rows]
        return sufficiency.sample(days, expected=self.expected if expected else None)

    def last_days(self, days: int) -> Bools:
        """Of local days up to today."""
        rows: Bools = self.found.counts & (self.found.series.local_day > self.span.last_day - days)
        return rows


def facts(about: Material) -> tuple[Fact, ...]:
    return BY_KIND[about.found.kind](about)


def fact(
    label: str,
    value: str,
    rests: Sample,
    least: Minimum,
    *,
    unit: str = "",
    note: str = "",
) -> Fact:
    """The number, or that there is not enough for it, and what would be."""
    if rests.enough(least):
        return Fact(label=label, value=value, unit=unit, rests_on=rests.words, note=note)
    return Fact(label=label, value=None, rests_on=rests.words, note=least.words)


def of_pressure(about: Material) -> tuple[Fact, ...]:
    rows, series = about.rows, about.found.series
    minute = series.local_minute
    mornings = rows & (minute >= pressure.MORNING[0]) & (minute < pressure.MORNING[1])
    evenings = rows & (minute >= pressure.EVENING[0]) & (minute < pressure.EVENING[1])
    spread = pressure.summary(series.at[rows], about.values("systolic", rows))
    whole = about.sample(rows, expected=True)
    return (
        fact(f"Mean, {about.span.words.lower()}", _pair(about, rows), whole,
             sufficiency.PRESSURE, unit="mmHg"),
        _protocol(about),
        fact("Mornings", _pair(about, mornings), about.sample(mornings),
             sufficiency.HALF_DAY, unit="mmHg", note="04:00 to 12:00"),
        fact("Evenings", _pair(about, evenings), about.sample(evenings),
             sufficiency.HALF_DAY, unit="mmHg", note="17:00 to 24:00"),
        _difference(about, mornings, evenings),
        fact("Spread of systolic", f"SD {spread.sd:.0f}", about.sample(rows),
             sufficiency.PRESSURE, unit="mmHg",
             note=f"CV {spread.cv:.1f} %, ARV {spread.arv:.1f} mmHg. Describes; alerts nobody."),
    )  # fmt: skip


def _pair(about: Material, rows: Bools) -> str:
    both = [basic.mean(about.values(name, rows)) for name in ("systolic", "diastolic")]
    return "/".join("" if math.isnan(each) else f"{each:.0f}" for each in both)


def _protocol(about: Material) -> Fact:
    """Mornings and evenings of seven days, the first left out: what guidelines judge by."""
    series, counts = about.found.series, about.last_days(WEEK_DAYS)
    found = [
        pressure.protocol_mean(
            series.local_day[counts], series.local_minute[counts], about.values(name, counts)
        )
        for name in ("systolic", "diastolic")
    ]
    rests = Sample(readings=found[0].count, days=found[0].days)
    if not all(each.enough for each in found):
        return Fact(
            label="7-day protocol mean", value=None, rests_on=rests.words,
            note=sufficiency.PRESSURE.words,
        )  # fmt: skip
    return Fact(
        label="7-day protocol mean",
        value="/".join(f"{each.mean:.0f}" for each in found),
        unit="mmHg",
        rests_on=rests.words,
        note="Mornings and evenings, first day left out",
    )


def _difference(about: Material, mornings: Bools, evenings: Bools) -> Fact:
    enough = all(about.sample(rows).enough(sufficiency.HALF_DAY) for rows in (mornings, evenings))
    rests = f"{counted(int(mornings.sum()), 'morning')}, {counted(int(evenings.sum()), 'evening')}"
    if not enough:
        return Fact(
            label="Morning less evening", value=None, rests_on=f"{rests} readings",
            note=f"{sufficiency.HALF_DAY.words} of each",
        )  # fmt: skip
    apart = [
        basic.mean(about.values(name, mornings)) - basic.mean(about.values(name, evenings))
        for name in ("systolic", "diastolic")
    ]
    return Fact(
        label="Morning less evening",
        value="/".join(signed(each, 0) for each in apart),
        unit="mmHg",
        rests_on=f"{int(mornings.sum())} morning, {int(evenings.sum())} evening readings",
    )


def of_weight(about: Material) -> tuple[Fact, ...]:
    units, series = about.units, about.found.series
    week, fortnight = about.last_days(WEEK_DAYS), about.last_days(SLOPE_DAYS)
    middle = basic.median(about.values("weight", week))
    slope = weight.summary(series.at[fortnight], about.values("weight", fortnight)).slope
    numbers = about.values("weight", about.rows)
    whole = about.sample(about.rows, expected=True)
    reach = _reach_days(about, fortnight)
    rests = about.sample(fortnight)
    return (
        fact("7-day median", units.number("weight", middle) if week.any() else "",
             about.sample(week), sufficiency.MIDDLE, unit=units.unit("weight")),
        fact("Slope, 14 days", signed(units.convert_difference("weight", slope), 1),
             Sample(readings=rests.readings, days=min(rests.days, reach)), sufficiency.SLOPE,
             unit=f"{units.unit('weight')} per week", note="Theil\u2013Sen: outliers say little"),
        Fact(label=f"Lowest and highest, {about.span.words.lower()}",
             value=_from_to(about, "weight", numbers), unit=units.unit("weight"),
             rests_on=whole.words),
    )  # fmt: skip


def _reach_days(about: Material, rows: Bools) -> int:
    at = about.found.series.at[rows]
    return int((at[-1] - at[0]) // DAY_US) + 1 if len(at) else 0


def of_glucose(about: Material) -> tuple[Fact, ...]:
    units, rows = about.units, about.rows
    numbers = about.values("glucose", rows)
    found = glucose.summary(numbers)
    whole = about.sample(rows, expected=True)
    low, high = units.number("glucose", glucose.LOW), units.number("glucose", glucose.HIGH)
    return (
        fact(f"Mean, {about.span.words.lower()}", _number(units, "glucose", found.mean), whole,
             sufficiency.GLUCOSE, unit=units.unit("glucose"), note=_censored(found.censored)),
        fact("Readings in range", f"{found.in_range:.0f} %", whole, sufficiency.GLUCOSE,
             note=f"{low} to {high} {units.unit('glucose')}; of readings, not of time"),
        fact(f"Readings below {low}", f"{found.below_70:.0f} %", whole, sufficiency.GLUCOSE,
             note=f"{found.below_54:.0f} % below {units.number('glucose', glucose.VERY_LOW)}"),
        fact("Variation (CV)", f"{found.cv:.0f} %", whole, sufficiency.GLUCOSE,
             note="Up to 36 % is called stable"),
        _gmi(about),
    )  # fmt: skip


def _censored(count: int) -> str:
    return f"{count} HI or LO left out of the mean" if count else ""


def _gmi(about: Material) -> Fact:
    """Made for sensors: of fingersticks it would be a number that nobody has tested."""
    rows = about.last_days(SENSOR_DAYS)
    number = int(rows.sum())
    if number < sufficiency.SENSOR_READINGS:
        return Fact(
            label="GMI", value=None, rests_on=f"{counted(number, 'reading')} in 14 days",
            note="Only for sensors worn 70 % of 14 days", absent="Not for fingersticks",
        )  # fmt: skip
    return Fact(
        label="GMI",
        value=f"{glucose.gmi(about.values('glucose', rows)):.1f}",
        unit="%",
        rests_on=f"{counted(number, 'reading')} in 14 days",
    )


MEALS: Final = (
    ("Fasting", (Meal.FASTING,)),
    ("Before a meal", (Meal.BEFORE,)),
    ("After a meal", (Meal.AFTER,)),
    ("Bedtime", (Meal.BEDTIME,)),
)


def meal_rows(about: Material) -> tuple[MealRow, ...]:
    """Glucose by what was said of meals; a row for each of which there is a reading."""
    rows = about.rows
    left = rows.copy()
    made: list[MealRow] = []
    for label, meals in MEALS:
        of = np.zeros_like(rows)
        for meal in meals:
            of |= about.found.meals.get(meal, np.zeros_like(rows))
        made.append(_meal(about, label, rows & of))
        left &= ~of
    made.append(_meal(about, "Not said", left))
    return tuple(each for each in made if each.readings)


def _meal(about: Material, label: str, rows: Bools) -> MealRow:
    numbers = about.values("glucose", rows)
    numbers = numbers[~np.isnan(numbers)]
    enough = about.sample(rows).enough(sufficiency.MEAL)
    share = glucose.percent_within(numbers, glucose.LOW, glucose.HIGH)
    return MealRow(
        label=label,
        readings=len(numbers),
        mean=_number(about.units, "glucose", basic.mean(numbers)) if enough else None,
        lowest=_edge(about.units, numbers, np.min) if len(numbers) else "",
        highest=_edge(about.units, numbers, np.max) if len(numbers) else "",
        in_range=f"{share:.0f} %" if enough else None,
    )


def _edge(units: Units, numbers: Floats, of: Callable[[Floats], Floats]) -> str:
    value = float(of(numbers))
    if math.isinf(value):
        return "HI" if value > 0 else "LO"
    return units.number("glucose", value)


def of_oximetry(about: Material) -> tuple[Fact, ...]:
    numbers = about.values("spo2", about.rows)
    whole = about.sample(about.rows, expected=True)
    return (
        fact(f"Median, {about.span.words.lower()}", _number(about.units, "spo2",
             basic.median(numbers)), whole, sufficiency.VITAL, unit="%"),
        Fact(label="Lowest and highest", value=_from_to(about, "spo2", numbers), unit="%",
             rests_on=whole.words, note="A home oximeter may be 2 to 4 % off"),
    )  # fmt: skip


def _of_one(metric: str) -> Callable[[Material], tuple[Fact, ...]]:
    def made(about: Material) -> tuple[Fact, ...]:
        numbers = about.values(metric, about.rows)
        whole = about.sample(about.rows, expected=True)
        unit = about.units.unit(metric)
        middle = _number(about.units, metric, basic.median(numbers))
        return (
            fact(f"Median, {about.span.words.lower()}", middle, whole, sufficiency.VITAL,
                 unit=unit),
            Fact(label="Lowest and highest", value=_from_to(about, metric, numbers), unit=unit,
                 rests_on=whole.words),
        )  # fmt: skip

    return made


BY_KIND: Final[Mapping[Kind, Callable[[Material], tuple[Fact, ...]]]] = {
    Kind.BLOOD_PRESSURE: of_pressure,
    Kind.WEIGHT: of_weight,
    Kind.GLUCOSE: of_glucose,
    Kind.OXIMETRY: of_oximetry,
    Kind.TEMPERATURE: _of_one("temperature"),
    Kind.HEART_RATE: _of_one("heart_rate"),
    Kind.BODY_COMPOSITION: _of_one("body_fat"),
}


def signed(value: float, decimals: int) -> str:
    """+8, -0.4; with a minus as wide as a plus."""
    if math.isnan(value):
        return ""
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return text
    return ("+" if value > 0 else MINUS) + text


def _number(units: Units, metric: str, value: float) -> str:
    return "" if math.isnan(value) else units.number(metric, value)


def _from_to(about: Material, metric: str, numbers: Floats) -> str | None:
    there = basic.finite(numbers)
    if not len(there):
        return None
    low, high = float(there.min()), float(there.max())
    return f"{about.units.number(metric, low)} to {about.units.number(metric, high)}"
