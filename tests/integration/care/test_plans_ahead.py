"""Plans set around versions that have not begun, and those withdrawn, on a real database."""

import asyncio
import datetime as dt
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from care.changes import list_changes
from care.errors import CareError, InvalidError, NotFoundError, TakenError
from care.plan_shelf import PlanShelf, plans_between
from care.plan_withdrawal import withdraw_plan
from care.plans import CHANNEL, QUERIES, PlanSet, end_plan, in_force, list_plans, standing
from store.pool import Connection
from store.queries import load
from tests.integration.care.conftest import NOW, Clinic
from tests.integration.care.test_plans import history, put

SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
MONDAY = NOW + DAY


def saying(number: int) -> dict[str, Any]:
    return {"silence": {"claim_min": number}}


async def withdraw(conn: Connection, clinic: Clinic, **other: Any) -> PlanSet:
    fields: dict[str, Any] = {"reason": "too soon", "actor": None, "now": NOW}
    return await withdraw_plan(conn, clinic.organisation.id, clinic.ann.id, **(fields | other))


async def end(conn: Connection, clinic: Clinic, at: dt.datetime, now: dt.datetime = NOW) -> None:
    await end_plan(conn, clinic.organisation.id, clinic.ann.id, at=at, reason="over", actor=None,
                   now=now)  # fmt: skip


async def spans(conn: Connection, clinic: Clinic) -> list[tuple[int, Any, Any]]:
    return [
        (each.version, each.effective_from, each.effective_to)
        for each in standing(await history(conn, clinic))
    ]


@pytest.fixture
async def scheduled(conn: Connection, clinic: Clinic) -> Clinic:
    """Version 1 holds; version 2 begins on Monday."""
    await put(conn, clinic, effective_from=NOW - SECOND)
    await put(conn, clinic, overrides=saying(2), effective_from=MONDAY)
    return clinic


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        (-SECOND, [(1, NOW - SECOND, MONDAY - SECOND), (3, MONDAY - SECOND, MONDAY),
                   (2, MONDAY, None)]),
        (0 * SECOND, None),
        (SECOND, [(1, NOW - SECOND, MONDAY), (2, MONDAY, MONDAY + SECOND),
                  (3, MONDAY + SECOND, None)]),
    ],
)  # fmt: skip
async def test_a_version_begins_before_or_after_a_scheduled_one_and_not_with_it(
    conn: Connection, scheduled: Clinic, begins: dt.timedelta, expected: list[Any] | None
) -> None:
    before = await spans(conn, scheduled)
    if expected is None:
        with pytest.raises(TakenError, match="withdraw it, or begin before or after"):
            await put(conn, scheduled, overrides=saying(3), effective_from=MONDAY + begins)
        assert await spans(conn, scheduled) == before
        return
    made = await put(conn, scheduled, overrides=saying(3), effective_from=MONDAY + begins)
    assert (made.changed, made.plan.version) == (True, 3)
    assert await spans(conn, scheduled) == expected


@pytest.mark.parametrize(
    ("now", "withdrawn"), [(MONDAY - SECOND, True), (MONDAY, False), (MONDAY + SECOND, False)]
)
async def test_only_what_has_not_begun_is_withdrawn(
    conn: Connection, scheduled: Clinic, now: dt.datetime, *, withdrawn: bool
) -> None:
    if withdrawn:
        assert (await withdraw(conn, scheduled, version=2, now=now)).changed
        assert await spans(conn, scheduled) == [(1, NOW - SECOND, None)]
        return
    with pytest.raises(InvalidError, match="version 2 began at"):
        await withdraw(conn, scheduled, version=2, now=now)
    with pytest.raises(NotFoundError):
        await withdraw(conn, scheduled, now=now)
    assert len(await spans(conn, scheduled)) == 2


async def test_what_has_begun_lets_nothing_begin_before_it(
    conn: Connection, scheduled: Clinic
) -> None:
    with pytest.raises(TakenError, match="version 2 begins at"):
        await put(conn, scheduled, overrides=saying(3), effective_from=MONDAY - SECOND,
                  now=MONDAY, allow_backdate=True)  # fmt: skip


