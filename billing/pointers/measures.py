"""The five measures of the OIG's snapshot of remote monitoring (OEI-02-23-00261), over our own
lines. Pure.

The OIG computes them over what Medicare was billed; here they are over what this practice has, so
that whoever runs it sees first what others would ask about. Thresholds are the OIG's where it
names one, and ours where it does not: which is said with each.
"""

from calendar import month_name
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Final
from uuid import UUID

from msgspec import Struct

from billing.pointers.claimed import MANAGEMENT, SUPPLY, Claimed

SPIKE: Final = 1.5
"""More patients by so much than in the month before: 150 %. The OIG's."""
STRANGERS: Final = 0.8
"""The OIG's: for more than so many of the patients no earlier relationship."""
ALONE: Final = 0.75
"""The OIG's: more than so many have a device and no care time."""
DEVICES_MOST: Final = 1
"""Supply lines of one patient in one month. Ours."""
ROWS_MOST: Final = 500


class Row(Struct, frozen=True, kw_only=True):
    """What a figure is made of."""

    label: str
    value: str
    month: str | None = None
    patient: UUID | None = None
    lines: tuple[UUID, ...] = ()


class Measure(Struct, frozen=True, kw_only=True):
    key: str
    title: str
    figure: str
    """"23 %", or "None" where nothing is there to count."""
    words: str
    """What the figure says, as a sentence."""
    threshold: str
    how: str
    """How it is computed."""
    points: bool
    """It lies beyond the threshold."""
    rows: tuple[Row, ...] = ()
    """What would be looked at."""


def measures(claimed: Sequence[Claimed]) -> tuple[Measure, ...]:
    """All five, in the order of the report."""
    rows = [each for each in claimed if each.service in {"rpm", "rtm"}]
    return (spikes(rows), no_relationship(rows), alone(rows), several(rows), devices(rows))


def spikes(claimed: Sequence[Claimed]) -> Measure:
    months: dict[str, set[UUID]] = {}
    for each in claimed:
        months.setdefault(each.month, set()).add(each.patient)
    counts = [(month, len(months.get(month, ()))) for month in _every(months)]
    grown = [
        (month, before, now, (now - before) / before)
        for (_, before), (month, now) in pairwise(counts)
        if before
    ]
    highest = max(grown, key=lambda each: (each[3], each[0]), default=None)
    return Measure(
        key="spikes",
        title="Sudden growth from one month to the next",
        figure="None" if highest is None else _signed(highest[3]),
        words="There is no month before to compare with."
        if highest is None
        else f"From {highest[1]} to {highest[2]} patients with lines in {_name(highest[0])}, the "
        "largest step of the months shown.",
        threshold="Looked at from 150 % more than in the month before (the OIG's).",
        how="Patients with at least one line for remote monitoring, month by month; the change is "
        "against the month before.",
        points=highest is not None and highest[3] >= SPIKE,
        rows=tuple(
            Row(label=month, value=_step(number, counts), month=month)
            for number, (month, _) in reversed(list(enumerate(counts)))
        ),
    )


def no_relationship(claimed: Sequence[Claimed]) -> Measure:
    return _share(
        _patients(claimed),
        _Asked(
            has=lambda rows: not all(each.established for each in rows),
            key="no-relationship",
            title="No earlier relationship with the patient",
            words="{hits} of {all} patients with lines have no earlier visit with the practice on "
            "record.",
            threshold="Looked at above 80 % of patients (the OIG's).",
            how="Patients with lines whose enrolment names no visit before the first of them. What "
            "the electronic record knows and nobody has entered here counts as missing.",
            above=STRANGERS,
            say="no visit on record before {first}",
        ),
    )


def alone(claimed: Sequence[Claimed]) -> Measure:
    supplied = {each.patient for each in claimed if each.scope == SUPPLY}
    return _share(
        {key: rows for key, rows in _patients(claimed).items() if key in supplied},
        _Asked(
            has=lambda rows: all(each.scope != MANAGEMENT for each in rows),
            key="device-alone",
            title="A device, and nobody who talks about it",
            words="{hits} of {all} patients with device supply have no line for care time in these "
            "months.",
            threshold="Looked at above 75 % of patients (the OIG's).",
            how="Patients with a line for device supply and none for care time in all the months "
            "shown.",
            above=ALONE,
            say="{count} for supply, none for care time",
        ),
    )


