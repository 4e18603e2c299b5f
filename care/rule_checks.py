"""What a rule must be beyond its types: metrics of its kind, limits to be crossed and left again.

Pure. Every refusal names the field and what would do.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from care.faults import Fault, Path, listed, meant
from care.rules import (
    DERIVED,
    RANK,
    Band,
    Bound,
    Change,
    ConfirmedLimit,
    GlucoseStatistic,
    Lane,
    Limit,
    NOfM,
    OximetryScale,
    Rule,
    SessionMean,
    Severity,
    Shift,
    Together,
    Trend,
    WindowMean,
)
from vitals.flags import Flag
from vitals.kinds import PANELS, Kind
from vitals.metrics import DIASTOLIC, METRICS, SYSTOLIC
from vitals.units import PRINTED

RESERVED: Final = frozenset(
    {
        "ambiguous-readings", "battery-low", "bond-lost", "clock-fault", "device-unseen",
        "frames-undecodable", "gateway-never-online", "gateway-offline", "gateway-trouble",
        "late-readings", "missed-measurements", "quarantined-readings",
    }
)  # fmt: skip
"""Names of Hearthbeat's own items: an alert must not be taken for one of them."""
PLAN_LANES: Final = (Lane.MEDICAL, Lane.NEEDS_CHECK)
PERCENT: Final = (0.0, 100.0)


def check_rule(rule: Rule, path: Path) -> Iterator[Fault]:
    """All faults of one rule by itself."""
    if rule.id in RESERVED:
        yield Fault(path=(*path, "id"), message=f"{rule.id!r} is a name of Hearthbeat's own items")
    if rule.lane not in PLAN_LANES:
        message = f"a rule of a plan is in one of {listed(PLAN_LANES)}"
        yield Fault(path=(*path, "lane"), message=message)
    if rule.lane is Lane.NEEDS_CHECK and RANK[rule.severity] > RANK[Severity.MEDIUM]:
        message = "what needs a check is medium at most: nobody is paged for a bad cuff fit"
        yield Fault(path=(*path, "severity"), message=message)
    yield from _of_its_type(rule, path)


def metrics_of(kind: Kind) -> tuple[str, ...]:
    """What a bound may name in a rule on readings of this kind."""
    names = tuple(metric.name for metric in PANELS[kind].metrics)
    return (*names, *DERIVED) if kind is Kind.BLOOD_PRESSURE else names


def span_of(metric: str) -> tuple[float, float]:
    """Lowest and highest value that is not quarantined, so that can ever be judged."""
    if metric in DERIVED:
        return 0.0, SYSTOLIC.plausible[1] - DIASTOLIC.plausible[0]
    return METRICS[metric].plausible


def reach_of(rule: Rule, metric: str) -> tuple[float, float] | None:
    """Lowest and highest limit of this rule that a reading could ever cross; None: not known."""
    if metric not in metrics_of(rule.kind):
        return None
    low, high = span_of(metric)
    if isinstance(rule, Limit | ConfirmedLimit | SessionMean | WindowMean | NOfM):
        return low, high
    if isinstance(rule, Change) and not rule.percent:
        return low - high, high - low
    return None


def _of_its_type(rule: Rule, path: Path) -> Iterator[Fault]:  # noqa: C901 - an arm per type
    match rule:
        case Limit() | SessionMean():
            yield from _levels(rule, path)
        case ConfirmedLimit():
            yield from _levels(rule, path)
            if rule.apart_s >= rule.within_min * 60:
                message = f"leaves no time for a repeat within {rule.within_min} min"
                yield Fault(path=(*path, "apart_s"), message=message)
        case WindowMean():
            yield from _levels(rule, path)
            yield from _days(rule.min_days, rule.days, path)
        case NOfM():
            yield from _n_of_m(rule, path)
        case Change():
            yield from _levels(rule, path)
        case Trend():
            yield from _bounds(rule.bounds, rule.kind, path)
        case Band() | Shift():
            yield from _metric(rule.metric, rule.kind, path)
        case GlucoseStatistic():
            yield from _statistic(rule, path)
        case OximetryScale():
            yield from _scale(rule, path)
        case Together():
            yield from _together(rule, path)


def _metric(metric: str, kind: Kind, path: Path) -> Iterator[Fault]:
    known = metrics_of(kind)
    if metric not in known:
        message = f"{metric!r} is no metric of {kind}: {listed(known)}{meant(metric, known)}"
        yield Fault(path=(*path, "metric"), message=message)


