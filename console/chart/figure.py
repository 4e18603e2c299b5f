"""What a drawn figure consists of: places and words, ready for the template. No logic here.

Places across are percents of the plot's width, places down are pixels, paths are in the view box.
"""

from dataclasses import dataclass
from uuid import UUID

from care.rules import Severity
from vitals.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class BandBox:
    x: float
    width: float
    y: float
    height: float
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLine:
    """A limit, where it lies and since when."""

    x: float
    width: float
    y: float
    severity: Severity
    words: str
    words_y: float | None
    """None: there is no room beside the others; they stand below the figure too."""
    last: bool
    """Of what holds at the end of the span."""
    margin_y: float | None = None
    """Where its words stand beside the plot: of the last ones, apart from each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapBox:
    x: float
    width: float
    words: str
    roomy: bool
    """Whether the words fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisTick:
    place: float
    words: str
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    path: str
    look: str
    """A class of chart.css, and what the legend says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beyond:
    """HI or LO: what the meter could not put into a number."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMark:
    """Where another version of the plan came into force."""

    x: float
    words: str
    before: bool
    """Its words stand before it: after it they would be cut off."""
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMark:
    x: float
    severity: Severity
    alerts: int
    words: str
    first: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPanel:
    metric: str
    title: str
    unit: str
    height: int
    about: str
    """The panel in words."""
    bands: tuple[BandBox, ...]
    edges: tuple[EdgeLine, ...]
    gaps: tuple[GapBox, ...]
    ticks: tuple[AxisTick, ...]
    strokes: tuple[Stroke, ...]
    beyond: tuple[Beyond, ...]
    plans: tuple[PlanMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statistic: a number with what it rests on, or that there is not enough."""

    label: str
    value: str | None
    unit: str = ""
    rests_on: str = ""
    note: str = ""
    absent: str = "Not enough data"
    """What is said in place of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    value: str
    at_words: str
    ago: str
    doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnFigure:
    kind: Kind
    title: str
    icon: str
    latest: Latest | None
    panels: tuple[DrawnPanel, ...]
    ticks: tuple[AxisTick, ...]
    alerts: tuple[AlertMark, ...]
    legend: tuple[tuple[str, str], ...]
    """Look, words."""
    limits: tuple[str, ...]
    """What holds now, in words."""
    thinned: str | None
    dense: bool
    """So many dots that they are drawn smaller."""
    facts: tuple[Fact, ...]
    meals: tuple["MealRow", ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MealRow:
    """Glucose around one kind of meal."""

    label: str
    readings: int
    mean: str | None
    lowest: str
    highest: str
    in_range: str | None
