"""The demonstration's past: complete, once, and the same however a start before it ended."""

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from hearthbeat.demo import clinic, past, past_plan
from hearthbeat.demo.past import Clinic
from simulator.people_cast import cast
from store.pool import Connection, Pool, open_pool

pytestmark = pytest.mark.timeout(600)

MINUTE = dt.timedelta(minutes=1)
ZONE = "America/New_York"
WHAT_IS = """
SELECT p.mrn, a.rule, a.onset_at, a.severity, a.state, a.outcome, a.opened_at, a.ended_at
FROM alerts a JOIN patients p ON p.id = a.patient_id
ORDER BY p.mrn, a.rule, a.onset_at
"""
COUNTS = {
    "readings": "SELECT count(*) FROM readings",
    "alerts": "SELECT count(*) FROM alerts",
    "events": "SELECT count(*) FROM alert_events",
    "plans": "SELECT count(*) FROM plan_versions",
    "consents": "SELECT count(*) FROM consents",
    "team": "SELECT count(*) FROM care_team",
    "orders": "SELECT count(*) FROM orders",
    "hubs": "SELECT count(*) FROM gateways",
    "devices": "SELECT count(*) FROM devices",
    "users": "SELECT count(*) FROM users",
}


@asynccontextmanager
async def opened(database: str) -> AsyncIterator[Pool]:
    pool = await open_pool(database, application_name="tests", max_size=5)
    try:
        yield pool
    finally:
        pool.terminate()


async def prepared(database: str, directory: Path, patients: int) -> clinic.Demonstration:
    now = dt.datetime.now(dt.UTC)
    return await clinic.prepared(
        database, directory / "signins", homes=1, patients=patients, time_zone=ZONE, now=now
    )


async def found(pool: Pool, patients: int) -> Clinic:
    async with pool.acquire() as conn:
        people = cast(past_plan.SEED, patients)
        return await past.found(conn, clinic.CLINIC, people, "http://localhost")


async def counts(conn: Connection) -> dict[str, int]:
    return {name: await conn.fetchval(sql) for name, sql in COUNTS.items()}


