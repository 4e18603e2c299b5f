"""Plans on a real database: versions that follow each other, refusals that change nothing."""

import asyncio
import datetime as dt
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from care import plans
from care.changes import list_changes
from care.errors import CareError, FaultsError, InvalidError, NotFoundError, TakenError
from care.plan_shelf import PlanShelf, plans_between
from care.plans import (
    AHEAD_MAX,
    CHANNEL,
    TOLERANCE,
    PlanSet,
    end_plan,
    in_force,
    list_plans,
    set_plan,
)
from care.programme_files import parse
from care.programmes import find_programme, list_programmes, register, shipped
from store.pool import Connection
from tests.integration.care.conftest import NOW, Clinic
from tests.unit.care.test_programme_files import GOOD

HOUR, DAY, INSTANT = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(microseconds=1)
QUIETER = {"rules": [{"rule": "irregular-pulse", "set": {"enabled": False}}]}


async def put(conn: Connection, clinic: Clinic, **other: Any) -> PlanSet:
    fields: dict[str, Any] = {
        "programme": "hypertension-us", "overrides": {}, "effective_from": NOW,
        "reason": "first visit", "actor": None, "now": NOW,
    }  # fmt: skip
    return await set_plan(conn, clinic.organisation.id, clinic.ann.id, **(fields | other))


async def history(conn: Connection, clinic: Clinic) -> list[plans.PlanVersion]:
    return await list_plans(conn, clinic.organisation.id, clinic.ann.id)


async def test_versions_follow_each_other_without_overlap(conn: Connection, clinic: Clinic) -> None:
    first = (await put(conn, clinic)).plan
    second = (await put(conn, clinic, overrides=QUIETER, effective_from=NOW + DAY,
                        reason="known fibrillation")).plan  # fmt: skip
    assert (first.version, second.version) == (1, 2)
    latest, before = await history(conn, clinic)
    assert (before.effective_from, before.effective_to) == (NOW, NOW + DAY)
    assert (latest.effective_from, latest.effective_to) == (NOW + DAY, None)
    assert latest.reason == "known fibrillation"
    assert len(latest.rules) == len(before.rules) - 1
    for at, version in ((NOW - INSTANT, None), (NOW, 1), (NOW + DAY - INSTANT, 1), (NOW + DAY, 2)):
        found = in_force([latest, before], at=at)
        assert (None if found is None else found.version) == version


async def test_who_when_and_why_stand_with_every_change(conn: Connection, clinic: Clinic) -> None:
    nurse = await conn.fetchval(
        "INSERT INTO users (organisation_id, username, password_hash, role)"
        " VALUES ($1, 'joy', '-', 'nurse') RETURNING id",
        clinic.organisation.id,
    )
    made = (await put(conn, clinic, actor=nurse)).plan
    assert (made.created_by, made.username, made.created_at) == (nurse, "joy", NOW)
    ended = await end_plan(conn, clinic.organisation.id, clinic.ann.id, at=NOW + DAY,
                           reason="moved away", actor=nurse, now=NOW + DAY)  # fmt: skip
    assert (ended.effective_to, ended.ended_by, ended.end_reason) == (
        NOW + DAY, nurse, "moved away",
    )  # fmt: skip
    changes = await list_changes(conn, clinic.organisation.id, clinic.ann.id)
    assert [(each.what, each.username, each.reason) for each in changes] == [
        ("plan ended", "joy", "moved away"),
        ("plan set", "joy", "first visit"),
    ]


async def test_the_same_plan_again_is_no_new_version(conn: Connection, clinic: Clinic) -> None:
    await put(conn, clinic, overrides=QUIETER)
    again = await put(conn, clinic, overrides=QUIETER, effective_from=NOW + HOUR,
                      now=NOW + HOUR, reason="once more")  # fmt: skip
    assert not again.changed
    assert (again.plan.version, again.plan.reason) == (1, "first visit")
    assert len(await history(conn, clinic)) == 1


