"""Whether a committed reading would survive a crash of the database. Receipts rest on it."""

from typing import Final

from store.pool import Connection
from store.queries import load

QUERIES: Final = load("store", "durability.sql")


async def check(conn: Connection) -> list[str]:
    """What is wrong, in words; an empty list means that a commit is a promise."""
    record = await conn.fetchrow(QUERIES["settings"])
    assert record is not None  # noqa: S101 - a SELECT without FROM has one row
    return problems(
        settings=dict(record), unlogged=[r[0] for r in await conn.fetch(QUERIES["unlogged"])]
    )


def problems(*, settings: dict[str, str], unlogged: list[str]) -> list[str]:
    """Judge what the server said about itself."""
    found = [
        f"{name} is off: a power cut may lose committed readings. Set {name} = on"
        for name in ("fsync", "full_page_writes")
        if settings[name] != "on"
    ]
    if settings["synchronous_commit"] == "off":
        found.append(
            "synchronous_commit is off: a crash may lose readings committed a moment before. "
            "Set synchronous_commit = on"
        )
    found += [
        f"table {table} is UNLOGGED: a crash empties it. ALTER TABLE {table} SET LOGGED"
        for table in unlogged
    ]
    return found