def several(claimed: Sequence[Claimed]) -> Measure:
    """E-4: one practitioner for a patient in a period. What others bill elsewhere nobody here
    can know before a payer refuses a line.
    """
    return _share(
        _patients(claimed),
        _Asked(
            has=_by_several,
            key="several-practices",
            title="One patient, several who bill",
            words="{hits} of {all} patients have lines for device supply by two practitioners in "
            "the same days.",
            threshold="Looked at from the first patient (ours: one practitioner in 30 days, rule "
            "E-4).",
            how="Device supply of one patient in the same days by more than one rendering "
            "practitioner, within this practice only. Of other practices only a payer's refusal as "
            "a duplicate tells.",
            above=0.0,
            say="{who}",
        ),
    )


def devices(claimed: Sequence[Claimed]) -> Measure:
    supply = [each for each in claimed if each.scope == SUPPLY]
    return _share(
        _patients(supply),
        _Asked(
            has=_too_many,
            key="several-devices",
            title="Several devices billed in a month",
            words="{hits} of {all} patients with device supply have more than one line for it in "
            "the same 30 days.",
            threshold="Looked at from the first patient (ours: one line in 30 days however many "
            "devices, rule D-4).",
            how="Lines for device supply of one patient whose periods share a day. Several devices "
            "in one line are as they should be.",
            above=0.0,
            say="{count} for supply",
        ),
    )


def _by_several(rows: Sequence[Claimed]) -> bool:
    supply = [each for each in rows if each.scope == SUPPLY]
    pairs = ((one, two) for one in supply for two in supply if one.line.int < two.line.int)
    return any(_meet(one, two) and one.practitioner != two.practitioner for one, two in pairs)


def _too_many(rows: Sequence[Claimed]) -> bool:
    return any(sum(_meet(one, other) for other in rows) > DEVICES_MOST for one in rows)


def _meet(one: Claimed, two: Claimed) -> bool:
    return one.first <= two.last and two.first <= one.last


def _patients(claimed: Iterable[Claimed]) -> dict[UUID, list[Claimed]]:
    found: dict[UUID, list[Claimed]] = {}
    for each in claimed:
        found.setdefault(each.patient, []).append(each)
    return found


class _Asked(Struct, frozen=True, kw_only=True):
    """One question about each patient."""

    key: str
    title: str
    words: str
    threshold: str
    how: str
    above: float
    say: str
    has: Callable[[Sequence[Claimed]], bool]


def _share(of: dict[UUID, list[Claimed]], asked: _Asked) -> Measure:
    hits = {patient: rows for patient, rows in of.items() if asked.has(rows)}
    share = len(hits) / len(of) if of else None
    return Measure(
        key=asked.key,
        title=asked.title,
        figure="None" if share is None else f"{share:.0%}",
        words=asked.words.format(hits=len(hits), all=len(of))
        if of
        else "There are no such lines in these months.",
        threshold=asked.threshold,
        how=asked.how,
        points=share is not None and share > asked.above,
        rows=tuple(
            Row(
                label=rows[0].name, value=_said(asked.say, rows), patient=patient,
                lines=tuple(each.line for each in rows),
            )
            for patient, rows in sorted(hits.items(), key=lambda each: each[1][0].name)[:ROWS_MOST]
        ),
    )  # fmt: skip


def _said(say: str, rows: Sequence[Claimed]) -> str:
    who = sorted({each.practitioner for each in rows if each.practitioner})
    return say.format(
        first=min(each.first for each in rows),
        count="1 line" if len(rows) == 1 else f"{len(rows)} lines",
        who=" and ".join(who) or "nobody named",
    )


def _step(number: int, counts: Sequence[tuple[str, int]]) -> str:
    count = counts[number][1]
    words = "1 patient" if count == 1 else f"{count} patients"
    before = counts[number - 1][1] if number else 0
    return f"{words}, {_signed((count - before) / before)}" if before else words


def _name(month: str) -> str:
    """October 2026, of 2026-10."""
    year, _, number = month.partition("-")
    return f"{month_name[int(number)]} {year}"


def _signed(change: float) -> str:
    return f"{change:+.0%}".replace("-", "−")  # noqa: RUF001 - a minus sign


def _every(months: Iterable[str]) -> list[str]:
    """From the first to the last, those without a line too."""
    known = sorted(months)
    if not known:
        return []
    found, (year, month) = [], (int(part) for part in known[0].split("-"))
    while (name := f"{year:04}-{month:02}") <= known[-1]:
        found.append(name)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)  # noqa: PLR2004 - December
    return found
