"""`hearthbeat alerts dry-run --stored`: limits tried on what a clinic has in its database."""

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from care.registry import add_device, add_organisation, add_patient, assign
from hearthbeat.cli import program
from store.commit_batch import commit
from store.pool import Pool
from tests.rows import reading, row

DryRun = Callable[..., Awaitable[Result]]

FIRST: Final = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
DAY: Final = dt.timedelta(days=1)
LIMITS: Final = """
[[rules]]
id = "high"
type = "limit"
kind = "blood_pressure"
severity = "high"
bounds = [{ metric = "systolic", op = ">=", value = 160 }]
"""


async def patient_with(pool: Pool, organisation: UUID, mrn: str, *systolic: float) -> UUID:
    async with pool.acquire() as conn:
        added = await add_patient(
            conn, organisation, mrn=mrn, given_name="Ada", family_name=f"Able {mrn}"
        )
        device = await add_device(conn, organisation, address=f"A0:B1:C2:D3:E4:0{mrn}")
        given = await assign(
            conn, organisation, device_id=device.id, patient_id=added.id, starts_at=FIRST - DAY
        )
        for number, value in enumerate(systolic):
            at = FIRST + number * DAY
            # More than a plausible pressure is held back, with who had the device.
            held_back = value > 300
            one = row(
                reading(
                    device=f"A0:B1:C2:D3:E4:0{mrn}",
                    measured_at=at,
                    values={"systolic": value, "diastolic": value - 60},
                ),
                organisation_id=organisation,
                patient_id=None if held_back else added.id,
                attribution="quarantined" if held_back else "assigned",
                reason="implausible:systolic" if held_back else None,
                assignment_id=given.id,
                local_day=at.date(),
            )
            await commit(conn, [one], received_at=at + (3 * DAY if value == 170 else 0 * DAY))
    return added.id


@pytest.fixture
async def clinic(pool: Pool) -> UUID:
    async with pool.acquire() as conn:
        north = await add_organisation(conn, name="north", time_zone="Europe/Berlin")
        south = await add_organisation(conn, name="south", time_zone="Europe/Berlin")
    await patient_with(pool, north.id, "1", 165, 120, 165, 120, 999)
    await patient_with(pool, north.id, "2", 120, 170, 120)
    await patient_with(pool, south.id, "3", 165, 120)
    return north.id


@pytest.fixture
def dry_run(database: str, tmp_path: Path) -> DryRun:
    """In a thread: the command has an event loop of its own."""
    (tmp_path / "limits.toml").write_text(LIMITS)

    async def called(*arguments: str) -> Result:
        line = ["alerts", "dry-run", "--stored", "--limits", str(tmp_path / "limits.toml")]
        runner = CliRunner(env={"HB_DATABASE_URL": database})
        return await asyncio.to_thread(runner.invoke, program, [*line, *arguments])

    return called


def told(done: Result) -> dict[str, Any]:
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.usefixtures("clinic")
async def test_one_clinics_readings_and_nobody_elses(dry_run: DryRun) -> None:
    found = told(await dry_run("--organisation", "north", "--json"))
    assert found["readings"] == {
        "read": 8, "valid": 7, "refused": {"implausible:systolic": 1}, "doubtful": {}, "late": 1,
    }  # fmt: skip
    assert (found["alerts"], found["late"], found["patients"]) == (2, 1, 2)
    assert found["acted_on"]["alerts"] == 0


@pytest.mark.usefixtures("clinic")
async def test_one_patient_and_a_span(dry_run: DryRun) -> None:
    of_one = ("--organisation", "north", "--patient", "1", "--json")
    assert told(await dry_run(*of_one))["readings"]["valid"] == 4
    since = (FIRST + DAY).isoformat()
    found = told(await dry_run(*of_one, "--from", since, "--to", (FIRST + 4 * DAY).isoformat()))
    # The first reading is looked back at and not counted, the last one not yet there.
    assert (found["readings"]["read"], found["alerts"], found["crossings"]) == (3, 1, 1)


async def test_what_was_acted_on_and_would_be_lost(
    dry_run: DryRun, clinic: UUID, pool: Pool
) -> None:
    patient = await pool.fetchval("SELECT id FROM patients WHERE mrn = '1'")
    for number, outcome in enumerate(("called_patient", "advice_given", "false_alarm")):
        at = FIRST + number * DAY
        await pool.execute(
            """INSERT INTO alerts (organisation_id, patient_id, subject_kind, subject, lane, rule,
            label, kind, metric, severity, peak, state, onset_at, last_at, cleared_at, reason,
            opened_at, updated_at, ended_at, outcome, bound)
            VALUES ($1, $2, 'patient', $3, 'medical', 'old', 'High', 'blood_pressure', 'systolic',
            'high', 'high', 'resolved', $4, $4, $5, '{}', $4, $4, $4, $6,
            '{"metric": "systolic", "op": ">=", "value": 110}')""",
            clinic, patient, str(patient), at, at + DAY / 24, outcome,
        )  # fmt: skip
    found = told(await dry_run("--organisation", "north", "--json"))["acted_on"]
    # The first day's is found again; on the second there would have been nothing; the third was
    # a false alarm.
    assert (found["alerts"], found["lost"], len(found["lost_alerts"])) == (2, 1, 1)
    shown = await dry_run("--organisation", "north")
    assert "Of 2 alerts that somebody acted on, 1 would be lost" in shown.stdout


@pytest.mark.usefixtures("clinic")
async def test_calls_that_come_to_nothing(dry_run: DryRun) -> None:
    for arguments, words in (
        (("--organisation", "east"), "east"),
        ((), "say which of north, south"),
        (("--organisation", "north", "--patient", "3"), "there is no patient 3"),
        (("--organisation", "north", "--from", "2026-09-02"), "needs its offset from UTC"),
        (("--organisation", "north", "--from", "2026-09-02T00:00Z", "--to", "2026-09-01T00:00Z"),
         "--to is not after --from"),
    ):  # fmt: skip
        done = await dry_run(*arguments)
        assert done.exit_code != 0
        assert words in done.output + str(done.exception)
