"""What the clock does to alerts: steps of ladders, ends of snoozes, acknowledgements gone stale.

Each due row is claimed, carried out and deleted in one transaction. A process that dies leaves it
to the next; two that tick at once take different ones.
"""

import datetime as dt
from functools import partial
from typing import Any, Final

from structlog import get_logger

from alerts.evaluating.aside import ATTEMPTS_MOST, tried, wait_after, where
from alerts.life import rows
from alerts.life.alert import Alert
from alerts.life.events import ByClock, ClearedLongAgo, SnoozeEnded, StepDue, TooLongAcknowledged
from alerts.life.lifecycle import Changed, Policy, step
from alerts.life.policies import policy_of
from alerts.telling.escalation import QUERIES, take_by_hand, take_step
from store.pool import Connection, Pool

log = get_logger()

_BY_CLOCK: Final[dict[str, ByClock]] = {
    "reopen": TooLongAcknowledged(),
    "wake": SnoozeEnded(),
    "auto_close": ClearedLongAgo(),
}


async def do_due(pool: Pool, *, now: dt.datetime, base_url: str, most: int = 500) -> int:
    """Everything that is due by `now`, oldest first; how many. Raises what asyncpg raises.

    An alert that somebody holds, as a process that was paused in the middle, holds up no other.
    """
    done, passed = 0, set[int]()
    for _ in range(most):
        before = len(passed)
        if await do_one(pool, now=now, base_url=base_url, passed=passed):
            done += 1
        elif len(passed) == before:
            break
    return done


async def do_one(
    pool: Pool, *, now: dt.datetime, base_url: str, passed: set[int] | None = None
) -> bool:
    """The oldest due row that nobody else is at; False where there is none.

    `passed` are rows not to be looked at; one whose alert somebody is at is put into it.

    Whoever acts on an alert locks it and then its due rows; here it is the other way round, so an
    alert that somebody is at is left for the next tick instead of being waited for. What fails is
    put off, a little longer each time, and stops nothing else.
    """
    async with pool.acquire() as conn, conn.transaction():
        due = await conn.fetchrow(QUERIES["claim"], now, list(passed or ()))
        if due is None:
            return False
        alert = await rows.lock_idle(conn, due["organisation_id"], due["subject"])
        if alert is None and await rows.find(conn, due["organisation_id"], due["subject"]):
            if passed is not None:
                passed.add(due["id"])
            return False
        error = await tried(conn, partial(carry_out, conn, alert, due, now=now, base_url=base_url))
        if error is not None:
            await _put_off(conn, due, error, now=now)
        return True


async def carry_out(
    conn: Connection, alert: Alert | None, due: Any, *, now: dt.datetime, base_url: str
) -> None:
    """One due row, which then is due no more; the alert is locked by the caller, None if gone."""
    if alert is not None:
        policy = await policy_of(conn, alert.organisation_id, alert.plan_version_id)
        await _do(conn, alert, due, policy, now=now, base_url=base_url)
    await conn.execute(QUERIES["done"], due["id"])


async def _put_off(conn: Connection, due: Any, error: Exception, *, now: dt.datetime) -> None:
    attempts = min(due["attempts"] + 1, ATTEMPTS_MOST)
    log.error(
        "a step could not be taken: put off, the others go on",
        what=due["what"],
        alert=str(due["subject"]),
        attempts=attempts,
        error=type(error).__name__,
        where=where(error),
    )
    await conn.execute(QUERIES["put_off"], due["id"], attempts, now + wait_after(attempts))


async def _do(
    conn: Connection, alert: Alert, due: Any, policy: Policy, *, now: dt.datetime, base_url: str
) -> None:
    if due["what"] != "escalate":
        await _apply(conn, alert, _BY_CLOCK[due["what"]], policy, now=now)
        return
    generation, number, *by_hand = due["key"].split("/")
    if by_hand:
        await take_by_hand(
            conn, alert, step=int(number), key=due["key"], now=now, policy=policy, base_url=base_url
        )
        return
    event = StepDue(generation=int(generation), step=int(number))
    changed = await _apply(conn, alert, event, policy, now=now)
    if changed is not None:
        await take_step(
            conn,
            changed.alert,
            generation=event.generation,
            step=event.step,
            due_at=due["due_at"],
            now=now,
            policy=policy,
            base_url=base_url,
        )


async def _apply(
    conn: Connection, alert: Alert, event: ByClock, policy: Policy, *, now: dt.datetime
) -> Changed | None:
    """None where it means nothing any more: somebody was quicker than the clock."""
    answer = step(alert, event, now=now, policy=policy)
    if not isinstance(answer, Changed):
        return None
    await rows.save(conn, [answer], now=now)
    return answer
