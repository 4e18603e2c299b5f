"""Every statement in a `.sql` file is understood by the database as it is now."""

from importlib.resources import files

import pytest

from store.pool import Pool
from store.queries import load

NEEDS_TIMESCALE = {"drop_chunks", "install"}
FILES = [
    (package, file.name)
    for package in ("store", "care", "console")
    for file in files(package).joinpath("sql").iterdir()
    if file.name.endswith(".sql")
]


@pytest.mark.parametrize(("package", "file"), FILES)
async def test_every_statement_can_be_prepared(pool: Pool, package: str, file: str) -> None:
    async with pool.acquire() as conn:
        for name, statement in load(package, file).items():
            if name not in NEEDS_TIMESCALE:
                await conn.prepare(statement)
