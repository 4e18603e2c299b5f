"""One patient's past, lived through once more: readings arrive, alerts are judged, nurses act.

All of it is one transaction: a start that is ended in the middle has made a patient's past, or none
of it. The clock is an argument everywhere, and here it steps from one moment at which something
happens to the next. Which moments those are, one look at all readings together says beforehand;
between them, readings change nothing, and come in at the next.
"""

import datetime as dt
import heapq
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from alerts.evaluating.evaluation import Memory, evaluate_tasks
from alerts.evaluating.quiet import quiet_after
from alerts.evaluating.taking import tasks
from alerts.life import rows
from alerts.life.actions import act
from alerts.life.alert import Alert, State
from alerts.life.errors import AlertError
from alerts.life.events import Claim, Resolve, Snooze
from alerts.life.lifecycle import Changed
from alerts.telling.due import carry_out
from care.plan_shelf import plans_between
from care.snapshot import Snapshot
from hearthbeat.demo.care_months import Occasion, write
from hearthbeat.demo.care_records import PlanChange, change_plan
from hearthbeat.demo.care_time import log_resolution
from hearthbeat.demo.past_foreseen import Foreseen, foreseen
from hearthbeat.demo.past_nurses import Deed, Staff, handling, left
from hearthbeat.demo.past_readings import Arrived
from hearthbeat.demo.past_stored import stored
from hearthbeat.demo.roster import QUERIES, hub_of
from simulator.people_cast import Character, Stands
from store.pool import Connection

NOBODY_AT_IT: Final = dt.timedelta(hours=20)
"""After a pause of the demonstration: what began later than so long ago is left for you."""
A_MOMENT: Final = dt.timedelta(seconds=40)
"""A reading has arrived, and been judged, so long after it was measured."""


class Span(Struct, frozen=True, kw_only=True):
    """From when until when a past is made; `anchor` lies within it, or before."""

    since: dt.datetime
    until: dt.datetime
    anchor: dt.datetime


@dataclass(slots=True, kw_only=True)
class Setting:
    """What all patients' pasts have in common."""

    organisation_id: UUID
    staff: Staff
    snapshot: Snapshot
    memory: Memory
    base_url: str = "http://localhost"


