"""The first page: the newest number of each kind, what it means, who has it, what comes next."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from aiohttp import web

from care.programme import Plan
from console.my.advice import advice
from console.my.attention import Attention, attention, nurse_word
from console.my.due import Standing, Turn, next_turn, turns_of
from console.my.figures import (
    PULSE,
    Figure,
    coming,
    edge_of_turn,
    figure,
    not_sure,
    number,
    values_of,
    when,
)
from console.my.pulse import mark_of
from console.my.records import (
    NOTHING_SAID,
    Doubt,
    Row,
    Said,
    in_doubt,
    latest,
    plan_at,
    plans_of,
    said_of,
    still_waits,
    taken,
)
from console.my.verdict import Verdict, Word, asks_for, judged
from console.my.visit import Visit, shown, visit
from console.parts import PARTS
from vitals.kinds import PANELS, Kind

OLD: Final = dt.timedelta(days=1)
"""A number older than this says nothing of how somebody is now."""
ICONS: Final = {
    Kind.BLOOD_PRESSURE: "pressure",
    Kind.WEIGHT: "weight",
    Kind.BODY_COMPOSITION: "weight",
    Kind.GLUCOSE: "glucose",
    Kind.OXIMETRY: "oximetry",
    Kind.TEMPERATURE: "temperature",
    Kind.HEART_RATE: "heartbeat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """The newest reading of a kind."""

    figure: Figure
    verdict: Verdict
    measured_at: dt.datetime
    when: str
    arrived: str
    looked_when: str
    attention: Attention
    nurse: str
    """A key of the catalogue's `nurse`."""
    advice: str
    pulse: str | None
    pulse_verdict: Verdict
    being_judged: bool
    """It has only just arrived: the word may still change."""

    @property
    def out(self) -> bool:
        return self.verdict.out or self.pulse_verdict.out


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnShown:
    """One slot of today in words."""

    part: str
    standing: str
    span: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """All that is said of one kind."""

    kind: Kind
    planned: bool
    latest: Latest | None
    turns: Sequence[TurnShown]
    next: str
    """When the next one is due."""

    @property
    def done(self) -> bool:
        """Whether all that was asked for today is there."""
        return bool(self.turns) and all(each.standing == Standing.DONE for each in self.turns)

    @property
    def order(self) -> tuple[bool, float]:
        """Out of range first, then the newest."""
        if self.latest is None:
            return True, 0.0
        return not self.latest.out, -self.latest.measured_at.timestamp()


async def today(request: web.Request) -> web.Response:
    async with request.app[PARTS].connection() as conn:
        who = await visit(request, conn)
        mark = await mark_of(conn, who.organisation_id, who.patient_id, now=who.now)
        plans = await plans_of(conn, who)
        newest = await latest(conn, who)
        measured = await taken(conn, who)
        said = await said_of(conn, who, [row["id"] for row in newest.values()])
        doubts = await in_doubt(conn, who)
        waits = await still_waits(conn, who)
    planned = _planned(plans, now=who.now)
    kinds = sorted({*newest, *planned}, key=list(PANELS).index)
    blocks = []
    for kind in kinds:
        times = measured.get(kind, ())
        turns = turns_of(who.today, kind, plans, who.zone, times, now=who.now)
        coming_up = next_turn(kind, plans, who.zone, times, now=who.now)
        row = newest.get(kind)
        blocks.append(
            Block(
                kind=kind,
                planned=kind in planned,
                latest=None
                if row is None
                else _latest(row, plans, said, who, waits=waits, due=_is_due(coming_up)),
                turns=[turn_shown(turn, who) for turn in turns],
                next=next_shown(coming_up, who),
            )
        )
    return today_page(request, who, sorted(blocks, key=lambda each: each.order), doubts, mark)


def today_page(
    request: web.Request, who: Visit, blocks: Sequence[Block], doubts: Sequence[Doubt], mark: str
) -> web.Response:
    """The whole page, or for our own script what stands in its middle."""
    part = request.headers.get("X-Fragment") is not None
    template = "today_part.html" if part else "today.html"
    context = {
        "blocks": blocks,
        "doubts": doubts,
        "mark": mark,
        "icon_of": icon_of,
        "when": lambda at: when(at, who.zone, who.words, now=who.now),
    }
    return shown(request, who, template, context)


def turn_shown(turn: Turn, who: Visit) -> TurnShown:
    w = who.words
    begins, ends = (edge_of_turn(at, who.zone, w) for at in (turn.begins, turn.ends))
    words = {
        Standing.DONE: "due.done",
        Standing.NOW: "due.due_now",
        Standing.LATER: "due.later",
        Standing.OVER: "due.over",
    }[turn.standing]
    partly = 0 < turn.taken < turn.wanted
    return TurnShown(
        part=turn.part,
        standing=turn.standing,
        span=w("due.span", begins=begins, ends=ends),
        words=w("due.some", taken=turn.taken, wanted=turn.wanted) if partly else w(words),
    )


def next_shown(turn: Turn | None, who: Visit) -> str:
    w = who.words
    if turn is None:
        return w("due.nothing")
    if turn.standing is Standing.NOW:
        return w("due.now", time=edge_of_turn(turn.ends, who.zone, w))
    return coming(turn.begins, who.zone, w, now=who.now)


def icon_of(kind: Kind) -> str:
    """A symbol of console/static/icons.svg."""
    return ICONS[kind]


def _planned(plans: Sequence[Plan], *, now: dt.datetime) -> frozenset[Kind]:
    plan = plan_at(plans, now)
    return frozenset() if plan is None else frozenset(k for k in Kind if asks_for(plan, k))


def _is_due(turn: Turn | None) -> bool:
    return turn is not None and turn.standing is Standing.NOW


def _latest(
    row: Row,
    plans: Sequence[Plan],
    said: Mapping[UUID, Said],
    who: Visit,
    *,
    waits: bool,
    due: bool,
) -> Latest:
    kind, values = Kind(row["kind"]), values_of(row)
    plan, heard = plan_at(plans, row["measured_at"]), said.get(row["id"], NOTHING_SAID)
    verdict = judged(kind, values, plan, heard.findings)
    of_pulse = judged(kind, values, plan, heard.findings, metrics=(PULSE,))
    worse = max(verdict, of_pulse, key=lambda each: each.grade)
    looked = attention(heard.items)
    said_when = partial(when, zone=who.zone, words=who.words, now=who.now)
    pulse = values.get(PULSE)
    return Latest(
        figure=figure(kind, values, who.units, who.words),
        verdict=verdict,
        measured_at=row["measured_at"],
        when=said_when(row["measured_at"]),
        arrived=said_when(row["received_at"]),
        looked_when="" if looked.at is None else said_when(looked.at),
        attention=looked,
        nurse=nurse_word(looked.looked, out=verdict.out or of_pulse.out),
        advice=advice(
            kind,
            worse,
            looked.looked,
            not_sure=not_sure(row["flags"]),
            old=who.now - row["measured_at"] > OLD,
            due=due,
        ),
        pulse=None if pulse is None else number(PULSE, pulse, who.units, who.words),
        pulse_verdict=of_pulse,
        being_judged=waits and verdict.word is Word.AS_EXPECTED,
    )
