"""The work list works out anew only whom it has to; what it keeps is what it would work out now."""

import datetime as dt
from collections.abc import Awaitable, Callable
from random import Random
from uuid import UUID

import pytest
from typing_extensions import override

from billing.months.outlooks import (
    KeptOutlooks,
    Key,
    PatientForecast,
    Steady,
    forecasts_of,
)
from tests.integration.billing.clinic import Clinic, local

BEGIN = local(dt.date(2026, 10, 18), 15)
SEEDS = (1, 2)


class Counted(KeptOutlooks):
    """Says how many were worked out anew."""

    new = 0

    @override
    def keep(self, key: Key, made: Steady) -> None:
        self.new += 1
        super().keep(key, made)


async def look(
    clinic: Clinic, kept: KeptOutlooks, now: dt.datetime
) -> tuple[list[PatientForecast], list[PatientForecast]]:
    """As kept, and as worked out from nothing."""
    fresh = KeptOutlooks(most=0)
    return (
        await forecasts_of(clinic.conn, clinic.id, now=now, kept=kept),
        await forecasts_of(clinic.conn, clinic.id, now=now, kept=fresh),
    )


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_is_kept_is_what_would_be_worked_out_whatever_changes(
    clinic: Clinic, seed: int
) -> None:
    chance, kept, now = Random(seed), Counted(most=100), BEGIN
    patients = [await clinic.billable(name) for name in ("Able", "Baker", "Cole")]

    async def run(statement: str, *arguments: object) -> None:
        await clinic.conn.execute(statement, *arguments)

    changes: list[Callable[[UUID], Awaitable[object]]] = [
        lambda who: clinic.measured(who, now.date() - dt.timedelta(days=chance.randrange(5)), 1),
        lambda who: clinic.worked(who, now - dt.timedelta(hours=2), chance.randrange(1, 30)),
        lambda who: run("UPDATE patients SET phone = $2 WHERE id = $1", who, str(chance.random())),
        lambda who: run("UPDATE patients SET time_zone = 'Asia/Tokyo' WHERE id = $1", who),
        lambda who: run("UPDATE patients SET family_name = 'Zed' WHERE id = $1", who),
        lambda who: run("UPDATE consents SET withdrawn_at = $2 WHERE patient_id = $1", who, now),
        lambda who: run("DELETE FROM orders WHERE patient_id = $1", who),
        lambda _: run("UPDATE payers SET policy = jsonb_set(policy, '{day_zone}', '\"practice\"')"),
        lambda _: run("UPDATE payers SET name = $1", f"Payer {chance.random()}"),
        lambda _: clinic.billable(f"New {chance.random()}"),
        lambda who: run("UPDATE coverages SET ends_on = $2 WHERE patient_id = $1", who, now.date()),
    ]
    for _ in range(14):
        found, fresh = await look(clinic, kept, now)
        assert found == fresh
        if chance.random() < 0.7:
            await chance.choice(changes)(chance.choice(patients))
        now += chance.choice(
            [dt.timedelta(seconds=1), dt.timedelta(hours=5), dt.timedelta(days=1, hours=7)]
        )
    assert len(kept) <= 100


async def test_only_whom_something_has_happened_to_is_worked_out_anew(clinic: Clinic) -> None:
    patients = [await clinic.billable(name) for name in ("Able", "Baker", "Cole")]
    kept = Counted(most=100)
    await look(clinic, kept, BEGIN)
    assert kept.new == 3
    soon = BEGIN + dt.timedelta(minutes=5)
    found, fresh = await look(clinic, kept, soon)
    assert (kept.new, found) == (3, fresh)
    assert {each.forecast.now for each in found} == {soon}
    await clinic.worked(patients[1], BEGIN - dt.timedelta(hours=1), 5)
    await look(clinic, kept, soon)
    assert kept.new == 4
    await clinic.conn.execute("UPDATE patients SET phone = '+12025550199'")
    found, _ = await look(clinic, kept, soon)
    assert {each.phone for each in found} == {"+12025550199"}
    assert kept.new == 4, "nothing is worked out of a telephone number"
    await look(clinic, kept, BEGIN + dt.timedelta(days=1))
    assert kept.new == 7, "another day is another answer"


async def test_what_has_not_been_asked_for_longest_goes_first(clinic: Clinic) -> None:
    for name in ("Able", "Baker", "Cole"):
        await clinic.billable(name)
    kept = Counted(most=2)
    found, fresh = await look(clinic, kept, BEGIN)
    assert (found, len(kept)) == (fresh, 2)
