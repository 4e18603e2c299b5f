"""One alert, any events in any order, in virtual time; its due rows are a model of the table."""

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from alerts.life.alert import Alert, Outcome, State
from alerts.life.events import (
    Acknowledge,
    Claim,
    Cleared,
    ClearedLongAgo,
    Confirmed,
    Escalate,
    Event,
    Note,
    Opened,
    Recurred,
    Reinstated,
    Release,
    Reopen,
    Resolve,
    Snooze,
    SnoozeEnded,
    StepDue,
    TooLongAcknowledged,
    Withdrawn,
    Worse,
)
from alerts.life.lifecycle import Changed, opened, step
from care.rules import Severity
from tests.unit.alerts.factory import ANA, BEN, NOW, POLICY, alert

HOUR = dt.timedelta(hours=1)
actors = st.sampled_from((ANA, BEN))
severities = st.sampled_from((Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL))
by_people = st.one_of(
    st.builds(Acknowledge, actor=actors),
    st.builds(Claim, actor=actors),
    st.builds(Release, actor=actors),
    st.builds(Escalate, actor=actors),
    st.builds(Reopen, actor=actors),
    st.builds(Note, actor=actors, text=st.sampled_from(("", "no answer"))),
    st.builds(
        Resolve,
        actor=actors,
        outcome=st.sampled_from((Outcome.WATCH, Outcome.AUTO_CLEARED)),
        note=st.sampled_from(("ok", "spoke")),
    ),
)
by_rules = st.one_of(
    st.just(Confirmed(why="repeat")),
    st.builds(lambda severity: Worse(severity=severity), severities),
    st.just(Recurred()),
    st.just(Withdrawn(why="not borne")),
    st.just(Reinstated()),
)

BY_CLOCK: dict[str, Event] = {
    "reopen": TooLongAcknowledged(),
    "wake": SnoozeEnded(),
    "auto_close": ClearedLongAgo(),
}


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.due: dict[tuple[str, str], dt.datetime] = {}
        self.versions: list[int] = []
        self.steps: list[tuple[int, int]] = []
        first = alert(state=State.AWAITING_REPEAT, latch=False, severity=Severity.HIGH)
        self.alert: Alert = first
        self.take(opened(first, Opened(), policy=POLICY))

    def take(self, change: Changed) -> None:
        """As alerts.life.rows.save does it."""
        self.alert = change.alert
        self.versions.append(change.alert.version)
        self.due = {key: at for key, at in self.due.items() if key[0] not in change.not_due}
        self.due |= {(each.what, each.key): each.at for each in change.due}

    def happens(self, event: Event) -> Changed | None:
        before = self.alert
        answer = step(before, event, now=self.now, policy=POLICY)
        if not isinstance(answer, Changed):
            assert self.alert is before
            return None
        self.take(answer)
        return answer

    @rule(event=by_people)
    def a_person_acts(self, event: Event) -> None:
        self.happens(event)

    @rule(hours=st.sampled_from((-1, 0, 1, 71, 72, 73)), actor=actors)
    def a_person_snoozes(self, hours: int, actor: object) -> None:
        del actor
        change = self.happens(Snooze(actor=ANA, until=self.now + hours * HOUR))
        assert change is None or 0 < hours <= 72

    @rule(event=by_rules)
    def readings_say(self, event: Event) -> None:
        self.happens(event)

    @rule()
    def readings_are_good(self) -> None:
        self.happens(Cleared(at=self.now, why="good again"))

    @rule(minutes=st.sampled_from((1, 15, 240, 60 * 26, 60 * 80)))
    def time_goes_by(self, minutes: int) -> None:
        """And the clock does what is due, oldest first, as alerts.telling.due does it."""
        self.now += dt.timedelta(minutes=minutes)
        while ripe := sorted((at, key) for key, at in self.due.items() if at <= self.now):
            _, (what, key) = ripe[0]
            self.due.pop((what, key), None)
            if what == "escalate":
                generation, number, *by_hand = key.split("/")
                taken = (int(generation), int(number))
                if not by_hand and self.happens(StepDue(generation=taken[0], step=taken[1])):
                    assert taken not in self.steps
                    self.steps.append(taken)
            else:
                self.happens(BY_CLOCK[what])

    @invariant()
    def history_has_no_gap(self) -> None:
        assert self.versions == list(range(1, self.alert.version + 1))

    @invariant()
    def a_snooze_has_its_end(self) -> None:
        snoozed = self.alert.state is State.SNOOZED
        assert snoozed == (self.alert.snoozed_until is not None) == (("wake", "") in self.due)
        if snoozed:
            assert self.due["wake", ""] == self.alert.snoozed_until

    @invariant()
    def what_was_taken_on_comes_back(self) -> None:
        ladder = POLICY.ladder(self.alert)
        if self.alert.state is State.ACKNOWLEDGED and ladder is not None:
            assert ladder.reopen_after_min is None or ("reopen", "") in self.due

    @invariant()
    def what_is_over_has_nothing_due(self) -> None:
        if not self.alert.state.standing:
            assert self.due == {}
            assert self.alert.ended_at is not None

    @invariant()
    def what_stands_is_not_over(self) -> None:
        if self.alert.state.standing:
            assert (self.alert.ended_at, self.alert.outcome) == (None, None)

    @invariant()
    def somebody_will_be_told_of_what_nobody_has_taken_on(self) -> None:
        ladder = POLICY.ladder(self.alert)
        if self.alert.state.unattended and ladder is not None:
            steps = [key for what, key in self.due if what == "escalate"]
            assert self.alert.escalation_level > 0 or steps

    @invariant()
    def only_steps_of_this_generation_are_due(self) -> None:
        for what, key in self.due:
            if what == "escalate":
                assert key.startswith(f"{self.alert.generation}/")

    @invariant()
    def what_does_not_latch_and_is_good_again_will_leave(self) -> None:
        if self.alert.state.standing and self.alert.cleared_at is not None:
            assert ("auto_close", "") in self.due


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