REFUSED: list[tuple[str, dict[str, Any], type[CareError], str]] = [
    ("without a reason", {"reason": " "}, InvalidError, "reason"),
    ("at the start of the latest", {"effective_from": NOW}, TakenError, "effective_from"),
    ("before the start of the latest", {"effective_from": NOW - INSTANT}, TakenError,
     "effective_from"),
    ("too far ahead", {"effective_from": NOW + HOUR + AHEAD_MAX + INSTANT}, InvalidError,
     "effective_from"),
    ("an unknown programme", {"programme": "hypertensoin-us"}, NotFoundError, "programme"),
    ("an unknown version", {"version": 99}, NotFoundError, "version"),
    ("an override of nothing", {"overrides": {"rules": [{"rule": "x", "set": {"latch": True}}]}},
     FaultsError, "overrides.rules[0].rule"),
    ("overrides of another shape", {"overrides": {"rules": "none"}}, FaultsError,
     "overrides.rules"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "error", "field"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
async def test_what_cannot_be_is_refused_and_the_running_plan_stays(
    conn: Connection, clinic: Clinic, change: dict[str, Any], error: type[CareError], field: str
) -> None:
    await put(conn, clinic)
    asked = {"overrides": QUIETER, "effective_from": NOW + HOUR, "now": NOW + HOUR} | change
    with pytest.raises(error) as caught:
        await put(conn, clinic, **asked)
    assert caught.value.field == field
    (running,) = await history(conn, clinic)
    assert (running.version, running.effective_to) == (1, None)


@pytest.mark.parametrize(
    ("ago", "allowed"),
    [(TOLERANCE - INSTANT, True), (TOLERANCE, True), (TOLERANCE + INSTANT, False)],
)
async def test_backdating_is_meant_or_refused(
    conn: Connection, clinic: Clinic, ago: dt.timedelta, *, allowed: bool
) -> None:
    if not allowed:
        with pytest.raises(InvalidError, match="lies in the past"):
            await put(conn, clinic, effective_from=NOW - ago)
    made = await put(conn, clinic, effective_from=NOW - ago, allow_backdate=not allowed)
    queued = await conn.fetch("SELECT * FROM evaluation_queue")
    assert {row["kind"] for row in queued} == {"blood_pressure"}
    assert {row["measured_at"] for row in queued} == {made.plan.effective_from}
    assert {row["patient_id"] for row in queued} == {clinic.ann.id}
    assert {row["reading_id"] for row in queued} == {None}


async def test_a_plan_from_now_on_judges_nothing_anew(conn: Connection, clinic: Clinic) -> None:
    await put(conn, clinic)
    assert await conn.fetchval("SELECT count(*) FROM evaluation_queue") == 0


async def test_after_an_end_the_next_begins_then_or_later(conn: Connection, clinic: Clinic) -> None:
    await put(conn, clinic)
    with pytest.raises(InvalidError, match="must be after the plan's start"):
        await end_plan(conn, clinic.organisation.id, clinic.ann.id, at=NOW, reason="x", actor=None,
                       now=NOW)  # fmt: skip
    await end_plan(conn, clinic.organisation.id, clinic.ann.id, at=NOW + DAY, reason="x",
                   actor=None, now=NOW)  # fmt: skip
    with pytest.raises(NotFoundError):
        await end_plan(conn, clinic.organisation.id, clinic.ann.id, at=NOW + DAY, reason="x",
                       actor=None, now=NOW)  # fmt: skip
    with pytest.raises(TakenError, match="holds until"):
        await put(conn, clinic, effective_from=NOW + DAY - INSTANT)
    made = await put(conn, clinic, effective_from=NOW + DAY)
    assert (made.changed, made.plan.version) == (True, 2)


async def test_of_two_who_set_a_plan_at_once_one_comes_after_the_other(
    pool: asyncpg.Pool, clinic: Clinic
) -> None:
    async def one(number: int) -> None:
        async with pool.acquire() as conn:
            await put(conn, clinic, reason=f"by {number}",
                      overrides={"silence": {"claim_min": number}},
                      effective_from=NOW + number * INSTANT)  # fmt: skip

    done = await asyncio.gather(*(one(n) for n in range(1, 6)), return_exceptions=True)
    assert done == [None] * 5
    async with pool.acquire() as conn:
        versions = await history(conn, clinic)
    in_order = plans.standing(versions)
    assert [each.effective_from for each in in_order] == [NOW + n * INSTANT for n in range(1, 6)]
    for earlier, later in pairwise(in_order):
        assert earlier.effective_to == later.effective_from
    assert sorted(each.version for each in in_order) == [1, 2, 3, 4, 5]


async def test_another_organisations_patient_is_not_there(conn: Connection, clinic: Clinic) -> None:
    with pytest.raises(NotFoundError):
        await set_plan(conn, clinic.ann.id, clinic.ann.id, programme="copd", overrides={},
                       effective_from=NOW, reason="x", actor=None, now=NOW)  # fmt: skip


async def test_a_change_is_told_with_the_patients_id(
    conn: Connection, clinic: Clinic, database: str
) -> None:
    heard: asyncio.Queue[object] = asyncio.Queue()
    listener = await asyncpg.connect(database)
    await listener.add_listener(CHANNEL, lambda *said: heard.put_nowait(said[-1]))
    await put(conn, clinic)
    async with asyncio.timeout(10):
        assert await heard.get() == str(clinic.ann.id)
    await listener.close()


async def test_a_shelf_keeps_what_is_equal_once(conn: Connection, clinic: Clinic) -> None:
    await put(conn, clinic)
    await set_plan(conn, clinic.organisation.id, clinic.bob.id, programme="hypertension-us",
                   overrides=QUIETER, effective_from=NOW, reason="x", actor=None,
                   now=NOW)  # fmt: skip
    shelf, both = PlanShelf(), [clinic.ann.id, clinic.bob.id]
    found = await plans_between(conn, both, NOW, shelf=shelf)
    (ann,), (bob,) = found[clinic.ann.id], found[clinic.bob.id]
    assert ann.ladders is bob.ladders
    assert ann.rules[0] is bob.rules[0]
    assert (await plans_between(conn, both, NOW, shelf=shelf))[clinic.ann.id][0] is ann


async def test_a_shelf_sees_ends_and_what_came_after(conn: Connection, clinic: Clinic) -> None:
    shelf, ann = PlanShelf(), clinic.ann.id
    await put(conn, clinic)
    await plans_between(conn, [ann], NOW, shelf=shelf)
    await put(conn, clinic, overrides=QUIETER, effective_from=NOW + DAY)
    first, second = (await plans_between(conn, [ann], NOW, shelf=shelf))[ann]
    assert (first.effective_to, second.effective_from) == (NOW + DAY, NOW + DAY)
    (only,) = (await plans_between(conn, [ann], NOW + DAY, shelf=shelf))[ann]
    assert only.version == 2
    assert await plans_between(conn, [clinic.bob.id], NOW, shelf=shelf) == {}


async def test_a_version_in_use_is_kept_and_never_says_something_else(
    conn: Connection, clinic: Clinic
) -> None:
    await put(conn, clinic)
    kept = await conn.fetchrow("SELECT id, version, body::text FROM programmes")
    assert kept is not None
    assert (kept["id"], kept["version"]) == ("hypertension-us", 1)
    altered = next(each for each in shipped() if each.id == "hypertension-us")
    with pytest.raises(TakenError, match="says something else already"):
        await register(conn, parse(GOOD.replace('"small"', f'"{altered.id}"')))


async def test_a_clinics_own_programme_is_registered_once(conn: Connection, clinic: Clinic) -> None:
    own = parse(GOOD)
    made = await register(conn, own)
    assert (made.programme, made.shipped) == (own, False)
    assert (await register(conn, own)).registered_at == made.registered_at
    with pytest.raises(TakenError, match="new number"):
        await register(conn, parse(GOOD.replace("160", "165")))
    second = parse(GOOD.replace("160", "165").replace("version = 1", "version = 2"))
    await register(conn, second)
    assert (await find_programme(conn, "small")).programme == second
    assert (await find_programme(conn, "small", 1)).programme == own
    assert len(await list_programmes(conn)) == len(shipped()) + 2
    old = await put(conn, clinic, programme="small", version=1)
    assert (old.plan.programme_version, old.plan.rules) == (1, own.rules)
