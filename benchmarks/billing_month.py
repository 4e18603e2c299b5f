"""How long a month of many patients takes to be worked out, and how much memory that needs.

    python -m benchmarks.billing_month [PATIENTS…]

On a real PostgreSQL of its own, with every durability setting on; each size in a fresh process.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import asyncpg

from benchmarks.rig.billing_month import NOW, furnish
from benchmarks.rig.database import Database
from store.migrate import upgrade

SIZES: Final = (500, 1000, 2000)


def measured(dsn: str, patients: int) -> dict[str, float]:
    """Made, then worked out by a process that does nothing else."""
    organisation = asyncio.run(_furnished(dsn, patients))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rig.billing_month", dsn, organisation],
        check=True,
        capture_output=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


async def _furnished(dsn: str, patients: int) -> str:
    conn = await asyncpg.connect(dsn)
    try:
        return str(await furnish(conn, f"month-{patients}", patients))
    finally:
        await conn.close()


def main(sizes: tuple[int, ...]) -> None:
    with (
        tempfile.TemporaryDirectory(prefix="hearthbeat-bench-") as folder,
        Database(Path(folder)) as database,
    ):
        asyncio.run(upgrade(database.dsn, now=NOW))
        for size in sizes:
            found = measured(database.dsn, size)
            each = 1000 * found["s"] / size
            print(
                f"{size:>6} patients  {found['s']:6.2f} s ({found['cpu_s']:.2f} s of it here)"
                f"  {each:5.2f} ms each  {found['mb']:4.0f} MB  {found['lines']:.0f} lines"
                f"  again {found['again_s']:.2f} s  review {found['review_s']:.2f} s"
            )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