STATES = {
    "one critical, confirmed minutes ago, that nobody has taken on": """
        SELECT count(*) = 1 FROM alerts
        WHERE severity = 'critical' AND state IN ('open', 'escalated')
            AND opened_at > now() - INTERVAL '15 minutes' AND readings >= 1""",
    "one taken on 25 minutes ago that will come back": """
        SELECT count(*) = 1 FROM alerts a JOIN due_times d ON d.subject = a.id
        WHERE a.state = 'acknowledged' AND a.severity = 'critical' AND d.what = 'reopen'
            AND d.due_at > now()""",
    "devices in the register since they were handed out": """
        SELECT bool_and(d.created_at <= a.starts_at) FROM devices d
        JOIN device_assignments a ON a.device_id = d.id WHERE a.reason = 'demonstration'""",
    "one put off": "SELECT count(*) = 1 FROM alerts WHERE state = 'snoozed'",
    "one looked at by the second nurse": """
        SELECT count(*) = 1 FROM alert_claims c JOIN users u ON u.id = c.user_id
        WHERE u.username = 'nurse2' AND c.expires_at > now()""",
    "one that was handed on for want of an answer": """
        SELECT count(*) >= 1 FROM alerts WHERE state = 'escalated'""",
    "some high ones and several medium ones": """
        SELECT count(*) FILTER (WHERE severity = 'high') >= 3
            AND count(*) FILTER (WHERE severity = 'medium') >= 5
        FROM alerts WHERE ended_at IS NULL""",
    "many that were dealt with, with words": """
        SELECT count(*) > 60 FROM alert_events WHERE event = 'resolved' AND length(reason) > 8""",
    "with minutes": """
        SELECT bool_and((facts ->> 'minutes')::int BETWEEN 1 AND 60)
        FROM alert_events WHERE event = 'resolved'""",
    "in many ways": """
        SELECT count(DISTINCT outcome) >= 6 FROM alerts WHERE ended_at IS NOT NULL""",
    "some opened again": """
        SELECT count(*) >= 1 FROM alert_events WHERE event = 'reopened' AND actor IS NOT NULL""",
    "each opened in the minute in which its reading came": """
        SELECT avg((opened_at - last_at < INTERVAL '3 minutes')::int) > 0.6
        FROM alerts WHERE lane = 'medical' AND readings = 1""",
    "nobody was told of anything today that was long ago": """
        SELECT count(*) = 0 FROM notifications WHERE state = 'queued'""",
    "plans were changed, with reasons": """
        SELECT count(*) >= 4 FROM plan_versions WHERE version > 1 AND length(reason) > 20""",
    "readings held back": """
        SELECT count(DISTINCT reason) >= 3 FROM readings
        WHERE attribution IN ('quarantined', 'ambiguous')""",
    "a letter that cannot be read": "SELECT count(*) = 1 FROM dead_letters",
    "none came late but one, after its month was locked": """
        SELECT count(*) = 1 FROM readings WHERE received_at - measured_at >= INTERVAL '1 hour'""",
    "everything was evaluated": """
        SELECT count(*) = 0 FROM evaluation_queue WHERE patient_id IS NOT NULL""",
    "everybody with a past has given consent, and has an order, an episode and a team": """
        SELECT count(*) = 18 FROM patients p
        WHERE EXISTS (SELECT FROM consents c WHERE c.patient_id = p.id AND c.kind = 'billing')
            AND EXISTS (SELECT FROM orders o WHERE o.patient_id = p.id)
            AND EXISTS (SELECT FROM episodes e WHERE e.patient_id = p.id)
            AND EXISTS (SELECT FROM care_team t WHERE t.patient_id = p.id)""",
    "nobody was given a device before they had consented": """
        SELECT count(*) > 30 AND bool_and(a.starts_at > c.given_at)
        FROM device_assignments a JOIN consents c USING (patient_id)
        WHERE c.kind = 'monitoring' AND a.reason = 'demonstration'""",
    "consent names the words that were read": """
        SELECT bool_and(c.text_id IS NOT NULL)
        FROM consents c JOIN orders o USING (patient_id)
        WHERE c.kind IN ('monitoring', 'billing')""",
    "every enrolment in monitoring belongs to an episode, and so to a programme": """
        SELECT count(*) > 18 AND bool_and(episode_id IS NOT NULL)
        FROM service_enrolments WHERE service = 'rpm'""",
    "the month just over is looked through, and waits to be approved and closed": """
        SELECT count(*) FILTER (WHERE l.status = 'ready') > 10
            AND count(*) FILTER (WHERE l.status = 'held') > 0
            AND count(*) FILTER (WHERE l.status = 'approved') = 0
        FROM billing_lines l JOIN billing_months m ON m.id = l.month_id
        WHERE m.version = 0 AND m.month = to_char(
            (now() AT TIME ZONE 'America/New_York') - INTERVAL '1 month', 'YYYY-MM')""",
    "the two before it are locked, and sent": """
        SELECT count(*) = 2 AND bool_and(EXISTS (
            SELECT FROM billing_exports e
            WHERE e.month = m.month AND e.kind = '837p' AND e.state = 'done'))
        FROM billing_months m WHERE m.version > 0""",
    "one adjustment waits": """
        SELECT count(*) = 1 FROM billing_adjustments WHERE direction <> 'none'""",
    "minutes, in the time log": """
        SELECT count(*) > 300 AND count(*) FILTER (WHERE source = 'alert') > 60
            AND bool_and(programme IS NOT NULL)
        FROM time_entries""",
    "twenty of them in the last month for some, and not for others": """
        SELECT count(*) FILTER (WHERE seconds >= 1200) >= 5
            AND count(*) FILTER (WHERE seconds < 1200) >= 2
        FROM (
            SELECT sum(seconds) AS seconds FROM time_entries
            WHERE started_at > now() - INTERVAL '30 days' GROUP BY patient_id
        ) AS months""",
    "calls and visits, written down": """
        SELECT count(*) > 60 AND bool_or(NOT reached) FROM care_notes""",
    "a hand-over": "SELECT count(*) = 1 FROM hand_overs",
    "filters that people keep": "SELECT count(*) = 2 FROM saved_views",
    "somebody on call, now and next week": """
        SELECT count(*) = 4 AND bool_or(starts_at <= now() AND ends_at > now()) FROM on_call""",
    "an enrolment that waits": """
        SELECT count(*) = 1 FROM patient_enrolments WHERE finished_at IS NULL""",
    "a hub that has said nothing for three days": """
        SELECT count(*) = 1 FROM (
            SELECT DISTINCT ON (gateway_id) gateway_id, state, at FROM gateway_health
            ORDER BY gateway_id, at DESC
        ) AS last WHERE state = 'offline' AND at < now() - INTERVAL '2 days'""",
}


