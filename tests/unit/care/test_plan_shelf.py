"""Plans in memory are small, though every fourth patient's says something of its own."""

import datetime as dt
import random
import tracemalloc
from uuid import UUID

import msgspec

from care.overrides import read_overrides, resolve
from care.plan_shelf import PlanShelf
from care.plans import plan_of
from care.programme import Plan, Programme
from care.programmes import shipped

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
PATIENTS = 1_000


def bodies(number: int, programme: Programme, random_: random.Random) -> dict[str, object]:
    """A row as the database gives it. One patient in four has a limit that nobody else has."""
    data = {}
    if random_.random() < 0.25:
        first = programme.rules[0]
        data = {"rules": [{"rule": first.id, "set": {"label": f"as agreed, {number}"}}]}
    overrides = read_overrides(data)
    return {
        "id": UUID(int=number), "organisation_id": UUID(int=1), "patient_id": UUID(int=number),
        "version": 1, "effective_from": NOW, "effective_to": None, "programme": programme.id,
        "programme_version": 1, "overrides": msgspec.json.encode(overrides).decode(),
        "resolved": msgspec.json.encode(resolve(programme, overrides)).decode(),
    }  # fmt: skip


def test_a_patients_plan_takes_less_than_three_kilobytes() -> None:
    random_ = random.Random(3)
    rows = [bodies(n, random_.choice(shipped()), random_) for n in range(PATIENTS)]
    shelf = PlanShelf()
    tracemalloc.start()
    for row in rows:
        shelf.put(plan_of(Plan, row))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(shelf) == PATIENTS
    assert size < PATIENTS * 3 * 1024, size


def test_what_nobody_asked_for_the_longest_is_forgotten_first() -> None:
    random_ = random.Random(3)
    plans = [plan_of(Plan, bodies(n, shipped()[0], random_)) for n in range(3)]
    shelf = PlanShelf(most=2)
    shelf.put(plans[0])
    shelf.put(plans[1])
    assert shelf.get(plans[0].id, effective_to=None) is not None
    shelf.put(plans[2])
    assert shelf.get(plans[1].id, effective_to=None) is None
    assert shelf.get(plans[0].id, effective_to=None) is not None


def test_an_end_that_came_later_is_seen() -> None:
    plan = plan_of(Plan, bodies(1, shipped()[0], random.Random(3)))
    shelf = PlanShelf()
    shelf.put(plan)
    ended = shelf.get(plan.id, effective_to=NOW + dt.timedelta(days=1))
    assert ended is not None
    assert ended.effective_to == NOW + dt.timedelta(days=1)
