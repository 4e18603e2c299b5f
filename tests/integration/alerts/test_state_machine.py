"""Readings, nurses, clocks and crashes in any order: what must hold of alerts holds after each.

Real PostgreSQL, virtual time. `HB_TEST_EXAMPLES` asks for more than the few of a usual run.
"""

import asyncio
import datetime as dt
import os
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from typing_extensions import override

from alerts.evaluating.evaluation import Memory, evaluate_batch
from alerts.evaluating.windows import Window, load_windows
from alerts.judging.batch import Batch, Chart
from alerts.judging.evaluate import evaluate
from alerts.judging.findings import Finding, Phase
from alerts.life.actions import act
from alerts.life.alert import Alert, Outcome, State
from alerts.life.errors import AlertError
from alerts.life.events import Acknowledge, ByPerson, Escalate, Note, Reopen, Resolve, Snooze
from alerts.life.policies import policy_of
from alerts.telling.due import do_due
from care.plan_shelf import plans_between
from store.pool import UNREACHABLE, Pool, open_pool
from tests.integration.alerts.clinic import DAY, HOUR, MINUTE, START, Clinic, make
from tests.integration.alerts.crashing import dying
from vitals.kinds import Kind

EXAMPLES = int(os.environ.get("HB_TEST_EXAMPLES", "12"))  # noqa: TID251
STEPS = 25
URL = "http://console"
NURSES = [UUID(int=1 << 100), UUID(int=2 << 100)]
KINDS = (Kind.BLOOD_PRESSURE,)
AWAY = (*UNREACHABLE,)

T = TypeVar("T")

values = st.sampled_from((118, 138, 158, 184, 191, 205))
moments = st.sampled_from((MINUTE, 7 * MINUTE, 31 * MINUTE, 2 * HOUR, 9 * HOUR, 26 * HOUR))
past = st.sampled_from((5 * MINUTE, 40 * MINUTE, 5 * HOUR, 20 * HOUR, 50 * HOUR))
events = st.one_of(
    st.builds(lambda who: Acknowledge(actor=who), st.sampled_from(NURSES)),
    st.builds(lambda who: Escalate(actor=who, reason="a doctor"), st.sampled_from(NURSES)),
    st.builds(lambda who: Note(actor=who, text="no answer"), st.sampled_from(NURSES)),
    st.builds(lambda who: Reopen(actor=who, reason="too early"), st.sampled_from(NURSES)),
    st.builds(
        lambda who: Resolve(actor=who, outcome=Outcome.WATCH, note="spoke"), st.sampled_from(NURSES)
    ),
    st.builds(
        lambda who, hours: (who, hours), st.sampled_from(NURSES), st.sampled_from((0, 1, 30, 99))
    ),
)


class Ward:
    """What all examples of a test share: a loop, a pool, the tables."""

    def __init__(self, dsn: str) -> None:
        self.runner = asyncio.Runner()
        self.pool: Pool = self.run(open_pool(dsn, application_name="test", max_size=4))
        self.organisation = self.run(make(self.pool)).organisation
        self.run(self._staff())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    async def _staff(self) -> None:
        """Two nurses, each with a way to be told."""
        async with self.pool.acquire() as conn:
            for number, nurse in enumerate(NURSES):
                await conn.execute(
                    "INSERT INTO users (id, organisation_id, username, password_hash, role)"
                    " VALUES ($1, $2, $3, 'x', 'nurse')",
                    nurse, self.organisation, f"nurse-{number}",
                )  # fmt: skip
                await conn.execute(
                    "INSERT INTO contacts (organisation_id, user_id, channel, address)"
                    " VALUES ($1, $2, 'console', 'here')",
                    self.organisation, nurse,
                )  # fmt: skip

    def close(self) -> None:
        self.pool.terminate()
        self.runner.close()