async def test_the_clinic_has_everything_worth_seeing_and_a_second_start_adds_nothing(
    database: str, tmp_path: Path
) -> None:
    shown = await prepared(database, tmp_path, 18)
    assert shown.without_past == 18
    assert {"admin", "nurse", "nurse2", "clinician", "biller", "auditor", "patient"} < {
        *shown.users
    }
    async with opened(database) as pool:
        now = dt.datetime.now(dt.UTC)
        assert await past.make(pool, await found(pool, 18), now=now) == 18
        async with pool.acquire() as conn:
            # As of the start, however long it took to make all that.
            then = f"'{now.isoformat()}'::timestamptz"
            missing = [
                name
                for name, sql in STATES.items()
                if not await conn.fetchval(sql.replace("now()", then))
            ]
            assert not missing
            before = await counts(conn)
        again = await prepared(database, tmp_path, 18)
        assert (again.without_past, again.users) == (0, shown.users)
        assert await past.make(pool, await found(pool, 18), now=now) == 0
        async with pool.acquire() as conn:
            assert await counts(conn) == before


async def test_a_start_that_is_killed_half_way_is_completed_by_the_next(
    database: str, tmp_path: Path
) -> None:
    await prepared(database, tmp_path, 5)
    async with opened(database) as pool:
        await _killed_half_way(pool, database, tmp_path)
        here = await found(pool, 5)
        now = dt.datetime.now(dt.UTC)
        assert 0 < await past.make(pool, here, now=now) < 5
        async with pool.acquire() as conn:
            whole = await conn.fetch(
                "SELECT p.id FROM patients p WHERE EXISTS (SELECT FROM readings r"
                " WHERE r.patient_id = p.id) AND EXISTS (SELECT FROM plan_versions v"
                " WHERE v.patient_id = p.id) AND EXISTS (SELECT FROM episodes e"
                " WHERE e.patient_id = p.id)"
            )
            assert {row["id"] for row in whole} == set(here.patients.values())


async def _killed_half_way(pool: Pool, database: str, directory: Path) -> None:
    """The process itself, as the kernel ends it."""
    plan = directory / "past.json"
    past_plan.write(
        past_plan.PastPlan(clinic=clinic.CLINIC, patients=5, base_url="http://localhost"), plan
    )
    process = subprocess.Popen(  # noqa: ASYNC220 - Started, watched and killed, never waited on.
        [sys.executable, "-m", "hearthbeat", "past", str(plan)],
        env={**os.environ, "HB_DATABASE_URL": database},  # noqa: TID251 - The child's.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with pool.acquire() as conn, asyncio.timeout(60):
            while not await conn.fetchval("SELECT count(DISTINCT patient_id) FROM episodes"):
                assert process.poll() is None
                await asyncio.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


async def test_two_days_away_are_lived_once_more_and_nothing_of_before_changes(
    database: str, tmp_path: Path
) -> None:
    await prepared(database, tmp_path, 3)
    async with opened(database) as pool:
        here = await found(pool, 3)
        await past.make(pool, here, now=here.anchor + MINUTE)
        async with pool.acquire() as conn:
            before = await conn.fetch(WHAT_IS)
            ended = [row for row in before if row["ended_at"] is not None]
            readings = await conn.fetchval(COUNTS["readings"])
        later = here.anchor + dt.timedelta(days=2)
        assert await past.make(pool, here, now=later) == 0
        async with pool.acquire() as conn:
            after = await conn.fetch(WHAT_IS)
            assert [row for row in ended if row not in after] == []
            assert await conn.fetchval(COUNTS["readings"]) > readings + 6
            newest: Any = await conn.fetchval("SELECT max(measured_at) FROM readings")
            assert later - dt.timedelta(days=1) < newest <= later
        assert await past.make(pool, here, now=later + MINUTE) == 0
        async with pool.acquire() as conn:
            assert await conn.fetch(WHAT_IS) == after


async def test_a_patient_whose_number_was_changed_is_still_there_at_the_next_start(
    database: str, tmp_path: Path
) -> None:
    """Whoever tries the demonstration may change any record in it."""
    await prepared(database, tmp_path, 4)
    async with opened(database) as pool, pool.acquire() as conn:
        before = await counts(conn)
        await conn.execute("UPDATE patients SET mrn = 'changed ' || mrn WHERE mrn ~ '^[0-9]+$'")
        await prepared(database, tmp_path, 4)
        after = await counts(conn)
        changed = await conn.fetchval("SELECT count(*) FROM patients WHERE mrn LIKE 'changed %'")
    assert (after, changed) == (before, 4)
