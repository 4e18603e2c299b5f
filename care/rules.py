"""What a plan may ask of readings: limits and rules, as data. How they are computed: alerts/rules.

Every rule is one table `[[rules]]` of a programme file, with `type` naming its class here. A rule
says which numbers are looked at, over which window of *event* time, which bounds they must not
cross, and how grave it is. It never says who is told: that is the plan's ladder.
"""

from enum import StrEnum
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from vitals.kinds import Kind

RuleId: TypeAlias = Annotated[
    # `$` alone lets a line feed follow.
    str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$(?!\\n)", max_length=64)
]
Days: TypeAlias = Annotated[int, Meta(ge=1, le=60)]
Minutes: TypeAlias = Annotated[int, Meta(ge=1, le=1440)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=200)]
Number: TypeAlias = Annotated[float, Meta(ge=-1_000_000, le=1_000_000)]
"""Far beyond anything that is measured: a limit further out would be none."""
Positive: TypeAlias = Annotated[float, Meta(gt=0, le=1_000_000)]
NotNegative: TypeAlias = Annotated[float, Meta(ge=0, le=1_000_000)]
Name: TypeAlias = Annotated[str, Meta(max_length=64)]
Line: TypeAlias = Annotated[str, Meta(max_length=200)]
Words: TypeAlias = Annotated[str, Meta(max_length=2000)]

BOUNDS_MOST: Final = 24
"""Both sides of all that any kind measures, and room."""


class Severity(StrEnum):
    """How soon somebody must look; never a diagnosis. From IEC 60601-1-8 priorities."""

    LOW = "low"  # In the weekly review.
    MEDIUM = "medium"  # The next working day.
    HIGH = "high"  # Within hours.
    CRITICAL = "critical"  # Within minutes of staffed hours.


RANK: Final[dict[Severity, int]] = {severity: rank for rank, severity in enumerate(Severity, 1)}
"""1 for low to 4 for critical; 0 is "nothing"."""


class Lane(StrEnum):
    """What kind of work an item is; the lanes stand apart in the queue."""

    MEDICAL = "medical"  # The reading says something about the patient.
    NEEDS_CHECK = "needs_check"  # The reading may be wrong: at most medium.
    REVIEW = "review"  # A backlog that arrived late: to be read, nobody is paged.
    COMPLIANCE = "compliance"  # The patient did not measure.
    TECHNICAL = "technical"  # A gateway, a device, a clock, an owner not known.


class Op(StrEnum):
    AT_OR_ABOVE = ">="
    ABOVE = ">"
    AT_OR_BELOW = "<="
    BELOW = "<"

    @property
    def upward(self) -> bool:
        """Whether greater is worse."""
        return self in {Op.AT_OR_ABOVE, Op.ABOVE}


DERIVED: Final = ("pulse_pressure",)
"""Names a bound may use beside the registry's metrics: systolic minus diastolic, mmHg."""