@dataclass(slots=True, kw_only=True)
class PatientPast:
    """Made once, then `live()`, inside the caller's transaction."""

    conn: Connection
    setting: Setting
    character: Character
    patient: UUID
    span: Span
    arriving: Sequence[Arrived]
    """In order of arrival; all within the span."""
    changes: Sequence[PlanChange] = ()
    occasions: Sequence[Occasion] = ()
    _next: int = 0
    _ahead: list[tuple[dt.datetime, int, Any]] = field(default_factory=list)
    _looks: set[dt.datetime] = field(default_factory=set)
    _number: "count[int]" = field(default_factory=count)
    _foreseen: Foreseen = field(default_factory=Foreseen)

    async def live(self) -> None:
        """From one moment to the next, up to the end of the span."""
        self._foreseen = await foreseen(
            self.conn, self.setting.snapshot, hub_of(self.character), self.patient, self.arriving,
            since=self.span.since, until=self.span.until,
        )  # fmt: skip
        for at in self._foreseen.moments:
            self._look_at(at + A_MOMENT)
        for change in self.changes:
            self._plan(change.at, change)
        for occasion in self.occasions:
            self._plan(occasion.at, occasion)
        self._look_at(self.span.until)
        while self._ahead and self._ahead[0][0] <= self.span.until:
            at, _, what = heapq.heappop(self._ahead)
            await self._step(at, what)

    def _plan(self, at: dt.datetime, what: Any) -> None:
        heapq.heappush(self._ahead, (at, next(self._number), what))

    def _look_at(self, at: dt.datetime) -> None:
        """Once, however many reasons there are for it."""
        if at not in self._looks:
            self._looks.add(at)
            self._plan(at, None)

    async def _step(self, at: dt.datetime, what: Any) -> None:
        if isinstance(what, PlanChange):
            await change_plan(
                self.conn, self.setting.organisation_id, self.patient, self.character, what,
                actor=self.setting.staff.clinician,
            )  # fmt: skip
        elif isinstance(what, Occasion):
            await write(self.conn, self.setting.organisation_id, self.patient, what)
        elif isinstance(what, _Planned):
            await self._do(at, what)
        else:
            await self._look(at)

    async def _look(self, now: dt.datetime) -> None:
        """What has arrived is judged, and what is due is done."""
        conn = self.conn
        end = bisect_right(self.arriving, now, lo=self._next, key=lambda each: each.at)
        if end > self._next:
            new, self._next = self.arriving[self._next : end], end
            await stored(conn, self.setting.snapshot, hub_of(self.character), new, now=now)
        queued = await conn.fetch(QUERIES["take"], self.patient)
        due = await conn.fetch(QUERIES["take due"], self.patient, now)
        if queued or due:
            wanted = tasks(queued, due)
            self._heed(await evaluate_tasks(conn, wanted, self.setting.memory, now=now), now)
        await self._clock(now)

    async def _clock(self, now: dt.datetime) -> None:
        """Steps of ladders, ends of snoozes; and when to look for the next of them."""
        conn, until = self.conn, self.span.until
        ahead = await conn.fetch(QUERIES["due"], self.patient, until)
        done = [row for row in ahead if row["due_at"] <= now and row["what"] != "evaluate"]
        for row in done:
            alert = await rows.lock(conn, row["organisation_id"], row["subject"])
            await carry_out(conn, alert, row, now=now, base_url=self.setting.base_url)
            if row["what"] == "reopen" and alert is not None:
                self._answer(await rows.lock(conn, row["organisation_id"], row["subject"]), now)
        if any(row["what"] == "escalate" for row in done):
            await conn.execute(QUERIES["told then"], self.patient)
        later = [row["due_at"] for row in ahead if row["due_at"] > now]
        if later or done:
            self._look_at(max(min(later, default=now), now + dt.timedelta(seconds=1)))

    def _heed(self, changed: Iterable[Changed], now: dt.datetime) -> None:
        """What has come into the queue is answered by somebody."""
        latest = {change.alert.id: change for change in changed}
        for change in latest.values():
            begins = change.from_state in {None, State.AWAITING_REPEAT, State.WITHDRAWN}
            if change.alert.state is State.OPEN and begins:
                self._answer(change.alert, now)

    def _answer(self, alert: Alert | None, now: dt.datetime) -> None:
        if alert is None or alert.state is not State.OPEN:
            return
        span, character, staff = self.span, self.character, self.setting.staff
        if alert.opened_at > span.anchor:
            deeds = [] if now > span.until - NOBODY_AT_IT else handling(alert, staff, now=now)
        elif self._stands(alert):
            deeds = left(alert, character.stands, staff, anchor=span.anchor)
        else:
            deeds = handling(alert, staff, now=now)
        for deed in deeds:
            self._plan(max(deed.at, now), _Planned(alert=alert, deed=deed))

    def _stands(self, alert: Alert) -> bool:
        lately = self.span.anchor - dt.timedelta(days=self.character.lately)
        return self.character.stands is not Stands.HANDLED and alert.opened_at >= lately

    async def _do(self, now: dt.datetime, planned: "_Planned") -> None:
        event = planned.deed.event
        if isinstance(event, Snooze):
            # Who puts it off has seen what came till then: that does not wake it again.
            await self._look(now)
        try:
            after = await act(
                self.conn, self.setting.organisation_id, planned.alert.id, event, version=None,
                now=now, take_over=isinstance(event, Claim),
            )  # fmt: skip
        except AlertError:
            return  # Hearthbeat, or a reading, was quicker than the nurse.
        if isinstance(event, Resolve):
            await log_resolution(self.conn, self.setting.organisation_id, after.id, event, now=now)
            await self._rest(after, now)
        await self._clock(now)

    async def _rest(self, resolved: Alert, now: dt.datetime) -> None:
        """Values that stay bad are a new alert after a quiet time: look again then."""
        plans = await plans_between(self.conn, [self.patient], now, shelf=self.setting.memory.shelf)
        quiet = quiet_after(resolved, plans.get(self.patient, ()))
        again = self._foreseen.after(resolved.rule, now + quiet)
        if again is not None:
            self._look_at(again + A_MOMENT)


class _Planned(Struct, frozen=True, kw_only=True):
    """A deed that has not been done."""

    alert: Alert
    deed: Deed