class Machine(RuleBasedStateMachine):
    ward: Ward

    def __init__(self) -> None:
        super().__init__()
        self.clinic = Clinic(pool=self.ward.pool, organisation=self.ward.organisation)
        self.patient = self.run(self.clinic.patient())
        self.memories = [Memory(), Memory()]
        self.acted: list[tuple[UUID, ByPerson, int | None, str]] = []
        self.keys = 0
        self.dirty = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.ward.run(work)

    # What happens.

    @rule(value=values, flags=st.sampled_from(((), (), (), ("cuff_too_loose",))))
    def measured(self, value: int, flags: tuple[str, ...]) -> None:
        self.run(self.clinic.pressure(self.patient, value, value / 2 + 10, flags=flags))
        self.clinic.later(dt.timedelta(seconds=61))
        self.dirty = True

    @rule(value=values, ago=past, sent=st.booleans())
    def arrives_late(self, value: int, ago: dt.timedelta, *, sent: bool) -> None:
        """`sent`: it had come in time, and is stored only now."""
        at = self.clinic.now - ago
        received = at + MINUTE if sent else self.clinic.now
        self.run(
            self.clinic.pressure(self.patient, value, value / 2 + 10, at=at, received_at=received)
        )
        self.dirty = True

    @rule(span=moments)
    def time_goes_by(self, span: dt.timedelta) -> None:
        self.clinic.later(span)
        self.dirty = True

    @rule(who=st.sampled_from((0, 1)))
    def evaluated(self, who: int) -> None:
        self.run(self._evaluate(self.ward.pool, self.memories[who]))

    @rule()
    def evaluated_by_two_at_once(self) -> None:
        async def both() -> None:
            await asyncio.gather(*(self._evaluate(self.ward.pool, each) for each in self.memories))

        self.run(both())

    @rule(answers=st.integers(0, 30), kill=st.booleans())
    def dies_while_it_evaluates(self, answers: int, *, kill: bool) -> None:
        pool = dying(self.ward.pool, answers=answers, kill=kill)
        self.run(self._until_it_dies(self._evaluate(pool, Memory())))

    @rule()
    def the_clock_ticks(self) -> None:
        self.run(do_due(self.ward.pool, now=self.clinic.now, base_url=URL))

    @rule(answers=st.integers(0, 16), kill=st.booleans())
    def dies_while_it_ticks(self, answers: int, *, kill: bool) -> None:
        pool = dying(self.ward.pool, answers=answers, kill=kill)
        self.run(self._until_it_dies(do_due(pool, now=self.clinic.now, base_url=URL)))

    @rule(event=events, which=st.integers(0, 9), stale=st.booleans())
    def a_nurse_acts(self, event: Any, which: int, *, stale: bool) -> None:
        alerts = self.run(self.clinic.alerts(self.patient))
        if not alerts:
            return
        alert = alerts[which % len(alerts)]
        if isinstance(event, tuple):
            event = Snooze(actor=event[0], until=self.clinic.now + event[1] * HOUR)
        version = alert.version - 1 if stale else alert.version
        self.keys += 1
        request = (alert.id, event, version, f"key-{self.keys}")
        after = self.run(self._act(*request))
        assert not (stale and after is not None and not isinstance(event, Note)) or version is None
        if after is not None:
            self.acted.append(request)

    @precondition(lambda self: self.acted)
    @rule(which=st.integers(0, 99))
    def a_request_is_sent_again(self, which: int) -> None:
        alert_id, event, version, key = self.acted[which % len(self.acted)]
        before = self.run(self._alert(alert_id))
        assert self.run(self._act(alert_id, event, version, key)) == before

    # How.

    async def _evaluate(self, pool: Pool, memory: Memory) -> None:
        done = await evaluate_batch(pool, memory, now=self.clinic.now)
        assert done.failed == 0

    async def _until_it_dies(self, work: Coroutine[Any, Any, Any]) -> None:
        try:
            await work
        except AWAY:
            return

    async def _act(
        self, alert_id: UUID, event: ByPerson, version: int | None, key: str
    ) -> Alert | None:
        async with self.ward.pool.acquire() as conn:
            try:
                return await act(
                    conn, self.clinic.organisation, alert_id, event,
                    version=version, now=self.clinic.now, idempotency_key=key,
                )  # fmt: skip
            except AlertError:
                return None

    async def _alert(self, alert_id: UUID) -> Alert:
        return next(each for each in await self.clinic.alerts(self.patient) if each.id == alert_id)

    # What must hold, whatever happened.

    @invariant()
    def nothing_is_left_without_its_end(self) -> None:
        self.run(self._nothing_without_its_end())

    async def _nothing_without_its_end(self) -> None:
        alerts = await self.clinic.alerts(self.patient)
        async with self.ward.pool.acquire() as conn:
            rows = await conn.fetch("SELECT what, subject, key, due_at FROM due_times")
            due: dict[tuple[str, UUID], list[dt.datetime]] = {}
            for row in rows:
                due.setdefault((row["what"], row["subject"]), []).append(row["due_at"])
            for alert in alerts:
                policy = await policy_of(conn, alert.organisation_id, alert.plan_version_id)
                ladder = policy.ladder(alert)
                wake = due.get(("wake", alert.id), [])
                assert (alert.state is State.SNOOZED) == bool(wake), alert
                assert all(at <= alert.snoozed_until for at in wake if alert.snoozed_until), alert
                if alert.state is State.ACKNOWLEDGED and ladder and ladder.reopen_after_min:
                    assert due.get(("reopen", alert.id)), alert
                if alert.state is State.AWAITING_REPEAT:
                    assert due.get(("evaluate", self.patient)) or self.dirty, alert
                if not alert.state.standing:
                    assert {what for what, subject in due if subject == alert.id} == set(), alert
                if alert.state.unattended and ladder and ladder.steps:
                    taken = alert.escalation_level > 0
                    assert taken or due.get(("escalate", alert.id)), alert

    @invariant()
    def history_has_no_gap_and_no_step_comes_twice(self) -> None:
        self.run(self._history())

    async def _history(self) -> None:
        async with self.ward.pool.acquire() as conn:
            gaps = await conn.fetch(
                "SELECT a.id FROM alerts a LEFT JOIN alert_events e ON e.alert_id = a.id"
                " GROUP BY a.id, a.version, a.state"
                " HAVING array_agg(e.version ORDER BY e.version)"
                " <> ARRAY(SELECT generate_series(1, a.version))"
                " OR (array_agg(e.to_state ORDER BY e.version DESC))[1] <> a.state"
            )
            twice = await conn.fetch(
                "SELECT alert_id, facts FROM alert_events WHERE event = 'step_due'"
                " GROUP BY alert_id, facts HAVING count(*) > 1"
            )
            told = await conn.fetch(
                "SELECT alert_id, split_part(key, '/', 2), split_part(key, '/', 3), user_id,"
                " channel"
                " FROM notifications GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1"
            )
        assert (gaps, twice, told) == ([], [], [])

    # In the end, and whenever there is peace, alerts are what a fresh look finds.

    @rule()
    def peace(self) -> None:
        self.run(self._peace())

    @override
    def teardown(self) -> None:
        try:
            self.run(self._peace())
        finally:
            self.run(self._clean())

    async def _peace(self) -> None:
        for _ in range(50):
            done = await evaluate_batch(self.ward.pool, self.memories[0], now=self.clinic.now)
            assert done.failed == 0
            if not done.readings and not done.patients:
                break
        else:
            pytest.fail("the queue does not become empty")
        self.dirty = False
        alerts = await self.clinic.alerts(self.patient)
        live = [each for each in alerts if each.state is not State.WITHDRAWN]
        fresh = await self._fresh()
        for finding in fresh:
            if finding.late:
                assert any(each.rule == "late-readings" for each in live), finding
                continue
            mine = [each for each in live if each.rule == finding.rule and meet(each, finding)]
            assert mine, (finding, alerts)
            if finding.phase is Phase.OPEN:
                assert any(
                    each.state.standing or dealt_with(each) for each in mine
                ), (finding, mine)  # fmt: skip
        for alert in live:
            if alert.state.standing and alert.kind is not None:
                assert any(
                    each.rule == alert.rule and meet(alert, each) for each in fresh
                ), (alert, fresh)  # fmt: skip

    async def _fresh(self) -> list[Finding]:
        async with self.ward.pool.acquire() as conn:
            plans = await plans_between(
                conn, [self.patient], START - 400 * DAY, shelf=self.memories[0].shelf
            )
            chart = Chart(patient_id=self.patient, plans=plans[self.patient])
            window = Window(patient_id=self.patient, since=START - 400 * DAY, segment=0)
            loaded = {kind: await load_windows(conn, kind, [window]) for kind in KINDS}
        batch = Batch(
            charts=[chart],
            series={kind: each.series for kind, each in loaded.items()},
            readings={kind: each.readings for kind, each in loaded.items()},
        )
        return evaluate(batch, now=self.clinic.now).findings

    async def _clean(self) -> None:
        async with self.ward.pool.acquire() as conn, conn.transaction():
            await conn.execute("SET LOCAL session_replication_role = replica")
            for table in (
                "repeat_requests", "notifications", "escalations", "due_times", "alert_readings",
                "alert_events", "alerts", "evaluation_queue",
            ):  # fmt: skip
                await conn.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours


def meet(alert: Alert, finding: Finding) -> bool:
    """About the same stretch of time."""
    for_ever = dt.datetime.max.replace(tzinfo=dt.UTC)
    return (
        alert.onset_at <= (finding.cleared_at or for_ever)
        and finding.onset_at <= (alert.cleared_at or for_ever)
    )  # fmt: skip


def dealt_with(alert: Alert) -> bool:
    return alert.state is State.RESOLVED and alert.outcome is not Outcome.AUTO_CLEARED


def test_nothing_that_happens_loses_an_alert(database: str) -> None:
    ward = Ward(database)
    Machine.ward = ward
    try:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        ward.close()
