"""made == stored, under kill -9, without a database, on a full disk: short versions of tests.chaos.

`python -m tests.chaos --seconds 60 --seed N --variant all` is the long one. These run with a new
seed each time; it is in the output of a failure, and repeats it.
"""

import random

import asyncpg
import pytest

from hearthbeat.embedded import mosquitto
from tests.chaos import small_disk
from tests.chaos.run import Outcome, Plan, perform
from tests.chaos.world import World

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.enable_socket,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        mosquitto.find() is None,
        reason="mosquitto is not installed: a broker that can be killed apart is needed",
    ),
]


def run(name: str, *, seconds: float) -> Outcome:
    plan = Plan(name=name, seed=random.SystemRandom().randrange(1_000_000), seconds=seconds)
    print(f"python -m tests.chaos --variant {name} --seed {plan.seed}")  # noqa: T201 (repeats it)
    return perform(plan)


def assert_holds(outcome: Outcome) -> None:
    assert outcome.verdict.wrong == [], f"seed {outcome.seed}\n{outcome.last_words}"
    assert outcome.quiet_after_s is not None, f"seed {outcome.seed}\n{outcome.last_words}"
    assert outcome.verdict.stored >= outcome.verdict.kept > 0
    assert outcome.unasked_exits == {}, f"seed {outcome.seed}\n{outcome.last_words}"


def test_nothing_is_lost_when_everything_is_killed_at_random() -> None:
    outcome = run("kills", seconds=12)
    assert_holds(outcome)
    assert sum(outcome.events.values()) == 7


def test_nothing_is_lost_while_the_database_is_away() -> None:
    assert_holds(run("database-away", seconds=9))


@pytest.mark.skipif(
    not small_disk.available(),
    reason="a small disk can be mounted by root only; a file size limit would be another fault",
)
def test_nothing_is_lost_on_a_full_disk_and_what_it_refuses_is_said() -> None:
    outcome = run("disk-full", seconds=10)
    assert_holds(outcome)
    assert outcome.verdict.refused > 0


def test_a_single_lost_reading_would_be_seen() -> None:
    async def lose_one(world: World) -> None:
        connection = await asyncpg.connect(world.database.dsn)
        await connection.execute(
            "DELETE FROM readings WHERE id = (SELECT id FROM readings ORDER BY seq LIMIT 1)"
        )
        await connection.close()

    outcome = perform(Plan(name="broker-storm", seed=1, seconds=3, gateways=1, aftermath=lose_one))
    assert len(outcome.verdict.wrong) == 5, outcome.verdict.wrong
