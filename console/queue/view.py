"""Rows as the template shows them: every word made, nothing left to decide. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup

from alerts.explanation import explained
from alerts.life.alert import State
from care.rules import Severity
from console.api.alert_over import Over, how_over
from console.api.alert_units import in_units
from console.queue import pressure, words
from console.queue.facts import Item, Person, Row
from console.queue.sparkline import sparkline
from console.queue.words import Deadline, Trend

LEFT_OUT_OF_LINES = words.DIFFERENCES
"""Their limit is a difference: it has no place among values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One alert."""

    id: str
    version: int
    severity: Severity
    state: State
    unattended: bool
    what: str
    why: str
    telling: bool
    """Whether `why` says more than value and bound beside it do."""
    icon: str | None
    lane: str
    quantity: str
    value: str
    reading: Markup
    """The same with what was measured with it, as it is shown; what triggered is emphasised."""
    last: Markup
    """The last measurement, where the value is none."""
    bound: str
    age_at: dt.datetime
    age: str
    backlog: bool
    over: Over | None
    """How it came to be, where it is."""
    episode: str
    said: str
    deadline: Deadline | None

    @property
    def iso(self) -> str:
        return self.age_at.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    kind: str
    subject: str
    key: str
    patient: str | None
    name: str
    identity: str
    first: ItemView
    deadline: Deadline | None
    """The earliest of its alerts: the row's place."""
    of_another: bool
    """The deadline is not the first alert's."""
    refs: str
    count: int
    others: str
    trend: Trend | None
    spark: Markup
    looker: str | None
    looker_id: str
    search: str
    programmes: str

    @property
    def link(self) -> str:
        """The chart, or the page of the hub or device."""
        if self.patient:
            return f"/patients/{self.patient}?alert={self.first.id}"
        return f"/{'hubs' if self.kind == 'gateway' else 'devices'}/{self.subject}"


def item_view(
    item: Item,
    person: Person | None,
    *,
    zone: ZoneInfo,
    now: dt.datetime,
    row: Row | None = None,
) -> ItemView:
    """`zone` is the clinic's; what the patient measured is told by the patient's clock."""
    alert = item.alert
    told = in_units(alert, person.units) if person else alert
    points = row.points if row else ()
    value = words.measured(alert, told, person, points)
    reading, last = _reading(item, value, row)
    return ItemView(
        id=str(alert.id),
        version=alert.version,
        severity=alert.severity,
        state=alert.state,
        unattended=alert.state.unattended,
        what=words.what(item),
        why=explained(told, zone=person.zone if person else zone),
        telling=words.telling(item),
        icon=words.icon(item),
        lane=words.LANES.get(alert.lane, ""),
        quantity=words.quantity(alert),
        value=value,
        reading=reading,
        last=last,
        bound=words.bound(alert, told),
        age_at=alert.last_at,
        age=words.aged(alert.last_at, now=now),
        backlog=alert.late,
        over=None if alert.cleared_at is None else how_over(alert.cleared_why),
        episode="" if item.no_value else words.episode(alert),
        said=words.state(item, zone=zone, now=now),
        deadline=words.deadline(item, now=now),
    )


def row_view(
    row: Row, *, zone: ZoneInfo, now: dt.datetime, meant: Sequence[Item] | None = None
) -> RowView:
    """`meant`: those alerts of the row that a filter asks for; without one, all of them."""
    person, first = row.person, row.first
    item = item_view(first, person, zone=zone, now=now, row=row)
    return RowView(
        kind=row.kind,
        subject=row.subject,
        key=row.place.text,
        patient=None if person is None else str(person.id),
        name=_name(row),
        identity="" if person is None else _identity(person, now=now),
        first=item,
        deadline=words.deadline(row.soonest, now=now),
        of_another=row.soonest is not first,
        refs=" ".join(
            f"{each.alert.id}:{each.alert.version}:{each.alert.severity}:{each.alert.state}"
            for each in (row.items if meant is None else meant)
        ),
        count=len(row.items),
        others=words.others(row.items),
        trend=_trend(row, "" if item.last else item.value),
        spark=sparkline(() if words.beyond(first.alert) else row.points, _limit(first)),
        looker=None if row.looker is None else row.looker.name,
        looker_id="" if row.looker is None else str(row.looker.user),
        search=f"{_name(row)} {person.mrn if person else ''}".casefold(),
        programmes=", ".join(person.programmes) if person else "",
    )


def _reading(item: Item, value: str, row: Row | None) -> tuple[Markup, Markup]:
    """A cuff's number with the others of its measurement, any other as it is; and, beside a mean
    or what is made of two numbers, the last measurement.
    """
    alert, nothing = item.alert, Markup("")
    plain = Markup("<b>{}</b>").format(value) if value else nothing
    if not value or row is None or alert.kind != pressure.KIND or words.beyond(alert):
        return plain, nothing
    last = row.pressure(row.points[0].at) if row.points else None
    if alert.reason.get("code") not in words.DIFFERENCES:
        found = row.pressure(alert.last_at)
        if found is None or found.of(alert.metric) != alert.value:
            return plain, pressure.whole(last) if last else nothing
        last = found
    return (
        pressure.whole(last, alert.metric, value.partition(" ")[0]) if last else plain,
        nothing,
    )


def _trend(row: Row, value: str) -> words.Trend | None:
    """None beside what was no number: the numbers before it would pass for it."""
    alert = row.first.alert
    if row.first.no_value or words.beyond(alert):
        return None
    return words.trend(row.points, alert.metric, row.person, beside=value)


def _name(row: Row) -> str:
    if row.person is not None:
        return row.person.name
    facts = row.first.alert.reason.get("facts", {})
    if row.kind == "gateway":
        return f"Hub {facts.get('label') or facts.get('gateway') or row.subject}"
    return f"Device {facts.get('label') or facts.get('device') or row.subject}"


def _identity(person: Person, *, now: dt.datetime) -> str:
    """What tells two people of one name apart."""
    if person.born is None:
        return f"MRN {person.mrn}"
    today = now.astimezone(person.zone).date()
    age = (
        today.year
        - person.born.year
        - ((today.month, today.day) < (person.born.month, person.born.day))
    )
    return f"MRN {person.mrn} · {age} y"


def _limit(item: Item) -> float | None:
    """Among values in canonical units."""
    if item.alert.bound is None or item.alert.reason.get("code") in LEFT_OUT_OF_LINES:
        return None
    if item.alert.bound.get("metric") != item.alert.metric:
        return None
    return float(item.alert.bound["value"])