async def test_a_withdrawn_version_is_kept_with_who_when_and_why(
    conn: Connection, scheduled: Clinic
) -> None:
    nurse = await conn.fetchval(
        "INSERT INTO users (organisation_id, username, password_hash, role)"
        " VALUES ($1, 'joy', '-', 'nurse') RETURNING id",
        scheduled.organisation.id,
    )
    gone = (await withdraw(conn, scheduled, actor=nurse)).plan
    assert (gone.withdrawn_by, gone.withdrawn_username, gone.withdrawn_at) == (nurse, "joy", NOW)
    assert (gone.withdraw_reason, gone.effective_from) == ("too soon", MONDAY)
    versions = await history(conn, scheduled)
    assert [each.version for each in versions] == [2, 1]
    found = in_force(versions, at=MONDAY + DAY)
    assert found is not None
    assert found.version == 1
    changes = await list_changes(conn, scheduled.organisation.id, scheduled.ann.id)
    assert (changes[0].what, changes[0].username, changes[0].facts["version"]) == (
        "plan withdrawn", "joy", 2,
    )  # fmt: skip


async def test_saying_it_again_changes_nothing(conn: Connection, scheduled: Clinic) -> None:
    assert not (await put(conn, scheduled, effective_from=NOW)).changed
    assert not (await put(conn, scheduled, overrides=saying(2), effective_from=MONDAY)).changed
    first = await withdraw(conn, scheduled, version=2)
    again = await withdraw(conn, scheduled, version=2, reason="once more", now=NOW + SECOND)
    assert (first.changed, again.changed, again.plan) == (True, False, first.plan)
    changes = await list_changes(conn, scheduled.organisation.id, scheduled.ann.id)
    assert [each.what for each in changes] == ["plan withdrawn", "plan set", "plan set"]


async def test_a_number_is_not_used_again_and_an_instant_is(
    conn: Connection, scheduled: Clinic
) -> None:
    await withdraw(conn, scheduled)
    made = await put(conn, scheduled, overrides=saying(3), effective_from=MONDAY)
    assert made.plan.version == 3
    assert await spans(conn, scheduled) == [(1, NOW - SECOND, MONDAY), (3, MONDAY, None)]


async def test_of_several_one_is_named(conn: Connection, scheduled: Clinic) -> None:
    await put(conn, scheduled, overrides=saying(3), effective_from=MONDAY + DAY)
    with pytest.raises(InvalidError, match="say which of those"):
        await withdraw(conn, scheduled)
    await withdraw(conn, scheduled, version=2)
    assert await spans(conn, scheduled) == [
        (1, NOW - SECOND, MONDAY + DAY),
        (3, MONDAY + DAY, None),
    ]


async def test_an_end_that_was_said_outlives_the_version_it_was_said_of(
    conn: Connection, scheduled: Clinic
) -> None:
    await end(conn, scheduled, MONDAY + DAY)
    await withdraw(conn, scheduled)
    (left,) = standing(await history(conn, scheduled))
    assert (left.version, left.effective_to, left.end_reason) == (1, MONDAY + DAY, "over")


async def test_the_shelf_never_sees_a_withdrawn_version(
    conn: Connection, scheduled: Clinic
) -> None:
    shelf, ann = PlanShelf(), scheduled.ann.id
    assert len((await plans_between(conn, [ann], NOW, shelf=shelf))[ann]) == 2
    await withdraw(conn, scheduled)
    for at in (NOW, MONDAY, MONDAY + DAY):
        (only,) = (await plans_between(conn, [ann], at, shelf=shelf))[ann]
        assert (only.version, only.effective_to) == (1, None)


async def test_nothing_that_asks_for_plans_finds_a_withdrawn_one(
    conn: Connection, clinic: Clinic
) -> None:
    wanted = load("alerts", "oncall.sql")["wanted"]
    people = load("alerts", "technical.sql")["patients"]
    whose = clinic.organisation.id
    made = (await put(conn, clinic, effective_from=MONDAY)).plan
    assert await conn.fetchval(wanted, NOW)
    assert len(await conn.fetch(people, whose, MONDAY)) == 1
    assert len(await conn.fetch(QUERIES["with_plans"], NOW)) == 1
    await withdraw(conn, clinic)
    assert not await conn.fetchval(wanted, NOW)
    assert await conn.fetch(people, whose, MONDAY) == []
    assert await conn.fetch(QUERIES["with_plans"], NOW) == []
    assert [each.id for each in await history(conn, clinic)] == [made.id]


async def test_a_withdrawal_is_told_with_the_patients_id(
    conn: Connection, scheduled: Clinic, database: str
) -> None:
    heard: asyncio.Queue[object] = asyncio.Queue()
    listener = await asyncpg.connect(database)
    await listener.add_listener(CHANNEL, lambda *said: heard.put_nowait(said[-1]))
    await withdraw(conn, scheduled)
    async with asyncio.timeout(10):
        assert await heard.get() == str(scheduled.ann.id)
    await listener.close()


