"""The demonstration clinic in a test's database: patients with months of past, a few in trouble."""

import datetime as dt
from pathlib import Path

from hearthbeat.demo import clinic, past, past_plan
from simulator.people_cast import cast
from store.pool import Pool, open_pool
from tests.integration.console import conftest as practices

PATIENTS = 4
ZONE = "America/New_York"


async def furnish(pool: Pool, database: str, directory: Path, *, patients: int = PATIENTS) -> None:
    """Its people sign in as in a demonstration: admin, nurse, biller, patient, ..."""
    now = dt.datetime.now(dt.UTC)
    await clinic.prepared(
        database, directory / "signins", homes=1, patients=patients, time_zone=ZONE, now=now
    )
    async with pool.acquire() as conn:
        people = cast(past_plan.SEED, patients)
        found = await past.found(conn, clinic.CLINIC, people, "http://localhost")
    await past.make(pool, found, now=now)


async def prepared(database: str, directory: Path, password_hash: str) -> practices.Practice:
    """The clinic and, beside it, a small practice; no connection is left open."""
    pool = await open_pool(database, application_name="tests", min_size=1, max_size=4)
    try:
        async with pool.acquire() as conn:
            practice = await practices.furnish(conn, "north", password_hash)
        await furnish(pool, database, directory)
    finally:
        await pool.close()
    return practice