def _levels(
    rule: Limit | ConfirmedLimit | SessionMean | WindowMean | NOfM | Change, path: Path
) -> Iterator[Fault]:
    """Bounds on the metric's own scale, or moves along it, that a reading must be able to cross."""
    yield from _bounds(rule.bounds, rule.kind, path)
    for index, bound in enumerate(rule.bounds):
        reach = reach_of(rule, bound.metric)
        if reach is None:
            continue
        low, high = reach
        what = "change of " if isinstance(rule, Change) else ""
        unit = _unit(bound.metric)
        for field, value in (("value", bound.value), ("clear", bound.clear)):
            if value is not None and not low <= value <= high:
                message = f"{value:g} {unit} is no {what}{bound.metric} that is measured: "
                message += f"{low:g} to {high:g} {unit}"
                yield Fault(path=(*path, "bounds", index, field), message=message)


def _unit(metric: str) -> str:
    return "mmHg" if metric in DERIVED else PRINTED[METRICS[metric].unit]


def _bounds(bounds: Sequence[Bound], kind: Kind, path: Path) -> Iterator[Fault]:
    for index, bound in enumerate(bounds):
        place = (*path, "bounds", index)
        yield from _metric(bound.metric, kind, place)
        yield from clear_fault(bound, place)
        if any(each.metric == bound.metric and each.op.upward == bound.op.upward
               for each in bounds[:index]):  # fmt: skip
            side = "above" if bound.op.upward else "below"
            message = f"{bound.metric} has a limit {side} in this rule already"
            yield Fault(path=place, message=message)
    yield from _room(bounds, path)


def clear_fault(bound: Bound | GlucoseStatistic, path: Path) -> Iterator[Fault]:
    """Over only where it is good again: `clear` must not lie where the limit is crossed."""
    if bound.clear is None:
        return
    beyond = bound.clear > bound.value if bound.op.upward else bound.clear < bound.value
    if beyond or (bound.clear == bound.value and "=" in bound.op):
        side = "below" if bound.op.upward else "above"
        where = side if "=" in bound.op else f"at or {side}"
        # Without its number: who reads this may have typed it in another unit.
        message = f"must be {where} the limit, where the alert begins"
        yield Fault(path=(*path, "clear"), message=message)


def _room(bounds: Sequence[Bound], path: Path) -> Iterator[Fault]:
    """Between a lower and an upper limit of one metric there must be values that are good."""
    for index, low in enumerate(bounds):
        for high in bounds:
            if low.metric != high.metric or low.op.upward or not high.op.upward:
                continue
            floor = low.value if low.clear is None else low.clear
            ceiling = high.value if high.clear is None else high.clear
            if low.value >= high.value or floor > ceiling:
                message = (
                    f"no {low.metric} is good: below {floor:g} and above {ceiling:g} are both bad"
                )
                yield Fault(path=(*path, "bounds", index), message=message)


def _days(fewest: int, days: int, path: Path) -> Iterator[Fault]:
    if fewest > days:
        yield Fault(path=(*path, "min_days"), message=f"is more than the window's {days} days")


def _n_of_m(rule: NOfM, path: Path) -> Iterator[Fault]:
    if rule.n > rule.m:
        yield Fault(path=(*path, "n"), message=f"is more than m, {rule.m}")
    if bool(rule.bounds) == (rule.flag is not None):
        message = "needs bounds or a flag, and not both"
        yield Fault(path=(*path, "bounds"), message=message)
    if rule.flag is not None and rule.flag not in set(Flag):
        message = f"{rule.flag!r} is no flag: {listed(Flag)}{meant(rule.flag, Flag)}"
        yield Fault(path=(*path, "flag"), message=message)
    yield from _levels(rule, path)


def _statistic(rule: GlucoseStatistic, path: Path) -> Iterator[Fault]:
    if rule.kind is not Kind.GLUCOSE:
        yield Fault(path=(*path, "kind"), message="must be glucose")
    yield from _days(rule.min_days, rule.days, path)
    yield from clear_fault(rule, path)
    if rule.statistic.endswith("_percent") and not PERCENT[0] <= rule.value <= PERCENT[1]:
        yield Fault(path=(*path, "value"), message="is a percentage: 0 to 100")


def _scale(rule: OximetryScale, path: Path) -> Iterator[Fault]:
    if rule.kind is not Kind.OXIMETRY:
        yield Fault(path=(*path, "kind"), message="must be oximetry")
    if rule.side != "low" and not (rule.scale == 2 and rule.on_oxygen):  # noqa: PLR2004
        message = "scores are high only on scale 2, on oxygen: scale = 2, on_oxygen = true"
        yield Fault(path=(*path, "side"), message=message)


def _together(rule: Together, path: Path) -> Iterator[Fault]:
    if len(set(rule.of)) < len(rule.of):
        yield Fault(path=(*path, "of"), message="names a rule twice")
    if rule.at_least > len(rule.of):
        message = f"is more than the {len(rule.of)} rules that are named"
        yield Fault(path=(*path, "at_least"), message=message)