async def test_of_two_at_once_one_withdraws_and_one_sets(
    pool: asyncpg.Pool, conn: Connection, scheduled: Clinic
) -> None:
    async def one(number: int) -> bool:
        async with pool.acquire() as own:
            if number % 2:
                return (await withdraw(own, scheduled, version=2)).changed
            return (await put(own, scheduled, overrides=saying(number + 10))).changed

    done = await asyncio.gather(*(one(n) for n in range(4)), return_exceptions=True)
    assert sum(each is True for each in done[1::2]) == 1
    assert sum(each is True for each in done[::2]) == 1
    assert sum(isinstance(each, TakenError) for each in done[::2]) == 1
    assert await spans(conn, scheduled) == [(1, NOW - SECOND, NOW), (3, NOW, None)]


async def test_the_table_itself_refuses_what_overlaps(conn: Connection, scheduled: Clinic) -> None:
    with pytest.raises(asyncpg.ExclusionViolationError):
        await conn.execute(
            "UPDATE plan_versions SET effective_to = $1 WHERE version = 1", MONDAY + SECOND
        )
    with pytest.raises(asyncpg.CheckViolationError):
        await conn.execute(
            "UPDATE plan_versions SET withdrawn_at = effective_from, withdraw_reason = 'x'"
            " WHERE version = 2"
        )
    assert len(await spans(conn, scheduled)) == 2


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "withdraw", "end"]),
        st.integers(0, 8),
        st.integers(0, 2),
    ),
    max_size=10,
)
"""What is asked for, the day (or the version) it is for, and the days that pass before."""


class Said:
    """What was said last of each instant, kept another way: days at which something changes."""

    def __init__(self) -> None:
        self.begins: dict[int, int] = {}
        self.ends: set[int] = set()

    def at(self, day: int) -> int | None:
        begun = max((each for each in self.begins if each <= day), default=None)
        over = max((each for each in self.ends if each <= day), default=None)
        return None if begun is None or (over is not None and over > begun) else self.begins[begun]

    def withdraw(self, version: int) -> None:
        self.begins = {day: each for day, each in self.begins.items() if each != version}
        for day in sorted(self.ends):
            others = self.ends - {day}
            begun = max((each for each in self.begins if each < day), default=None)
            if begun is None or any(begun < other < day for other in others):
                # Nothing holds that could end there.
                self.ends = others


@given(steps=STEPS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_whatever_is_asked_for_the_last_word_holds_at_each_instant(
    conn: Connection, clinic: Clinic, steps: list[tuple[str, int, int]]
) -> None:
    transaction = conn.transaction()
    await transaction.start()
    said, today = Said(), 0
    try:
        for number, (what, which, passed) in enumerate(steps):
            today += passed
            now = NOW + today * DAY
            try:
                async with conn.transaction():
                    await follow(conn, clinic, said, what, which, number=number, now=now)
            except CareError:
                pass
            await check(conn, clinic, said, now=now)
    finally:
        await transaction.rollback()


async def follow(
    conn: Connection, clinic: Clinic, said: Said, what: str, which: int, *, number: int,
    now: dt.datetime,
) -> None:  # fmt: skip
    """Do it, and keep it in mind where it was not refused."""
    today = (now - NOW).days
    if what == "set":
        day = today + which
        made = await put(conn, clinic, overrides=saying(number % 3 + 1), now=now,
                         effective_from=NOW + day * DAY)  # fmt: skip
        if made.changed:
            said.begins[day] = made.plan.version
    elif what == "withdraw":
        made = await withdraw(conn, clinic, version=which, now=now)
        if made.changed:
            assert made.plan.effective_from > now
            said.withdraw(which)
    else:
        await end(conn, clinic, NOW + (today + which) * DAY, now)
        said.ends.add(today + which)


async def check(conn: Connection, clinic: Clinic, said: Said, *, now: dt.datetime) -> None:
    versions = await list_plans(conn, clinic.organisation.id, clinic.ann.id)
    assert [each.version for each in versions] == [*range(len(versions), 0, -1)]
    for earlier, later in pairwise(standing(versions)):
        assert earlier.effective_to is not None
        assert earlier.effective_to <= later.effective_from
    for day in range(32):
        for at in (NOW + day * DAY, NOW + (day + 1) * DAY - SECOND):
            found = in_force(versions, at=at)
            assert (None if found is None else found.version) == said.at(day), (day, now)