class Bound(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One edge: crossed where `metric op value` holds."""

    metric: Name
    """A name of vitals.metrics, or of DERIVED."""
    op: Op
    value: Number
    """In the metric's canonical unit; in the unit of the rule's statistic where it has one."""
    clear: Number | None = None
    """Hysteresis: once crossed, it is over only on the good side of `clear`, `clear` itself
    counting as good. None: over as soon as it is not crossed."""


class Base(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every rule has."""

    id: RuleId
    """Names the rule in alerts for good: a plan's override and an alert refer to it."""
    kind: Kind
    """Whose readings it looks at."""
    severity: Severity
    label: Line = ""
    """Our own short words for a queue row; made from the bounds where left out."""
    lane: Lane = Lane.MEDICAL
    latch: bool = True
    """An alert stays until a person has seen it, even when the values are good again."""
    clear_after: Count = 1
    """So many readings on the good side in a row end an episode."""
    enabled: bool = True
    """An override may switch a programme's rule off for a patient, with a reason."""
    source: Words = ""
    """Where the default comes from: a guideline, a paper, a protocol."""


class Limit(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="limit"):
    """One reading crosses any bound. HI and LO count as beyond every bound on their side.

    Here as everywhere a doubtful reading (alerts.judging.artefacts) is no evidence, for or against.
    """

    bounds: Annotated[tuple[Bound, ...], Meta(min_length=1, max_length=BOUNDS_MOST)]


class ConfirmedLimit(
    Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="confirmed_limit"
):
    """A reading crosses any bound, and so does a repeat of it within the protocol's minutes.

    The repeat is asked for. The first that does not cross ends the wait, and nothing was; none
    within the minutes counts as crossed, for silence is no good news, and the alert says so. The
    alert begins with the first of the two. While it is open, one reading on the bad side holds it.
    """

    bounds: Annotated[tuple[Bound, ...], Meta(min_length=1, max_length=BOUNDS_MOST)]
    within_min: Minutes = 30
    """A repeat later than this is a first reading of its own."""
    apart_s: Annotated[int, Meta(ge=0, le=3600)] = 60
    """A reading sooner than this after a crossing one is of the same attempt: it neither confirms
    nor reassures."""
    ask: bool = True
    """Ask the home to measure again, over the gateway's commands."""


class SessionMean(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="session_mean"):
    """The mean of a session, readings no further apart than `gap_min`, crosses any bound.

    Judged at each reading, over the session so far. HI and LO are left out of means. Of a session
    that goes on for more than four hours the last four count.
    """

    bounds: Annotated[tuple[Bound, ...], Meta(min_length=1, max_length=BOUNDS_MOST)]
    gap_min: Minutes = 10
    min_count: Count = 2
    """So many at least, those dropped not counted."""
    drop_first: Annotated[int, Meta(ge=0, le=5)] = 0
    """So many readings at the beginning of a session are left out."""


class WindowMean(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="window_mean"):
    """The mean of the last `days` local days' means, today's included, crosses any bound.

    Each day with readings weighs the same, however often somebody measured on it: who measures
    again and again on a bad day must not make a week of it. Judged at each reading, today's mean
    being that of the readings so far; give a `clear`, or it may flicker within a day. Not judged
    until there are readings on `min_days` of them, and `min_count` in all; days and readings that
    are left out do not count there. HI and LO are left out of means.
    """

    bounds: Annotated[tuple[Bound, ...], Meta(min_length=1, max_length=BOUNDS_MOST)]
    days: Days = 7
    min_days: Days = 3
    min_count: Count = 12
    drop_first_day: bool = False
    """Leave out the first day of a series: values are higher then (2.8/1.4 mmHg, n=2122). A series
    begins with the first reading ever, and with one more than `days` local days after the last."""
    protocol_hours: bool = False
    """Only readings from 04:00 to 11:59 and from 17:00 to 23:59 local time."""


class Baseline(StrEnum):
    LOWEST = "lowest"
    HIGHEST = "highest"
    MEDIAN = "median"
    MEAN = "mean"
    OLDEST = "oldest"  # The first reading in the window: "since three days ago".


class Change(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="change"):
    """The reading less a personal baseline of the `days` before it crosses a bound.

    The baseline never includes the reading itself. `days` are spans of 24 hours, and six hours of
    grace: a scale stepped on at seven yesterday and at eight today says something about one day. At
    most the newest 200 readings of the span count.
    """

    bounds: Annotated[tuple[Bound, ...], Meta(min_length=1, max_length=BOUNDS_MOST)]
    """In the metric's unit, or percent of the baseline where `percent`; a loss is negative."""
    baseline: Baseline = Baseline.MEDIAN
    days: Days = 7
    min_count: Count = 3
    percent: bool = False


class Band(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="band"):
    """The reading lies outside median ± max(k·MAD, floor) of the `days` before it.

    MAD is scaled by 1.4826 (a standard deviation where values are normal). The edges lie within. At
    most the newest 200 readings of the span count. Give a floor: readings that were all the same
    have a MAD of 0, and the next one that differs would be news.
    """

    metric: Name
    k: Positive = 4.0
    floor: NotNegative = 0.0
    """The narrowest half-width, in the metric's unit."""
    floor_percent: Annotated[float, Meta(ge=0, le=100)] = 0.0
    """The narrowest half-width, in percent of the median."""
    days: Days = 30
    min_count: Count = 10
    side: Literal["both", "above", "below"] = "both"


class Trend(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="trend"):
    """The Theil-Sen slope over `days` crosses a bound; per week, in the metric's unit.

    Sen 1968: the median of the slopes between all pairs. At most the last 60 readings count. Not
    judged until there are `min_count` of them that reach over a third of `days`: ten weighings of
    one evening have no slope worth a week.
    """

    bounds: Annotated[tuple[Bound, ...], Meta(min_length=1, max_length=2)]
    days: Days = 14
    min_count: Annotated[int, Meta(ge=3, le=60)] = 7
    max_gap_days: Days = 3
    """A longer pause starts the series anew."""


class Shift(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="shift"):
    """A control chart leaves its limits: EWMA (lambda, L) or CUSUM (k, h), in units of the SD.

    A series is the readings of the last `days` (at most the newest 200) since the last pause longer
    than `max_gap_days`. Centre and SD are those of its first `baseline_count` readings, and the
    chart begins after them. So what a reading says does not depend on how far back one looks, and
    what stays for `days` becomes the new centre. NIST/SEMATECH e-Handbook 6.3.2, with the narrower
    limits of the first points of an EWMA.
    """

    metric: Name
    method: Literal["ewma", "cusum"] = "ewma"
    side: Literal["both", "above", "below"] = "both"
    smoothing: Annotated[float, Meta(gt=0, le=1)] = 0.2
    width: Positive = 3.0
    slack: NotNegative = 0.5
    decision: Positive = 5.0
    days: Days = 45
    baseline_count: Annotated[int, Meta(ge=5, le=60)] = 10
    max_gap_days: Days = 7
    min_sd: Positive = 0.1
    """The smallest SD believed, in the metric's unit: a flat baseline must not make noise news."""


class NOfM(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="n_of_m"):
    """`n` of the last `m` readings cross any bound, or bear the flag.

    An episode begins with a reading that is itself one of the `n`, and goes on while `n` of the
    last `m` are not on the good side of `clear`.
    """

    n: Count = 2
    m: Count = 3
    within_days: Days = 7
    """Older readings are not among the last `m`."""
    bounds: Annotated[tuple[Bound, ...], Meta(max_length=BOUNDS_MOST)] = ()
    flag: Name | None = None
    """A flag of vitals.flags, such as `irregular_pulse`; instead of bounds."""
    quiet_days: Annotated[int, Meta(ge=0, le=60)] = 0
    """After an episode's onset, no new one for so long: "ECG advised" once in 30 days. What is
    still in breach then begins one with its next reading."""


class Statistic(StrEnum):
    """Of all glucose readings in a window. Self-measured, so "percent of readings", not of time.

    HI and LO count in the percentages, for it is known on which side they are; in nothing else.
    """

    IN_RANGE = "in_range_percent"  # 70 to 180 mg/dL, both included.
    BELOW_54 = "below_54_percent"
    BELOW_70 = "below_70_percent"
    ABOVE_180 = "above_180_percent"
    ABOVE_250 = "above_250_percent"
    MEAN = "mean"  # mg/dL
    GMI = "gmi"  # %, Bergenstal 2018
    CV = "cv"  # %
    LBGI = "lbgi"  # Kovatchev 1997
    HBGI = "hbgi"


class GlucoseStatistic(
    Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="glucose_statistic"
):
    """A statistic of the last `days` local days of glucose readings crosses the bound."""

    statistic: Statistic
    op: Op
    value: Number
    clear: Number | None = None
    days: Days = 14
    min_days: Days = 7
    min_count: Count = 20


class OximetryScale(
    Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="oximetry_scale"
):
    """The oxygen saturation scores at least `score` on a scale of NEWS2 (RCP 2017).

    One parameter of NEWS2, never to be shown as a NEWS2 score. Scale 2 is for hypercapnic
    respiratory failure with a target of 88-92 %, and needs a clinician's decision. The scales are
    in whole percents: a fraction is dropped.
    """

    scale: Literal[1, 2] = 1
    score: Annotated[int, Meta(ge=1, le=3)] = 3
    on_oxygen: bool = False
    side: Literal["low", "high", "both"] = "low"
    """`high` is over-oxygenation: it exists on scale 2 and `on_oxygen` only."""


class Together(Base, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="together"):
    """At least `at_least` of other rules of this plan have an episode at once, or nearly.

    Weight gain alone says little; with a shift of the heart rate it says more. It begins where one
    of them begins and enough others are open, or cleared not more than `within_hours` before; it
    goes on until none of them is open. Values that wait for a repeat do not count.
    """

    of: Annotated[tuple[RuleId, ...], Meta(min_length=2, max_length=50)]
    at_least: Annotated[int, Meta(ge=2)] = 2
    within_hours: Annotated[int, Meta(ge=1, le=336)] = 72


Rule: TypeAlias = (
    Limit
    | ConfirmedLimit
    | SessionMean
    | WindowMean
    | Change
    | Band
    | Trend
    | Shift
    | NOfM
    | GlucoseStatistic
    | OximetryScale
    | Together
)
