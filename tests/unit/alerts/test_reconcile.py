"""What was found against what is kept: begun, gone on, cleared, withdrawn, begun again."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from alerts.evaluating.reconcile import Proof, Proved, Reconciled, Sight, reconcile
from alerts.judging.findings import Finding, Phase
from alerts.life.alert import Alert, Outcome, State
from alerts.life.events import Acknowledge, ByClock, ByPerson, ClearedLongAgo, Resolve, Snooze
from alerts.life.lifecycle import Changed, step
from care.rules import Lane, Severity
from tests.unit.alerts.factory import ANA, NOW, ORGANISATION, POLICY
from tests.unit.alerts.findings import LOW, evidence, finding

MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
QUIET = 2 * HOUR
FIRST, SECOND, THIRD = evidence(0, 184), evidence(10, 186), evidence(20, 182)
RESOLVE = Resolve(actor=ANA, outcome=Outcome.CALLED_PATIENT, note="took a second pill")


@dataclass
class Shelf:
    """Keeps alerts as the table does."""

    alerts: dict[UUID, Alert] = field(default_factory=dict)
    proofs: list[Proof] = field(default_factory=list)
    last: Reconciled = field(default_factory=Reconciled)

    def see(
        self,
        *findings: Finding,
        since: float | None = None,
        now: dt.datetime = NOW + HOUR,
        proved: dict[UUID, Proved] | None = None,
        why_not: dict[tuple[str, dt.datetime], str] | None = None,
    ) -> list[str]:
        """The names of the events that came of it."""
        begin = None if since is None else NOW + since * MINUTE
        sight = Sight(
            organisation_id=ORGANISATION, since=begin, findings=findings, why_not=why_not or {},
            proved=proved or {},
        )  # fmt: skip
        self.last = reconcile(
            sight, self.alerts.values(), now=now, policy_of=lambda _: POLICY,
            quiet_of=lambda _: QUIET,
        )  # fmt: skip
        self.alerts |= {each.id: each for each in self.last.facts}
        self.alerts |= {change.alert.id: change.alert for change in self.last.changes}
        self.proofs += self.last.proofs
        return [change.event.name for change in self.last.changes]

    def do(self, event: ByPerson | ByClock, *, at: dt.datetime = NOW + HOUR) -> None:
        answer = step(self.one, event, now=at, policy=POLICY)
        assert isinstance(answer, Changed), answer
        self.alerts[answer.alert.id] = answer.alert

    @property
    def one(self) -> Alert:
        (alert,) = self.alerts.values()
        return alert

    def in_order(self) -> list[Alert]:
        return sorted(self.alerts.values(), key=lambda each: each.onset_at)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def begun(shelf: Shelf, *readings: float, **changes: Any) -> Alert:
    seen = [evidence(10 * place, value) for place, value in enumerate(readings)]
    assert shelf.see(finding(seen, **changes)) == ["opened"]
    return shelf.one


def test_a_new_episode_is_a_new_alert_with_its_readings(shelf: Shelf) -> None:
    alert = begun(shelf, 184, 186)
    assert (alert.state, alert.onset_at, alert.readings, alert.worst) == (State.OPEN, NOW, 2, 186)
    assert alert.plan_version_id is not None
    (proof,) = shelf.proofs
    assert [each.value for each in proof.readings] == [184, 186]
    assert [due.what for due in shelf.last.changes[0].due] == ["escalate", "escalate"]


def test_seeing_the_same_again_changes_nothing(shelf: Shelf) -> None:
    begun(shelf, 184, 186)
    assert shelf.see(finding([FIRST, SECOND])) == []
    assert shelf.last.facts == ()


def test_the_same_finding_has_the_same_name_wherever_it_is_seen_first() -> None:
    one, other = Shelf(), Shelf()
    begun(one, 184)
    begun(other, 184)
    assert one.one.id == other.one.id


def test_one_more_reading_is_a_fact_and_no_news(shelf: Shelf) -> None:
    begun(shelf, 184, 186)
    assert shelf.see(finding([FIRST, SECOND, THIRD])) == []
    (moved,) = shelf.last.facts
    assert (moved.readings, moved.value, moved.worst, moved.version) == (3, 182, 186, 1)


def test_an_alert_that_waits_is_confirmed_with_its_onset_where_it_was(shelf: Shelf) -> None:
    alert = begun(shelf, 184, phase=Phase.AWAITING_REPEAT)
    assert (alert.state, shelf.last.changes[0].due) == (State.AWAITING_REPEAT, ())
    assert shelf.see(finding([FIRST, SECOND])) == ["confirmed"]
    assert (shelf.one.state, shelf.one.onset_at) == (State.OPEN, NOW)
    assert shelf.one.acknowledge_by is not None


def test_a_wait_that_came_to_nothing_is_withdrawn_with_the_reason(shelf: Shelf) -> None:
    begun(shelf, 184, phase=Phase.AWAITING_REPEAT)
    why = {("bp-severe", NOW): "the repeat at 15:07 UTC was 150"}
    assert shelf.see(why_not=why) == ["withdrawn"]
    assert "150" in getattr(shelf.last.changes[0].event, "why", "")


def test_confirmed_and_cleared_at_once_is_both(shelf: Shelf) -> None:
    begun(shelf, 184, phase=Phase.AWAITING_REPEAT)
    assert shelf.see(finding([FIRST, SECOND], cleared=30)) == ["confirmed", "cleared"]
    assert (shelf.one.state, shelf.one.cleared_at) == (State.OPEN, NOW + 30 * MINUTE)


def test_a_graver_finding_is_worse_and_reopens_what_was_taken_on(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.do(Acknowledge(actor=ANA))
    assert shelf.see(finding([FIRST, SECOND], severity=Severity.CRITICAL)) == ["worse"]
    assert (shelf.one.state, shelf.one.peak) == (State.OPEN, Severity.CRITICAL)
    assert shelf.see(finding([FIRST, SECOND], severity=Severity.CRITICAL)) == []


@pytest.mark.parametrize(("value", "breaks"), [(183, False), (184, False), (184.1, True)])
def test_a_snooze_is_broken_by_a_number_that_is_worse(
    shelf: Shelf, value: float, *, breaks: bool
) -> None:
    begun(shelf, 184)
    shelf.do(Snooze(actor=ANA, until=NOW + 5 * HOUR))
    again = finding([FIRST, evidence(90, value)])
    assert shelf.see(again) == (["worse"] if breaks else [])
    assert (shelf.one.state is State.OPEN) is breaks


@pytest.mark.parametrize(("value", "breaks"), [(86, False), (85, False), (84, True)])
def test_below_a_lower_bound_less_is_worse(shelf: Shelf, value: float, *, breaks: bool) -> None:
    low = evidence(0, 85)
    assert shelf.see(finding([low], bound=LOW, worst=85)) == ["opened"]
    shelf.do(Snooze(actor=ANA, until=NOW + 5 * HOUR))
    again = finding([low, evidence(90, value)], bound=LOW, worst=min(85, value))
    assert shelf.see(again) == (["worse"] if breaks else [])


def test_hi_is_worse_than_any_number(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.do(Snooze(actor=ANA, until=NOW + 5 * HOUR))
    assert shelf.see(finding([FIRST, evidence(90, float("inf"))])) == ["worse"]


def test_what_cleared_stays_in_the_queue_and_says_so(shelf: Shelf) -> None:
    begun(shelf, 184)
    assert shelf.see(finding([FIRST], cleared=15)) == ["cleared"]
    assert (shelf.one.state, shelf.one.cleared_why) == (State.OPEN, "good_again")


def test_a_late_bad_reading_within_what_had_cleared_recurs(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.see(finding([FIRST], cleared=15))
    assert shelf.see(finding([FIRST, SECOND])) == ["recurred"]
    assert shelf.one.cleared_at is None


def test_a_clearing_that_moves_is_a_fact(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.see(finding([FIRST], cleared=30))
    assert shelf.see(finding([FIRST], cleared=15)) == []
    assert shelf.one.cleared_at == NOW + 15 * MINUTE


def test_what_is_not_found_any_more_is_withdrawn_visibly(shelf: Shelf) -> None:
    begun(shelf, 184)
    assert shelf.see() == ["withdrawn"]
    assert (shelf.one.state, shelf.last.changes[0].hush) == (State.WITHDRAWN, True)


def test_what_began_before_the_look_is_not_withdrawn_by_it(shelf: Shelf) -> None:
    begun(shelf, 184)
    assert shelf.see(since=0.1) == []
    assert shelf.see(since=0) == ["withdrawn"]


def test_what_was_resolved_stays_resolved_whatever_becomes_known(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.do(RESOLVE)
    assert shelf.see() == []
    assert shelf.one.state is State.RESOLVED


def test_what_was_withdrawn_and_is_found_again_is_reinstated(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.see()
    assert shelf.see(finding([FIRST, SECOND])) == ["reinstated"]
    assert (shelf.one.state, shelf.one.ended_at, shelf.one.readings) == (State.OPEN, None, 2)
    assert "escalate" in {due.what for due in shelf.last.changes[0].due}


def test_two_that_a_late_reading_makes_one_are_one(shelf: Shelf) -> None:
    assert shelf.see(finding([FIRST], cleared=5), finding([THIRD])) == [
        "opened", "cleared", "opened",
    ]  # fmt: skip
    assert shelf.see(finding([FIRST, SECOND, THIRD])) == ["withdrawn", "recurred"]
    kept, gone = shelf.in_order()
    assert (kept.state, kept.readings, gone.state) == (State.OPEN, 3, State.WITHDRAWN)
    assert shelf.see(finding([FIRST, SECOND, THIRD])) == []


def test_an_onset_that_late_data_move_is_the_same_alert(shelf: Shelf) -> None:
    begun(shelf, 184)
    earlier = evidence(-20, 187)
    assert shelf.see(finding([earlier, FIRST]), since=-60) == []
    assert (shelf.one.onset_at, shelf.one.onset_reading) == (earlier.at, earlier.reading)
    assert (shelf.one.readings, shelf.one.worst) == (2, 187)


def test_an_onset_that_moved_away_leaves_its_name_to_nobody(shelf: Shelf) -> None:
    first = begun(shelf, 184).id
    earlier = evidence(-20, 187)
    shelf.see(finding([earlier], cleared=-10, onset_at=earlier.at), finding([FIRST]), since=-60)
    assert len(shelf.alerts) == 2
    assert first in shelf.alerts


@pytest.mark.parametrize(
    ("after", "again"), [(QUIET - MINUTE, False), (QUIET, False), (QUIET + MINUTE, True)]
)
def test_values_that_stay_bad_beyond_the_quiet_time_are_a_new_alert(
    shelf: Shelf, after: dt.timedelta, *, again: bool
) -> None:
    begun(shelf, 184)
    shelf.do(RESOLVE, at=NOW + HOUR)
    late = evidence((HOUR + after) / MINUTE, 185)
    assert shelf.see(finding([FIRST, late])) == (["opened"] if again else [])
    assert [each.state for each in shelf.in_order()] == (
        [State.RESOLVED, State.OPEN] if again else [State.RESOLVED]
    )
    if again:
        resolved, new = shelf.in_order()
        assert (new.onset_at, new.readings) == (late.at, 1)
        assert (resolved.cleared_at, resolved.cleared_why) == (
            late.at, "followed by another alert",
        )  # fmt: skip


def test_a_chain_of_resolutions_goes_on_at_its_end(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.do(RESOLVE, at=NOW + HOUR)
    later = evidence(240, 185)
    shelf.see(finding([FIRST, later]))
    assert shelf.see(finding([FIRST, later, evidence(250, 190)])) == []
    resolved, new = shelf.in_order()
    assert (resolved.readings, new.readings, new.worst) == (1, 2, 190)
    assert shelf.see(finding([FIRST, later, evidence(250, 190)], cleared=260)) == ["cleared"]
    assert shelf.in_order()[0].cleared_at == later.at


def test_a_resolved_alert_whose_values_become_good_says_when(shelf: Shelf) -> None:
    begun(shelf, 184)
    shelf.do(RESOLVE)
    assert shelf.see(finding([FIRST], cleared=70)) == []
    assert shelf.one.cleared_at == NOW + 70 * MINUTE


def closed_by_itself(shelf: Shelf) -> None:
    begun(shelf, 184, latch=False)
    shelf.see(finding([FIRST], cleared=15, latch=False))
    shelf.do(ClearedLongAgo(), at=NOW + 80 * HOUR)
    assert shelf.one.outcome is Outcome.AUTO_CLEARED


def test_what_closed_by_itself_comes_back_when_it_turns_out_to_go_on(shelf: Shelf) -> None:
    closed_by_itself(shelf)
    assert shelf.see(finding([FIRST, SECOND], latch=False)) == ["recurred"]
    assert (shelf.one.state, shelf.one.outcome, shelf.one.ended_at) == (State.OPEN, None, None)


def test_what_closed_by_itself_is_withdrawn_when_it_never_was(shelf: Shelf) -> None:
    closed_by_itself(shelf)
    assert shelf.see() == ["withdrawn"]
    assert (shelf.one.state, shelf.one.outcome) == (State.WITHDRAWN, None)
    assert shelf.see() == []


def test_when_its_late_part_goes_the_rest_is_what_it_was_before(shelf: Shelf) -> None:
    alert = begun(shelf, 184, 190)
    rest = replace(finding([FIRST]), continued=True, readings=())
    proved = Proved(count=1, greatest=184, least=184, last_at=NOW, latest=184)
    assert shelf.see(rest, since=5, proved={alert.id: proved}) == []
    assert (shelf.one.last_at, shelf.one.value, shelf.one.worst) == (NOW, 184, 184)


def test_what_arrived_in_time_after_all_goes_to_who_answers(shelf: Shelf) -> None:
    begun(shelf, 184, late=True, lane=Lane.REVIEW)
    shelf.see(finding([FIRST, SECOND]))
    assert (shelf.one.late, shelf.one.lane) == (False, Lane.MEDICAL)


def test_rules_do_not_touch_each_other(shelf: Shelf) -> None:
    begun(shelf, 184)
    other = finding([FIRST], rule="bp-high")
    assert shelf.see(finding([FIRST]), other) == ["opened"]
    assert shelf.see(other) == ["withdrawn"]


def test_cleared_at_once_is_opened_and_cleared(shelf: Shelf) -> None:
    assert shelf.see(finding([FIRST], cleared=5)) == ["opened", "cleared"]
    assert [change.alert.version for change in shelf.last.changes] == [1, 2]
